using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Storage;
using OrderGrains.Storage.Postgres;
using OrderGrains.Tests.Storage.Postgres;
using OrderGrains.Tests.Storage.Sqlite;

namespace OrderGrains.Tests.Storage;

/// <summary>
/// A database of a test's own for its silos and processes: SQLite in a temporary directory, or, when
/// <c>ORDERGRAINS_TEST_STORAGE</c> says <c>Postgres</c>, a database of the shared server.
/// </summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly StorageOptions? _postgres;

    private TestDatabase(StorageOptions? postgres) => _postgres = postgres;

    public static bool IsPostgres => Environment.GetEnvironmentVariable("ORDERGRAINS_TEST_STORAGE") == "Postgres";

    /// <summary>For SQLite's files and for all else that a process keeps.</summary>
    public string Directory => _directory.Path;

    public static async Task<TestDatabase> CreateAsync() =>
        IsPostgres ? await CreatePostgresAsync() : new TestDatabase(null);

    public static async Task<TestDatabase> CreatePostgresAsync() => new(new StorageOptions
    {
        Kind = StorageKind.Postgres,
        ConnectionString = await SharedPostgres.Instance.CreateDatabaseAsync(),
    });

    public void AddPorts(IServiceCollection services)
    {
        if (_postgres is null)
            services.AddSqliteStorage(_directory.Path);
        else
            services.AddPostgresStorage(_postgres);
    }

    public void AddOrleans(ISiloBuilder silo)
    {
        if (_postgres is null)
            silo.AddSqliteOrleans(_directory.Path);
        else
            silo.AddPostgresOrleans(_postgres.ConnectionString!);
    }

    /// <summary>The same as the product's configuration.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings => _postgres is null
        ? []
        : [("Storage:Kind", "Postgres"), ("Storage:ConnectionString", _postgres.ConnectionString!)];

    public async ValueTask DisposeAsync()
    {
        _directory.Dispose();
        if (_postgres is not null)
            await SharedPostgres.Instance.DropDatabaseAsync(_postgres.ConnectionString!);
    }
}
