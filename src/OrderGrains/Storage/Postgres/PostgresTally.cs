namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Folds what statements added to the counts into their totals, so that few rows are read for a count: an agent. All
/// processes do it, and each takes what no other has.
/// </summary>
internal sealed partial class PostgresTally(PostgresDatabase database, TimeProvider time, ILogger<PostgresTally> log)
    : Agent
{
    /// <summary>Changes folded by one statement.</summary>
    private const int FoldedMax = 10_000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>The items of one name with their counts, an item in several rows.</summary>
    public static string Of(string name) => $"""
        select item, count from tally where name = '{name}'
        union all select item, change from tally_change where name = '{name}'
        """;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await FoldAsync();
            }
            catch (StorageException exception)
            {
                FoldFailed(exception.Message);
            }
        }
    }

    internal async Task FoldAsync()
    {
        var folded = FoldedMax;
        while (folded == FoldedMax)
        {
            // In one order by all, so that two that fold at once cannot wait for each other.
            var rows = await database.WriteAsync(
                $"""
                with gone as (
                    delete from tally_change where ctid = any(array(
                        select ctid from tally_change limit {FoldedMax} for update skip locked))
                    returning name, item, change),
                folded as (
                    insert into tally (name, item, count)
                    select name, item, sum(change) from gone group by name, item order by name, item
                    on conflict (name, item) do update set count = tally.count + excluded.count)
                select count(*)::int from gone
                """,
                row => row.GetInt32(0));
            folded = rows[0];
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Counts could not be folded, and take longer to read until they are: {Words}", EventName = "tally.failed")]
    private partial void FoldFailed(string words);
}
