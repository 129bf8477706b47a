using Npgsql;
using OrderGrains.Bench.Measuring;
using OrderGrains.Chaos;

namespace OrderGrains.Bench.Subjects;

/// <summary>One database of the bench's server, for one run of one subject.</summary>
internal sealed class Database(PostgresServer server, string name) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source =
        NpgsqlDataSource.Create(server.ConnectionTo(name) + ";Maximum Pool Size=4;Command Timeout=0");

    public string Name => name;

    public string ConnectionString => server.ConnectionTo(name);

    /// <summary>Makes it, with what earlier runs left to be written behind it.</summary>
    public static async Task<Database> CreateAsync(PostgresServer server, string name)
    {
        await RunAsync(server, $"create database {name}");
        await RunAsync(server, "checkpoint");
        return new Database(server, name);
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
        await RunAsync(server, $"drop database {name} with (force)");
    }

    private static async Task RunAsync(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionTo("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
