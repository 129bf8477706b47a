using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>The real store, with failures where a test asks for them.</summary>
internal sealed class FaultyOrderStore(IOrderStore inner, Faults faults) : IOrderStore, IAsyncDisposable
{
    public Task<StoredOrder?> LoadAsync(OrderKey key)
    {
        faults.Loading(key);
        return inner.LoadAsync(key);
    }

    public Task<bool> CommitAsync(OrderCommit commit) =>
        faults.CommitAsync(commit.Key, () => inner.CommitAsync(commit));

    public Task<Page<OrderRow>> ListAsync(OrderFilter filter, PageRequest page) => inner.ListAsync(filter, page);

    public Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(OrderKey key, int countMax) =>
        inner.ListTimelineAsync(key, countMax);

    public Task<SweepPage> ListServableAsync(
        IReadOnlyList<ShippingPlace> places, SweepPlace? after, int countMax) =>
        inner.ListServableAsync(places, after, countMax);

    public Task<SweepPage> ListReservedUntilAsync(DateTimeOffset now, SweepPlace? after, int countMax) =>
        inner.ListReservedUntilAsync(now, after, countMax);

    public Task<SweepPage> ListUnsettledAsync(OrderStatus status, SweepPlace? after, int countMax) =>
        inner.ListUnsettledAsync(status, after, countMax);

    public Task<SourcePage> ListOfSourceAsync(string source, string? email, string? after, int countMax) =>
        inner.ListOfSourceAsync(source, email, after, countMax);

    public Task<IReadOnlyDictionary<OrderStatus, long>> CountByStatusAsync() => inner.CountByStatusAsync();

    public ValueTask DisposeAsync() => ((IAsyncDisposable)inner).DisposeAsync();
}
