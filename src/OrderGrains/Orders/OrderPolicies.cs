using OrderGrains.Connectors;

namespace OrderGrains.Orders;

/// <summary>The policy of each configured storefront.</summary>
public sealed class OrderPolicies
{
    private readonly Dictionary<string, OrderPolicy> policies = new(StringComparer.Ordinal);

    public OrderPolicies(
        IReadOnlyDictionary<string, SourceOptions> sources, IReadOnlyDictionary<string, WarehouseOptions> warehouses)
    {
        foreach (var (name, source) in sources)
        {
            if (source.Kind == SourceKind.Warehouse)
                continue;
            var locations = source.Locations.Select(location => new StockLocation(
                location, warehouses.First(w => w.Value.Locations.Contains(location, StringComparer.Ordinal)).Key));
            policies[name] = new OrderPolicy(source.ReleaseWhen, [.. locations]);
        }
    }

    /// <summary>The policy of a source; one without locations when the source is not configured any more.</summary>
    public OrderPolicy Get(string source) =>
        policies.TryGetValue(source, out var policy) ? policy : new OrderPolicy(ReleaseWhen.Paid, []);
}
