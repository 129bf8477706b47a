using Microsoft.Data.Sqlite;

namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// The only connection that writes, on a thread of its own. What waits is written in one transaction, each item in a
/// savepoint: a commit costs a disk flush whatever its size, and one bad item never fails its neighbours.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>SQLITE_CONSTRAINT (SQLite, Result and Error Codes).</summary>
    private const int ConstraintCode = 19;

    private readonly Func<SqliteSession> _open;
    private readonly OneThreadScheduler _thread = new("sqlite-writer");
    private readonly Batcher<SqliteWork> _batcher;
    private SqliteSession? _session;

    public SqliteWriter(Func<SqliteSession> open, int waitingMax, int batchMax)
    {
        _open = open;
        _batcher = new Batcher<SqliteWork>(WriteGroupAsync, waitingMax, batchMax, scheduler: _thread);
    }

    /// <summary>Writes; the task ends when it is committed. Waits for room.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> act)
    {
        var work = new SqliteWork<T>(act);
        return _batcher.AddAsync(work, work.Done);
    }

    /// <summary>Writes; <paramref name="done"/> ends when it is committed. False when too many wait.</summary>
    public bool TryWrite<T>(Func<SqliteSession, T> act, out Task<T> done)
    {
        var work = new SqliteWork<T>(act);
        done = work.Done;
        return _batcher.TryAdd(work);
    }

    public async ValueTask DisposeAsync()
    {
        await _batcher.DisposeAsync();
        _thread.Dispose();
        _session?.Dispose();
    }

    private ValueTask WriteGroupAsync(IReadOnlyList<SqliteWork> group)
    {
        try
        {
            _session ??= _open();
            _session.Execute("begin immediate");
            foreach (var work in group)
                RunOne(_session, work);
            _session.Execute("commit");
        }
        catch (Exception e)
        {
            // The connection may be in any state: the next group starts with another.
            _session?.Dispose();
            _session = null;
            var failure = new StorageException($"The database did not commit: {e.Message}", e);
            foreach (var work in group)
                work.Fail(failure);
            return ValueTask.CompletedTask;
        }

        foreach (var work in group)
            work.Answer();
        return ValueTask.CompletedTask;
    }

    private static void RunOne(SqliteSession session, SqliteWork work)
    {
        session.Execute("savepoint item");
        try
        {
            work.Run(session);
        }
        catch (Exception e) when (session.InTransaction)
        {
            // SQLite names the constraint and no values, so its message is safe to show.
            work.Failure = e is SqliteException { SqliteErrorCode: var code }
                ? new StorageException($"The database refused: {e.Message}", e) { IsRefusal = code == ConstraintCode }
                : e;
            session.Execute("rollback to item");
        }

        session.Execute("release item");
    }
}
