using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage.Sqlite;
using OrderGrains.Tests.Storage.Contracts;

namespace OrderGrains.Tests.Storage.Sqlite;

/// <summary>SQLite in a temporary directory of its own.</summary>
internal sealed class SqliteTestStorage : ITestStorage
{
    private readonly TempDirectory directory = new();
    private SqliteOrderStore orders = null!;
    private SqliteStockStore stock = null!;
    private int incarnation;

    public SqliteTestStorage() => Open();

    public SqliteDatabase Database { get; private set; } = null!;
    public IInbox Inbox { get; private set; } = null!;
    public IPulls Pulls { get; private set; } = null!;
    public IOrderStore Orders => orders;
    public IStockStore Stock => stock;
    public IOutbox Outbox { get; private set; } = null!;
    public int WaitingMax => 1_000;

    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    public async Task<IDisposable> HoldWriterAsync()
    {
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new Gate();
        _ = Database.WriteAsync(_ =>
        {
            holding.SetResult();
            release.Wait();
            return 0;
        });
        await holding.Task;
        return release;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        directory.Dispose();
    }

    private void Open()
    {
        Database = SqliteDatabase.Open(directory.Path, WaitingMax);
        Inbox = new SqliteInbox(Database, $"incarnation-{++incarnation}");
        orders = new SqliteOrderStore(Database);
        stock = new SqliteStockStore(Database);
        Outbox = new SqliteOutbox(Database);
        Pulls = new SqlitePulls(Database);
    }

    private async Task CloseAsync()
    {
        await orders.DisposeAsync();
        await stock.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim open = new();

        public void Wait() => open.Wait();

        // The writer may still be on its way out of Wait: the garbage collector disposes the event.
        public void Dispose() => open.Set();
    }
}
