using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace OrderGrains.Storage.Sqlite;

/// <summary>Connections that only read, kept open. In WAL mode they wait for no writer, nor it for them.</summary>
internal sealed class SqliteReaders(Func<SqliteSession> open) : IAsyncDisposable
{
    public const int CountMax = 4;

    private readonly SemaphoreSlim _free = new(CountMax);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    /// <summary>Runs queries that see one state of the database, on the pool: a grain's turn must not block.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> query) => Task.Run(async () =>
    {
        await _free.WaitAsync();
        SqliteSession? session = null;
        try
        {
            if (_closed)
                throw new StorageException("The database is closed.");
            session = _idle.TryTake(out var kept) ? kept : open();
            session.Execute("begin");
            var answer = query(session);
            session.Execute("commit");
            _idle.Add(session);
            return answer;
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is SqliteException)
                throw new StorageException($"The database did not answer: {e.Message}", e);
            throw;
        }
        finally
        {
            _free.Release();
        }
    });

    /// <summary>Waits for the queries under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var at = 0; at < CountMax; at++)
            await _free.WaitAsync();
        foreach (var session in _idle)
            session.Dispose();
        _free.Release(CountMax);
    }
}
