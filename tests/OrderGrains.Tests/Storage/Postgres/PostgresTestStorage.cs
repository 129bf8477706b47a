using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage.Postgres;
using OrderGrains.Tests.Storage.Contracts;

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>The ports on a database of a test's own.</summary>
internal sealed class PostgresTestStorage : ITestStorage
{
    private readonly SharedPostgres server;
    private PostgresInbox inbox = null!;
    private PostgresOrderStore orders = null!;
    private PostgresStockStore stock = null!;

    private PostgresTestStorage(SharedPostgres server, string connectionString) =>
        (this.server, ConnectionString) = (server, connectionString);

    public string ConnectionString { get; }

    public PostgresDatabase Database { get; private set; } = null!;
    public IInbox Inbox => inbox;
    public IPulls Pulls { get; private set; } = null!;
    public IOrderStore Orders => orders;
    public IStockStore Stock => stock;
    public IOutbox Outbox { get; private set; } = null!;
    public int WaitingMax => 1_000;

    public static async Task<PostgresTestStorage> OpenAsync(SharedPostgres server)
    {
        var storage = new PostgresTestStorage(server, await server.CreateDatabaseAsync());
        await storage.OpenAsync();
        return storage;
    }

    public async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task<IDisposable> HoldWriterAsync()
    {
        await Task.WhenAll(inbox.Appends.PauseAsync(), orders.Commits.PauseAsync(), stock.Commits.PauseAsync());
        return new Release(this);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await server.DropDatabaseAsync(ConnectionString);
    }

    private async Task OpenAsync()
    {
        Database = new PostgresDatabase(ConnectionString);
        inbox = new PostgresInbox(Database, WaitingMax);
        orders = new PostgresOrderStore(Database);
        stock = new PostgresStockStore(Database);
        Outbox = new PostgresOutbox(Database);
        Pulls = new PostgresPulls(Database, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        // As the pump does at start: from now on this process is known to live.
        await inbox.ClaimAsync(0);
    }

    private async Task CloseAsync()
    {
        await inbox.DisposeAsync();
        await orders.DisposeAsync();
        await stock.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class Release(PostgresTestStorage storage) : IDisposable
    {
        public void Dispose()
        {
            storage.inbox.Appends.Resume();
            storage.orders.Commits.Resume();
            storage.stock.Commits.Resume();
        }
    }
}
