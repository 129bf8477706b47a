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
    private readonly TempDirectory directory = new();
    private readonly StorageOptions? postgres;

    private TestDatabase(StorageOptions? postgres) => this.postgres = postgres;

    public static bool IsPostgres => Environment.GetEnvironmentVariable("ORDERGRAINS_TEST_STORAGE") == "Postgres";

    /// <summary>For SQLite's files and for all else that a process keeps.</summary>
    public string Directory => directory.Path;

    public static async Task<TestDatabase> CreateAsync() =>
        IsPostgres ? await CreatePostgresAsync() : new TestDatabase(null);

    public static async Task<TestDatabase> CreatePostgresAsync() => new(new StorageOptions
    {
        Kind = StorageKind.Postgres,
        ConnectionString = await SharedPostgres.Instance.CreateDatabaseAsync(),
    });

    public void AddPorts(IServiceCollection services)
    {
        if (postgres is null)
            services.AddSqliteStorage(directory.Path);
        else
            services.AddPostgresStorage(postgres);
    }

    public void AddOrleans(ISiloBuilder silo)
    {
        if (postgres is null)
            silo.AddSqliteOrleans(directory.Path);
        else
            silo.AddPostgresOrleans(postgres.ConnectionString!);
    }

    /// <summary>The same as the product's configuration.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings => postgres is null
        ? []
        : [("Storage:Kind", "Postgres"), ("Storage:ConnectionString", postgres.ConnectionString!)];

    public async ValueTask DisposeAsync()
    {
        directory.Dispose();
        if (postgres is not null)
            await SharedPostgres.Instance.DropDatabaseAsync(postgres.ConnectionString!);
    }
}
