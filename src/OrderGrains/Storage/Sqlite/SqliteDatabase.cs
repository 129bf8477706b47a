using Microsoft.Data.Sqlite;

namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// The database files of one data directory, held by this process alone: one writer, a few readers. Durable means
/// durable: with <c>synchronous = full</c> every commit flushes the log before anybody is answered. And
/// erased means erased: with <c>secure_delete</c> what was there is overwritten.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    /// <summary>Writes that may wait; the inbox bounds the bytes of theirs too.</summary>
    public const int WaitingMax = 4_096;

    /// <summary>Writes in one transaction: more would save little of a flush, and delay the first in it.</summary>
    public const int BatchMax = 256;

    private const string BusyTimeout = "busy_timeout = 5000";

    private readonly DataDirectory _directory;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    private SqliteDatabase(DataDirectory directory, int waitingMax)
    {
        _directory = directory;
        var connection = ConnectionTo(directory.DatabaseFile);
        OrleansConnectionString = ConnectionTo(directory.OrleansFile, pooling: true);
        CreateWal(connection);
        CreateWal(ConnectionTo(directory.OrleansFile));
        SqliteMigrations.Apply(connection);
        SqliteMigrations.ApplyOrleans(ConnectionTo(directory.OrleansFile));
        _writer = new SqliteWriter(
            () => new SqliteSession(
                connection, BusyTimeout, "synchronous = full", "foreign_keys = on", "secure_delete = on"),
            waitingMax, BatchMax);
        _readers = new SqliteReaders(() => new SqliteSession(connection, BusyTimeout, "query_only = on"));
    }

    /// <summary>For Orleans' own providers, which open and pool their connections themselves.</summary>
    public string OrleansConnectionString { get; }

    /// <summary>Holds the data directory, brings both files up to date, and starts the writer.</summary>
    /// <exception cref="StorageException">Another process holds the directory, or a file is no database.</exception>
    public static SqliteDatabase Open(string dataDirectory, int waitingMax = WaitingMax)
    {
        var held = DataDirectory.Hold(dataDirectory);
        try
        {
            return new SqliteDatabase(held, waitingMax);
        }
        catch (Exception e)
        {
            held.Dispose();
            if (e is SqliteException)
                throw new StorageException($"The database in '{held.Path}' cannot be opened: {e.Message}", e);
            throw;
        }
    }

    /// <summary>The connection that <c>AddSqliteOrleans</c> needs before the database is opened.</summary>
    public static string OrleansConnectionOf(string dataDirectory) =>
        ConnectionTo(DataDirectory.OrleansFileIn(dataDirectory), pooling: true);

    /// <inheritdoc cref="SqliteWriter.WriteAsync"/>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> act) => _writer.WriteAsync(act);

    /// <inheritdoc cref="SqliteWriter.TryWrite"/>
    public bool TryWrite<T>(Func<SqliteSession, T> act, out Task<T> done) => _writer.TryWrite(act, out done);

    /// <inheritdoc cref="SqliteReaders.ReadAsync"/>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> query) => _readers.ReadAsync(query);

    /// <summary>Writes what waits, folds the log into the file, and lets the directory go.</summary>
    public async ValueTask DisposeAsync()
    {
        // The last connection to close checkpoints the log and removes it; so the readers go first.
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
        using (var pool = new SqliteConnection(OrleansConnectionString))
            SqliteConnection.ClearPool(pool);
        _directory.Dispose();
    }

    private static string ConnectionTo(string file, bool pooling = false) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = pooling,
        DefaultTimeout = 10,
    }.ToString();

    // The mode is a property of the file: it outlives the connection that set it.
    private static void CreateWal(string connection) => new SqliteSession(connection, "journal_mode = wal").Dispose();
}
