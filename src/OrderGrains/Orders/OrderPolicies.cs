using OrderGrains.Inventory;

namespace OrderGrains.Orders;

/// <summary>The policy of each configured storefront.</summary>
public sealed class OrderPolicies
{
    private readonly Dictionary<string, OrderPolicy> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<BundlePart>> _bundles;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _warehouses;

    /// <param name="storefronts">What each storefront's section says of its orders.</param>
    /// <param name="warehouses">The locations that each warehouse serves.</param>
    /// <param name="bundles">Sold SKUs that stand for stocked ones.</param>
    public OrderPolicies(
        IReadOnlyDictionary<string, OrderPolicyOptions> storefronts,
        IReadOnlyDictionary<string, IReadOnlyList<string>> warehouses,
        IReadOnlyDictionary<string, IDictionary<string, int>> bundles)
    {
        _warehouses = warehouses;
        _bundles = bundles.ToDictionary(
            b => b.Key,
            b => (IReadOnlyList<BundlePart>)[.. b.Value.OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => new BundlePart(p.Key, p.Value))],
            StringComparer.Ordinal);
        foreach (var (name, options) in storefronts)
        {
            var locations = options.Locations.Select(location => new StockLocation(
                location, warehouses.First(w => w.Value.Contains(location, StringComparer.Ordinal)).Key));
            _policies[name] = new OrderPolicy(options.ReleaseWhen, [.. locations])
            {
                ReserveWhen = options.ReserveWhen,
                UnpaidReservedMax = options.UnpaidReservedMax,
                OrdersSince = options.OrdersSince,
                Splitting = options.Splitting,
                Backorders = options.Backorders,
            };
        }
    }

    /// <summary>
    /// The location of a warehouse, in whatever case it writes the name; null when it serves none of this name.
    /// </summary>
    public string? FindLocation(string warehouse, string location) => _warehouses.GetValueOrDefault(warehouse)
        ?.FirstOrDefault(own => own.Equals(location, StringComparison.OrdinalIgnoreCase));

    /// <summary>The order with what the bundles that it names are made of; what it knows already stays.</summary>
    public Order WithBundles(Order order)
    {
        var unknown = (order.Storefront?.Lines ?? [])
            .Where(l => l.Sku is not null && _bundles.ContainsKey(l.Sku) && !order.Bundles.ContainsKey(l.Sku))
            .Select(l => l.Sku!).Distinct(StringComparer.Ordinal).ToArray();
        if (unknown.Length == 0)
            return order;
        var known = order.Bundles.ToDictionary(b => b.Key, b => b.Value, StringComparer.Ordinal);
        foreach (var sku in unknown)
            known.Add(sku, _bundles[sku]);
        return order with { Bundles = known };
    }

    /// <summary>Where each source's orders may ship from.</summary>
    public IReadOnlyList<ShippingPlace> Places => [.. _policies.SelectMany(p => p.Value.Locations.Select(l =>
        new ShippingPlace(p.Key, l.Name, p.Value.Splitting == Splitting.WhenNeeded)))];

    /// <summary>Its orders can be planned here.</summary>
    public bool Knows(string source) => _policies.ContainsKey(source);

    /// <summary>The policy of a source; one without locations when the source is not configured here.</summary>
    public OrderPolicy Get(string source) =>
        _policies.TryGetValue(source, out var policy) ? policy : new OrderPolicy(ReleaseWhen.Paid, []);
}
