using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

internal sealed class FakeOrders : IOrderStore
{
    public Dictionary<OrderKey, StoredOrder> Stored { get; } = [];
    public Dictionary<OrderKey, List<TimelineEntry>> Timelines { get; } = [];

    public void Add(Order order, params IEnumerable<TimelineEntry> timeline)
    {
        Stored[order.Key] = new StoredOrder(order, Stored.GetValueOrDefault(order.Key)?.Version + 1 ?? 1);
        Timelines[order.Key] = [.. timeline];
    }

    public Task<StoredOrder?> LoadAsync(OrderKey key) => Task.FromResult(Stored.GetValueOrDefault(key));

    public Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(OrderKey key, int countMax) =>
        Task.FromResult<IReadOnlyList<TimelineEntry>>([.. Timelines.GetValueOrDefault(key, []).TakeLast(countMax)]);

    public Task<Page<OrderRow>> ListAsync(OrderFilter filter, PageRequest page) => Task.FromResult(Stored.Values
        .Select(stored => Row(stored.Order, stored.Version))
        .Where(row => filter.Source is null || row.Key.Source == filter.Source)
        .Where(row => filter.Status is null || row.Status == filter.Status)
        .Where(row => filter.Since is null || row.ChangedAt >= filter.Since)
        .Where(row => filter.Query is null || $"{row.Number}".StartsWith(filter.Query, StringComparison.Ordinal)
            || row.Key.OrderId.StartsWith(filter.Query, StringComparison.Ordinal))
        .Page(page, row => (row.ChangedAt.UtcTicks, row.Key.ToString()), text =>
        {
            var comma = text.IndexOf(',', StringComparison.Ordinal);
            if (comma < 0)
                throw new FormatException("No cursor of ours.");
            return (long.Parse(text.AsSpan(1, comma - 1)), text[(comma + 2)..^1]);
        }));

    public Task<IReadOnlyDictionary<OrderStatus, long>> CountByStatusAsync() =>
        Task.FromResult<IReadOnlyDictionary<OrderStatus, long>>(Stored.Values
            .GroupBy(stored => stored.Order.Status).ToDictionary(group => group.Key, group => group.LongCount()));

    public Task<SweepPage> ListServableAsync(
        IReadOnlyList<ShippingPlace> places, SweepPlace? after, int countMax) => throw new NotSupportedException();

    public Task<SweepPage> ListReservedUntilAsync(DateTimeOffset now, SweepPlace? after, int countMax) =>
        throw new NotSupportedException();

    public Task<SweepPage> ListUnsettledAsync(OrderStatus status, SweepPlace? after, int countMax) =>
        throw new NotSupportedException();

    public Task<SourcePage> ListOfSourceAsync(string source, string? email, string? after, int countMax) =>
        Task.FromResult(new SourcePage(
            [
                .. Stored.Values.Where(one => one.Order.Key.Source == source && (email is null
                    || email.Equals(one.Order.Storefront?.ShipTo?.Email, StringComparison.OrdinalIgnoreCase)))
                    .Select(one => one.Order.Key),
            ],
            null));

    public Task<bool> CommitAsync(OrderCommit commit) => throw new NotSupportedException();

    private OrderRow Row(Order order, long version) => new(
        order.Key, order.Storefront?.Number, order.Status, version, order.Storefront?.PlacedAt,
        Timelines[order.Key].LastOrDefault()?.At ?? order.ReceivedAt);
}
