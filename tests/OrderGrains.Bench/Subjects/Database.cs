using Npgsql;
using OrderGrains.Bench.Measuring;
using OrderGrains.Chaos;

namespace OrderGrains.Bench.Subjects;

/// <summary>One database of the bench's server, for one run of one subject.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly string _server;
    private readonly NpgsqlDataSource _source;

    private Database(string server, string connectionString, string name)
    {
        (_server, ConnectionString, Name) = (server, connectionString, name);
        _source = NpgsqlDataSource.Create(connectionString + ";Maximum Pool Size=4;Command Timeout=0");
    }

    public string Name { get; }

    public string ConnectionString { get; }

    /// <summary>Makes it, with what earlier runs left to be written behind it.</summary>
    /// <param name="server">The connection string of another database of the server.</param>
    /// <param name="name">What it is called; two benches may share a server.</param>
    public static async Task<Database> CreateAsync(string server, string name)
    {
        var unique = $"bench_{Environment.ProcessId}_{name}";
        var connectionString = await PostgresServer.CreateDatabaseAsync(server, unique);
        var database = new Database(server, connectionString, unique);
        await database.ExecuteAsync("checkpoint");
        return database;
    }

    /// <summary>The server's first process.</summary>
    public async Task<int> FindServerProcessAsync() =>
        ProcessMeter.ParentOf((int)await ScalarAsync("select pg_backend_pid()"));

    public async Task<double> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return Convert.ToDouble(await command.ExecuteScalarAsync());
    }

    public async Task<string> TextAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Bytes of the write-ahead log since the server was made.</summary>
    public Task<double> WalBytesAsync() => ScalarAsync("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await PostgresServer.DropDatabaseAsync(_server, ConnectionString);
    }
}
