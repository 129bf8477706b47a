using System.Data.Common;
using Npgsql;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// The connections of this process to one database: a few that write groups, a few that read. Durable means durable:
/// <c>synchronous_commit</c> is on whatever the server's default is.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>
    /// Connections of the path: one for the groups of each writer, and four for what is written or looked up singly.
    /// </summary>
    public const int WritersMax = 9;

    /// <summary>Connections for reading.</summary>
    public const int ReadersMax = 6;

    /// <summary>
    /// Longer than a failover's connection loss needs to show, and far below a grain call's time-out.
    /// </summary>
    private const int CommandTimeoutSeconds = 15;

    /// <summary>
    /// The writers' statements join a handful of rows to tables by their keys. A plan made while a table was small must
    /// not scan it when it has grown, so nothing but an index is considered, and nothing is planned twice. Of the ways
    /// to join, hashing is the one whose cost does not grow with the square of the group.
    /// </summary>
    private const string WriterSettings =
        "-c synchronous_commit=on -c enable_seqscan=off -c enable_mergejoin=off"
        + " -c plan_cache_mode=force_generic_plan -c jit=off";

    private readonly NpgsqlDataSource _readers;

    public PostgresDatabase(string connectionString)
    {
        Writers = Create(connectionString, WritersMax, WriterSettings);
        _readers = Create(connectionString, ReadersMax, "-c jit=off");
    }

    public NpgsqlDataSource Writers { get; }

    /// <summary>Runs one statement that writes, by itself; the rows that it changed.</summary>
    public Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] values) =>
        RunAsync(Writers, sql, values, command => command.ExecuteNonQueryAsync());

    /// <summary>Runs one statement that writes, by itself, and reads what it returns.</summary>
    public Task<List<T>> WriteAsync<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values) =>
        RunAsync(Writers, sql, values, command => ReadAsync(command, read));

    /// <summary>Finds the rows of some keys, with a plan that is made once and goes by index.</summary>
    public Task<List<T>> LookUpAsync<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values) =>
        WriteAsync(sql, read, values);

    public Task<List<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values) =>
        RunAsync(_readers, sql, values, command => ReadAsync(command, read));

    /// <summary>The first row; the type's default when there is none.</summary>
    public async Task<T?> FindAsync<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values) =>
        (await ListAsync(sql, read, values)) is [var first, ..] ? first : default;

    public async ValueTask DisposeAsync()
    {
        await Writers.DisposeAsync();
        await _readers.DisposeAsync();
    }

    private static NpgsqlDataSource Create(string connectionString, int poolMax, string settings)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var connection = builder.ConnectionStringBuilder;
        connection.ApplicationName ??= "ordergrains";
        connection.MaxPoolSize = poolMax;
        connection.CommandTimeout = CommandTimeoutSeconds;
        connection.MaxAutoPrepare = 64;
        connection.AutoPrepareMinUsages = 2;
        // Our statements leave nothing behind on a connection, so there is nothing to reset.
        connection.NoResetOnClose = true;
        // A server that went away without a word is noticed by the operating system within about 10 s.
        connection.TcpKeepAlive = true;
        connection.TcpKeepAliveTime = 5;
        connection.TcpKeepAliveInterval = 2;
        connection.Options = $"{connection.Options} {settings}".Trim();
        return builder.Build();
    }

    private static async Task<T> RunAsync<T>(
        NpgsqlDataSource source, string sql, (string Name, object? Value)[] values,
        Func<NpgsqlCommand, Task<T>> run)
    {
        try
        {
            await using var command = source.CreateCommand(sql);
            foreach (var (name, value) in values)
                command.Parameters.Add(new NpgsqlParameter(name, PostgresValues.ToStored(value)));
            return await run(command);
        }
        catch (Exception e) when (PostgresErrors.IsOfTheDatabase(e))
        {
            throw PostgresErrors.Translate(e);
        }
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<DbDataReader, T> read)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}
