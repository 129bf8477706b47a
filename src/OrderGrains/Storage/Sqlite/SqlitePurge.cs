namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// Deletes receipts and timelines that are older than they are kept, every few hours: an agent. It deletes a page at a
/// time, between which others write. A receipt that has no outcome yet, or that waits for a person, is kept whatever
/// its age.
/// </summary>
internal sealed partial class SqlitePurge(
    SqliteDatabase database, StorageOptions options, TimeProvider time, ILogger<SqlitePurge> log) : Agent
{
    /// <summary>Rows looked at by one write.</summary>
    private const int PageMax = 250;
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await PurgeAsync(stopping);
            }
            catch (StorageException exception)
            {
                PurgeFailed(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    internal async Task PurgeAsync(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        await PagesAsync<Guid>(Guid.Empty, (session, after) => Page(
            session.List(
                "select id from receipt where id > $after and id < $before order by id limit $count",
                row => row.GetId(0), ("$after", after), ("$before", TimeOrderedId.First(now - options.ReceiptsKept)),
                ("$count", PageMax)),
            id => session.Execute(
                "delete from receipt where id = $id and outcome not in ('pending', 'parked')", ("$id", id))), stopping);
        await PagesAsync<long>(0, (session, after) => Page(
            session.List(
                "select seq from timeline where seq > $after order by seq limit $count",
                row => row.GetInt64(0), ("$after", after), ("$count", PageMax)),
            seq => session.Execute(
                "delete from timeline where seq = $seq and at < $before",
                ("$seq", seq), ("$before", now - options.TimelineKept)),
            goesOn: false), stopping);
    }

    /// <summary>Page after page, from one place to the next, until none follows.</summary>
    private async Task PagesAsync<T>(
        T first, Func<SqliteSession, T, (T Last, bool More)> page, CancellationToken stopping)
    {
        var (last, more) = (first, true);
        while (more && !stopping.IsCancellationRequested)
        {
            var after = last;
            (last, more) = await database.WriteAsync(session => page(session, after));
        }
    }

    /// <param name="rows">Those to look at, in order.</param>
    /// <param name="delete">Deletes a row that may go; how many did.</param>
    /// <param name="goesOn">
    /// Also after a page of which nothing may go. A timeline is written in the order of time: then nothing later may.
    /// </param>
    private static (T Last, bool More) Page<T>(List<T> rows, Func<T, int> delete, bool goesOn = true)
    {
        var deleted = rows.Sum(delete);
        return rows is [.., var last] ? (last, rows.Count == PageMax && (goesOn || deleted > 0)) : (default!, false);
    }

    [LoggerMessage(1, LogLevel.Warning, "What is old could not be deleted; again in a few hours: {Words}",
        EventName = "purge.failed")]
    private partial void PurgeFailed(string words);
}
