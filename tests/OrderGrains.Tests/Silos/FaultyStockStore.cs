using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>The real store, with failures where a test asks for them.</summary>
internal sealed class FaultyStockStore(IStockStore inner, Faults faults) : IStockStore, IAsyncDisposable
{
    public Task<StoredStock> LoadAsync(StockKey key)
    {
        faults.Loading(key);
        return inner.LoadAsync(key);
    }

    public Task<bool> CommitAsync(StockCommit commit) =>
        faults.CommitAsync(commit.Key, () => inner.CommitAsync(commit));

    public Task<Reservation?> FindReservationAsync(StockKey key, OrderKey order, string lineId) =>
        inner.FindReservationAsync(key, order, lineId);

    public Task<bool> HasMovementAsync(StockKey key, string movementId) => inner.HasMovementAsync(key, movementId);

    public Task<IReadOnlyCollection<string>> ListMovementIdsAsync(StockKey key, string prefix)
    {
        faults.LookingUp(key);
        return inner.ListMovementIdsAsync(key, prefix);
    }

    public Task<long> SumMovementsAsync(StockKey key, DateTimeOffset laterThan) =>
        inner.SumMovementsAsync(key, laterThan);

    public Task<IReadOnlyList<SimilarSku>> FindSimilarAsync(IReadOnlyCollection<StockKey> keys) =>
        inner.FindSimilarAsync(keys);

    public Task<StockRow?> FindAsync(StockKey key) => inner.FindAsync(key);

    public Task<StockDetail?> FindDetailAsync(StockKey key, int countMax) => inner.FindDetailAsync(key, countMax);

    public Task<Page<StockRow>> ListAsync(StockFilter filter, PageRequest page) => inner.ListAsync(filter, page);

    public Task<IReadOnlyList<Allocation>> ListHeldAsync(OrderKey order) => inner.ListHeldAsync(order);

    public Task<IReadOnlyList<OrderKey>> ListUnsettledAsync(
        DateTimeOffset from, DateTimeOffset before, bool strangers) =>
        inner.ListUnsettledAsync(from, before, strangers);

    public Task<OrphanPage> ListOrphansAsync(StockKey? after, DateTimeOffset heldBefore, int stocksMax) =>
        inner.ListOrphansAsync(after, heldBefore, stocksMax);

    public Task<StockAudit> AuditAsync(DateTimeOffset heldBefore) => inner.AuditAsync(heldBefore);

    public Task<(long Open, long Waiting)> CountReservationsAsync() => inner.CountReservationsAsync();

    public ValueTask DisposeAsync() => ((IAsyncDisposable)inner).DisposeAsync();
}
