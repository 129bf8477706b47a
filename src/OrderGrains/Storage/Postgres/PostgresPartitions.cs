using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Makes the partitions of the inbox and the timeline ahead of time and drops those that are old, before anything else
/// starts and every few hours: an agent. A partition is a week from Monday, UTC. One with a receipt that has no
/// outcome yet, or that waits for a person, is kept whatever its age. Rows of a week that came while no agent ran lie
/// among the others; they are moved into partitions of that week, as many as that takes.
/// </summary>
/// <param name="database">Whose tables they are.</param>
/// <param name="options">How long rows are kept.</param>
/// <param name="time">Which week it is.</param>
/// <param name="log">What was dropped and moved.</param>
/// <param name="movedMax">Rows moved by one transaction.</param>
internal sealed partial class PostgresPartitions(
    PostgresDatabase database, StorageOptions options, TimeProvider time, ILogger<PostgresPartitions> log,
    int movedMax = 10_000)
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
        var monday = MondayOf(time.GetUtcNow());
        foreach (var table in (Partitioned[])[Receipts, Timelines])
        {
            var next = DateTimeOffset.UnixEpoch;
            while (await OldestAsync(table, next) is { } at && MondayOf(at) < monday)
            {
                await FillAsync(table, MondayOf(at));
                next = MondayOf(at) + Week;
            }

            for (var week = monday; week <= monday + (WeeksAhead * Week); week += Week)
                await FillAsync(table, week);
        }
    }

    /// <summary>The time of the oldest row from then on that lies among the others; null when there is none.</summary>
    private Task<DateTimeOffset?> OldestAsync(Partitioned table, DateTimeOffset from) => database.FindAsync(
        $"""
        select {table.Key} from {table.Name}_other where {table.Key} >= {table.Bound(from)} order by 1 limit 1
        """,
        row => (DateTimeOffset?)table.Read(row));

    /// <summary>
    /// Makes partitions until the week has all that it needs: one when nothing of it lies among the others.
    /// </summary>
    private async Task FillAsync(Partitioned table, DateTimeOffset week)
    {
        var reached = await ReachedAsync(table, week);
        var before = reached with { Bound = "none" };
        while (!reached.Whole && reached != before)
        {
            await ExecuteAsync(Move(table, week));
            (before, reached) = (reached, await ReachedAsync(table, week));
        }
    }

    /// <summary>Up to where the week has partitions, empty when it has none, and whether that is its end.</summary>
    private Task<(string? Bound, bool Whole)> ReachedAsync(Partitioned table, DateTimeOffset week) =>
        database.FindAsync(
            $"""
            select reached::text, coalesce(reached = {table.Bound(week + Week)}, false)
            from (select ({Reached(table, week)}) as reached) as one
            """,
            row => (row.FindText(0), row.GetBoolean(1)));

    private static string Reached(Partitioned table, DateTimeOffset week) => $"""
        select bound from (
            select substring(pg_get_expr(c.relpartbound, c.oid) from $re$TO \('(.+)'\)$re$)::{table.Type}
                as bound
            from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
            where i.inhparent = '{table.Name}'::regclass) as part
        where bound > {table.Bound(week)} and bound <= {table.Bound(week + Week)}
        order by bound desc limit 1
        """;

    /// <summary>
    /// Makes the week's next partition, with as many rows of it as one transaction moves. All who use the table wait
    /// meanwhile: so nobody, be it a claim or an outcome under way, sees a row in neither place or in both.
    /// </summary>
    private string Move(Partitioned table, DateTimeOffset week) => $"""
        do $move$
        declare
            low {table.Type};
            high {table.Type};
            part text := '{table.Name}_{Name(week)}';
        begin
            lock table {table.Name} in access exclusive mode;
            low := coalesce(({Reached(table, week)}), {table.Bound(week)});
            if low = {table.Bound(week + Week)} then
                return;
            end if;
            high := coalesce(
                (select {table.Key} from {table.Name}_other
                 where {table.Key} > low and {table.Key} < {table.Bound(week + Week)}
                 order by {table.Key} offset {movedMax} limit 1),
                {table.Bound(week + Week)});
            if low > {table.Bound(week)} then
                part := part || '_' || (
                    select count(*) from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
                    where i.inhparent = '{table.Name}'::regclass and starts_with(c.relname::text, part));
            end if;
            execute format('create table %I (like {table.Name} including all)', part);
            execute format(
                'with gone as (
                    delete from {table.Name}_other where {table.Key} >= %L and {table.Key} < %L
                    returning *)
                insert into %I select * from gone', low, high, part);
            execute format(
                'alter table {table.Name} attach partition %I for values from (%L) to (%L)', part, low, high);
        end
        $move$
        """;

    private async Task DropAsync()
    {
        var now = time.GetUtcNow();
        foreach (var name in await OldAsync("receipt", now - options.ReceiptsKept))
            await DropAsync(
                name, "not exists (select 1 from {0} where outcome in ('pending', 'parked'))",
                """
                insert into tally_change
                select 'receipt', coalesce(outcome, 'all'), -count(*) from {0}
                group by grouping sets ((outcome), ()) having count(*) > 0;
                """);
        foreach (var name in await OldAsync("timeline", now - options.TimelineKept))
            await DropAsync(name, "true", "");
    }

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
            name[(table.Length + 1)..].Split('_')[0], "yyyyMMdd", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var week) && week + Week <= before);
    }

    private async Task DropAsync(string name, string condition, string before)
    {
        // Under the lock that dropping needs, so that nothing is resumed between the look and the drop.
        await ExecuteAsync(
            $"""
            do $$ begin
                lock table {name} in access exclusive mode;
                if {string.Format(CultureInfo.InvariantCulture, condition, name)} then
                    {string.Format(CultureInfo.InvariantCulture, before, name)}
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
            // Another process was there first.
        }
        catch (Exception e) when (PostgresErrors.IsOfTheDatabase(e))
        {
            throw PostgresErrors.Translate(e);
        }
    }

    private static readonly Partitioned Receipts = new(
        "receipt", "id", "uuid", time => $"'{TimeOrderedId.First(time)}'::uuid",
        row => TimeOrderedId.TimeOf(row.GetGuid(0)));

    private static readonly Partitioned Timelines = new(
        "timeline", "at", "timestamptz", time => $"'{time:O}'::timestamptz", row => row.GetTime(0));

    private static DateTimeOffset MondayOf(DateTimeOffset time) =>
        new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero)
            - TimeSpan.FromDays(((int)time.UtcDateTime.DayOfWeek + 6) % 7);

    private static string Name(DateTimeOffset week) => week.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <param name="Name">The table; what has no partition lies in <c>{Name}_other</c>.</param>
    /// <param name="Key">The column by which it is partitioned.</param>
    /// <param name="Type">That column's type.</param>
    /// <param name="Bound">A time as the least key of it, in SQL.</param>
    /// <param name="Read">The time of a row's only column, a key.</param>
    private sealed record Partitioned(
        string Name, string Key, string Type, Func<DateTimeOffset, string> Bound,
        Func<DbDataReader, DateTimeOffset> Read);

    [LoggerMessage(1, LogLevel.Information, "Partition {Partition} is old and was dropped",
        EventName = "partition.dropped")]
    private partial void Dropped(string partition);

    [LoggerMessage(2, LogLevel.Warning, "The partitions could not be kept; again in a few hours",
        EventName = "partitions.failed")]
    private partial void KeepFailed(Exception exception);
}
