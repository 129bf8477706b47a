using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage.Postgres;
using OrderGrains.Tests.Storage.Contracts;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>The ports on a database of a test's own.</summary>
internal sealed class PostgresTestStorage : ITestStorage
{
    private readonly SharedPostgres _server;
    private PostgresInbox _inbox = null!;
    private PostgresOrderStore _orders = null!;
    private PostgresStockStore _stock = null!;

    private PostgresTestStorage(SharedPostgres server, string connectionString) =>
        (_server, ConnectionString) = (server, connectionString);

    public string ConnectionString { get; }

    public PostgresDatabase Database { get; private set; } = null!;
    public IInbox Inbox => _inbox;
    public IPulls Pulls { get; private set; } = null!;
    public IOrderStore Orders => _orders;
    public IStockStore Stock => _stock;
    public IOutbox Outbox { get; private set; } = null!;
    public ITrail Trail { get; private set; } = null!;
    public ISessions Sessions { get; private set; } = null!;
    public int WaitingMax => 1_000;

    public static async Task<PostgresTestStorage> OpenAsync(SharedPostgres server)
    {
        var storage = new PostgresTestStorage(server, await server.CreateDatabaseAsync());
        await storage.OpenAsync();
        return storage;
    }

    public async Task<IReadOnlyDictionary<string, long>> CountRowsAsync(string table, string column) =>
        (await Database.ListAsync(
            $"select {column}, count(*) from {table} group by {column}",
            row => (Item: row.GetString(0), Count: row.GetInt64(1))))
        .ToDictionary(row => row.Item, row => row.Count, StringComparer.Ordinal);

    public async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task<IDisposable> HoldWriterAsync()
    {
        await Task.WhenAll(_inbox.Appends.PauseAsync(), _orders.Commits.PauseAsync(), _stock.Commits.PauseAsync());
        return new Release(this);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _server.DropDatabaseAsync(ConnectionString);
    }

    private async Task OpenAsync()
    {
        Database = new PostgresDatabase(ConnectionString);
        _inbox = new PostgresInbox(Database, WaitingMax);
        _orders = new PostgresOrderStore(Database);
        _stock = new PostgresStockStore(Database);
        Outbox = new PostgresOutbox(Database);
        Pulls = new PostgresPulls(Database, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        Trail = new PostgresTrail(Database);
        Sessions = new PostgresSessions(Database);
        // As the pump does at start: from now on this process is known to live.
        await _inbox.ClaimAsync(new(0));
    }

    private async Task CloseAsync()
    {
        await _inbox.DisposeAsync();
        await _orders.DisposeAsync();
        await _stock.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class Release(PostgresTestStorage storage) : IDisposable
    {
        public void Dispose()
        {
            storage._inbox.Appends.Resume();
            storage._orders.Commits.Resume();
            storage._stock.Commits.Resume();
        }
    }
}
