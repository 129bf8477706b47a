using OrderGrains.Chaos;
using OrderGrains.Storage.Postgres;
using OrderGrains.Tests.Storage.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>
/// One PostgreSQL for all tests, started when the first asks; each test has a database of its own. The server that
/// <c>ORDERGRAINS_TEST_POSTGRES</c> names goes before one that is started here. Without either a test skips on a desk
/// and fails on CI.
/// </summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lock _sync = new();
    private readonly string _run = $"og{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
    private Task<(string Admin, string Template)>? _started;
    private PostgresServer? _server;
    private int _databases;

    public SharedPostgres() => Instance = this;

    /// <summary>For those that no fixture is handed to.</summary>
    internal static SharedPostgres Instance { get; private set; } = null!;

    /// <summary>An empty database with the schema of this version; its connection string.</summary>
    internal async Task<string> CreateDatabaseAsync()
    {
        var (admin, template) = await StartAsync();
        return await PostgresServer.CreateDatabaseAsync(admin, NextName(), template);
    }

    /// <summary>A database without any table.</summary>
    internal async Task<string> CreateBareDatabaseAsync()
    {
        var (admin, _) = await StartAsync();
        return await PostgresServer.CreateDatabaseAsync(admin, NextName());
    }

    /// <summary>
    /// The connection string of the server's own database, for those who make databases by themselves.
    /// </summary>
    internal async Task<string> AdminAsync() => (await StartAsync()).Admin;

    internal async Task DropDatabaseAsync(string connectionString) =>
        await PostgresServer.DropDatabaseAsync((await StartAsync()).Admin, connectionString);

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsCompletedSuccessfully: true })
        {
            var (admin, template) = await _started;
            await PostgresServer.DropDatabaseAsync(admin, template);
        }

        if (_server is not null)
            await _server.DisposeAsync();
    }

    private string NextName() => $"{_run}_{Interlocked.Increment(ref _databases)}";

    private Task<(string Admin, string Template)> StartAsync()
    {
        lock (_sync)
            return _started ??= StartOnceAsync();
    }

    private async Task<(string Admin, string Template)> StartOnceAsync()
    {
        var admin = Environment.GetEnvironmentVariable("ORDERGRAINS_TEST_POSTGRES");
        if (admin is null)
        {
            Assert.SkipWhen(
                PostgresServer.FindPrograms() is null && Environment.GetEnvironmentVariable("CI") != "true",
                "Needs the programs of a PostgreSQL server, or one named by ORDERGRAINS_TEST_POSTGRES.");
            _server = await PostgresServer.StartAsync(durable: false);
            admin = _server.ConnectionTo("postgres");
        }

        var template = await PostgresServer.CreateDatabaseAsync(admin, $"{_run}_template");
        await PostgresMigrations.ApplyAsync(template);
        return (admin, template);
    }
}
