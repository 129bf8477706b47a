using System.Globalization;
using Npgsql;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Makes the partitions of the inbox and the timeline ahead of time and drops those that are old, before anything else
/// starts and every few hours: an agent. A partition is a week from Monday, UTC. One with a receipt that has no
/// outcome yet, or that waits for a person, is kept whatever its age.
/// </summary>
internal sealed partial class PostgresPartitions(
    PostgresDatabase database, StorageOptions options, TimeProvider time, ILogger<PostgresPartitions> log)
    : Agent
{
    private const int WeeksAhead = 4;
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
            await KeepAsync();
    }

    /// <summary>Several processes may do it at the same time: one does, the others find it done.</summary>
    internal async Task KeepAsync()
    {
        try
        {
            await MakeAsync();
            await DropAsync();
        }
        catch (StorageException exception)
        {
            KeepFailed(exception);
        }
    }

    private async Task MakeAsync()
    {
        var now = time.GetUtcNow();
        var monday = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero)
            - TimeSpan.FromDays(((int)now.DayOfWeek + 6) % 7);
        for (var week = monday; week <= monday + (WeeksAhead * Week); week += Week)
        {
            await CreateAsync(
                "receipt", week, $"'{TimeOrderedId.First(week)}'", $"'{TimeOrderedId.First(week + Week)}'");
            await CreateAsync("timeline", week, $"'{week:O}'", $"'{week + Week:O}'");
        }
    }

    private async Task DropAsync()
    {
        var now = time.GetUtcNow();
        foreach (var name in await OldAsync("receipt", now - options.ReceiptsKept))
            await DropAsync(name, "and not exists (select 1 from {0} where outcome in ('pending', 'parked'))");
        foreach (var name in await OldAsync("timeline", now - options.TimelineKept))
            await DropAsync(name, "");
    }

    private Task CreateAsync(string table, DateTimeOffset week, string from, string to) => ExecuteAsync(
        $"create table if not exists {table}_{Name(week)} partition of {table} for values from ({from}) to ({to})");

    /// <summary>The partitions whose week ended before this, by their names.</summary>
    private async Task<IEnumerable<string>> OldAsync(string table, DateTimeOffset before)
    {
        var names = await database.ListAsync(
            """
            select c.relname::text from pg_inherits as i
            join pg_class as c on c.oid = i.inhrelid where i.inhparent = @table::regclass
            """,
            row => row.GetString(0), ("@table", table));
        return names.Where(name => DateTimeOffset.TryParseExact(
            name.AsSpan(table.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var week) && week + Week <= before);
    }

    private async Task DropAsync(string name, string condition)
    {
        // Under the lock that dropping needs, so that nothing is resumed between the look and the drop.
        await ExecuteAsync(
            $"""
            do $$ begin
                lock table {name} in access exclusive mode;
                if true {string.Format(CultureInfo.InvariantCulture, condition, name)} then
                    drop table {name};
                end if;
            end $$
            """);
        if ((await database.ListAsync("select to_regclass(@name)::text", row => row.FindText(0), ("@name", name)))
            is [null])
        {
            Dropped(name);
        }
    }

    /// <summary>
    /// Such statements lock the whole table for a moment: they wait their turn for a second at most, since everybody
    /// else waits behind them, and come again later.
    /// </summary>
    private async Task ExecuteAsync(string sql)
    {
        try
        {
            await using var connection = await database.Writers.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var statement in (string[])["set local lock_timeout = '1s'", sql])
            {
                await using var command = new NpgsqlCommand(statement, connection, transaction);
                await command.ExecuteNonQueryAsync();
            }

            await transaction.CommitAsync();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateTable
            or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.CheckViolation)
        {
            // Another process was there first; or, after weeks without an agent, rows of that week lie among the others
            // already, where they are kept for good.
        }
        catch (Exception e) when (PostgresErrors.IsOfTheDatabase(e))
        {
            throw PostgresErrors.Translate(e);
        }
    }

    private static string Name(DateTimeOffset week) => week.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    [LoggerMessage(1, LogLevel.Information, "Partition {Partition} is old and was dropped",
        EventName = "partition.dropped")]
    private partial void Dropped(string partition);

    [LoggerMessage(2, LogLevel.Warning, "The partitions could not be kept; again in a few hours",
        EventName = "partitions.failed")]
    private partial void KeepFailed(Exception exception);
}
