using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

internal sealed class FakeStock : IStockStore
{
    public Dictionary<StockKey, StockRow> Rows { get; } = [];
    public Dictionary<StockKey, StockDetail> Details { get; } = [];
    public StockAudit Audit { get; set; } = new(0, 0, 0, 0, 0, 0, 0);
    public IReadOnlyList<SimilarSku> Similar { get; set; } = [];
    /// <summary>An audit waits for it.</summary>
    public TaskCompletionSource? AuditGate { get; set; }

    public DateTimeOffset AuditedBefore { get; private set; }
    public Func<(long Open, long Waiting)> Count { get; init; } = () => throw new NotSupportedException();

    public void Add(string location, string sku, int onHand, int reserved, int waiting, DateTimeOffset? asOf) =>
        Rows[new StockKey(location, sku)] = new StockRow(
            new StockKey(location, sku), new StockLevel(onHand, reserved, 3, asOf), waiting);

    public Task<StockRow?> FindAsync(StockKey key) => Task.FromResult(Rows.GetValueOrDefault(key));

    public Task<StockDetail?> FindDetailAsync(StockKey key, int countMax) =>
        Task.FromResult(Details.GetValueOrDefault(key) ?? (Rows.TryGetValue(key, out var row)
            ? new StockDetail(row, 0, 0, [], [], []) : null));

    public Task<Page<StockRow>> ListAsync(StockFilter filter, PageRequest page) => Task.FromResult(Rows.Values
        .Where(row => filter.Location is null || row.Key.Location == filter.Location)
        .Where(row => filter.Sku is null || row.Key.Sku == filter.Sku)
        .Where(row => filter.Query is null || row.Key.Sku.StartsWith(filter.Query, StringComparison.Ordinal))
        .Page(page, row => row.Key.ToString(), text => text));

    public async Task<StockAudit> AuditAsync(DateTimeOffset heldBefore)
    {
        AuditedBefore = heldBefore;
        if (AuditGate is { } gate)
            await gate.Task;
        return Audit;
    }

    public Task<StoredStock> LoadAsync(StockKey key) => throw new NotSupportedException();

    public Task<bool> CommitAsync(StockCommit commit) => throw new NotSupportedException();

    public Task<Reservation?> FindReservationAsync(StockKey key, OrderKey order, string lineId) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Allocation>> ListHeldAsync(OrderKey order) => throw new NotSupportedException();

    public Task<IReadOnlyList<OrderKey>> ListUnsettledAsync(
        DateTimeOffset from, DateTimeOffset before, bool strangers) => throw new NotSupportedException();

    public Task<OrphanPage> ListOrphansAsync(StockKey? after, DateTimeOffset heldBefore, int stocksMax) =>
        throw new NotSupportedException();

    public Task<bool> HasMovementAsync(StockKey key, string movementId) => throw new NotSupportedException();

    public Task<IReadOnlyCollection<string>> ListMovementIdsAsync(StockKey key, string prefix) =>
        throw new NotSupportedException();

    public Task<long> SumMovementsAsync(StockKey key, DateTimeOffset laterThan) => throw new NotSupportedException();

    public Task<IReadOnlyList<SimilarSku>> FindSimilarAsync(IReadOnlyCollection<StockKey> keys) =>
        Task.FromResult<IReadOnlyList<SimilarSku>>([.. Similar.Where(similar => keys.Contains(similar.Unknown))]);

    public Task<(long Open, long Waiting)> CountReservationsAsync() => Task.FromResult(Count());
}
