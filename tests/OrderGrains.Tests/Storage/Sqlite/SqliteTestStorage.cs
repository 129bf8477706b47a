using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage.Sqlite;
using OrderGrains.Tests.Storage.Contracts;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Storage.Sqlite;

/// <summary>SQLite in a temporary directory of its own.</summary>
internal sealed class SqliteTestStorage : ITestStorage
{
    private readonly TempDirectory _directory = new();
    private SqliteOrderStore _orders = null!;
    private SqliteStockStore _stock = null!;
    private int _incarnation;

    public SqliteTestStorage() => Open();

    public SqliteDatabase Database { get; private set; } = null!;
    public IInbox Inbox { get; private set; } = null!;
    public IPulls Pulls { get; private set; } = null!;
    public IOrderStore Orders => _orders;
    public IStockStore Stock => _stock;
    public IOutbox Outbox { get; private set; } = null!;
    public ITrail Trail { get; private set; } = null!;
    public ISessions Sessions { get; private set; } = null!;
    public int WaitingMax => 1_000;

    public async Task<IReadOnlyDictionary<string, long>> CountRowsAsync(string table, string column) =>
        (await Database.ReadAsync(session => session.List(
            $"select {column}, count(*) from {table} group by {column}",
            row => (Item: row.GetString(0), Count: row.GetInt64(1)))))
        .ToDictionary(row => row.Item, row => row.Count, StringComparer.Ordinal);

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
        _directory.Dispose();
    }

    private void Open()
    {
        Database = SqliteDatabase.Open(_directory.Path, WaitingMax);
        Inbox = new SqliteInbox(Database, $"incarnation-{++_incarnation}");
        _orders = new SqliteOrderStore(Database);
        _stock = new SqliteStockStore(Database);
        Outbox = new SqliteOutbox(Database);
        Pulls = new SqlitePulls(Database);
        Trail = new SqliteTrail(Database);
        Sessions = new SqliteSessions(Database);
    }

    private async Task CloseAsync()
    {
        await _orders.DisposeAsync();
        await _stock.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public void Wait() => _open.Wait();

        // The writer may still be on its way out of Wait: the garbage collector disposes the event.
        public void Dispose() => _open.Set();
    }
}
