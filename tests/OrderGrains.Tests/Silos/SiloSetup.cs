using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Orders;

namespace OrderGrains.Tests.Silos;

/// <summary>What a test's silo is made of. Outlives the silo, so that another can start on the same facts.</summary>
internal sealed class SiloSetup
{
    public FakeTimeProvider Time { get; } = new(OrderWorld.Noon);

    /// <summary>
    /// Places that hold stock. Place <c>x</c> is served by warehouse
    /// <c>x-wms</c>; source <c>shopx</c> ships from it alone.
    /// </summary>
    public IReadOnlyList<string> Places { get; init; } = ["east", "west"];

    public Dictionary<string, ScriptedWarehouse> Warehouses { get; } = new(StringComparer.Ordinal);

    /// <summary>Many calls, since a test's clock stands still.</summary>
    public Action<DestinationLimits> Limits { get; init; } = static limits => limits.CallsPerSecondMax = 10_000;

    public Dictionary<string, IDictionary<string, int>> Bundles { get; } = new(StringComparer.Ordinal)
    {
        ["GIFT-SET"] = new Dictionary<string, int>(StringComparer.Ordinal) { ["GIFT-MUG"] = 1, ["GIFT-TEA"] = 2 },
    };

    public RetryOptions Retry { get; init; } = new() { AttemptsMax = 3 };

    public ResumeWhenHealed ResumeWhenHealed { get; init; } = ResumeWhenHealed.Offer;

    /// <summary>When <c>acme</c> is silent; null: it may be.</summary>
    public TimeSpan? SilentAfter { get; init; }

    /// <summary>Who hears of what; each needs a destination of its name in <see cref="Subscribers"/>.</summary>
    public Subscriptions Subscriptions { get; init; } = Subscriptions.None;

    /// <summary>Destinations of events, by name.</summary>
    public Dictionary<string, IDestination> Subscribers { get; } = new(StringComparer.Ordinal);

    /// <summary>Ways back to storefronts, by source.</summary>
    public Dictionary<string, (Shop Told, IDestination Connector)> WaysBack { get; } = new(StringComparer.Ordinal);

    public Shops ShopsTold() =>
        new(WaysBack.ToDictionary(s => s.Key, s => s.Value.Told, StringComparer.Ordinal), Bundles);

    public IngressOptions Ingress { get; init; } = new();

    public ScriptedConnector Connector { get; } = new();

    /// <summary>Storefronts with a connector of their own; they ship from every place.</summary>
    public Dictionary<string, ISource> Shops { get; } = new(StringComparer.Ordinal);

    public Faults Faults { get; } = new();

    /// <summary>Orleans' reminders are not written before this ends.</summary>
    public Task? RemindersWait { get; init; }

    /// <summary>Whether the silo belongs to its cluster. Certain, until a test begins to look.</summary>
    public Membership Membership { get; }

    public SiloSetup() => Membership = new Membership(Time, MembershipWatch.Tolerated);

    /// <summary>The pump and the outbox's sweep run; otherwise tests hand things over themselves.</summary>
    public bool Agents { get; set; }

    /// <summary>The storefronts: <c>acme</c> ships from every place, the first preferred.</summary>
    public Dictionary<string, OrderPolicyOptions> Storefronts()
    {
        var storefronts = Places
            .Select(p => (Name: $"shop{p}", Options: new OrderPolicyOptions { Locations = [p] }))
            .Append((Name: "acme", Options: new OrderPolicyOptions { Locations = [.. Places] }))
            .ToDictionary(s => s.Name, s => s.Options, StringComparer.Ordinal);
        foreach (var (name, options) in Variants())
            storefronts.Add(name, options);
        foreach (var name in Shops.Keys)
            storefronts.Add(name, new OrderPolicyOptions { Locations = [.. Places] });
        return storefronts;
    }

    /// <summary>The storefronts, and a warehouse.</summary>
    public Sources Sources() => new(Storefronts().Keys
        .Select(name => new Source(
            name, Shops.GetValueOrDefault(name) ?? Connector, [], name == "acme" ? SilentAfter : null))
        .Append(new Source("east-wms", new ScriptedConnector("east-wms", Connector), []))
        .ToDictionary(s => s.Name, StringComparer.Ordinal));

    public OrderPolicies Policies() => new(
        Storefronts(),
        Places.ToDictionary(p => $"{p}-wms", p => (IReadOnlyList<string>)[p], StringComparer.Ordinal), Bundles);

    /// <summary>Storefronts that ship from every place under other rules.</summary>
    private IEnumerable<(string Name, OrderPolicyOptions Options)> Variants()
    {
        OrderPolicyOptions New() => new() { Locations = [.. Places] };
        var (splits, some, drops, early) = (New(), New(), New(), New());
        splits.Splitting = Splitting.WhenNeeded;
        some.Backorders = Backorders.ShipWhatIsThere;
        drops.Backorders = Backorders.Cancel;
        early.ReserveWhen = ReserveWhen.Placed;
        early.UnpaidReservedMax = TimeSpan.FromHours(1);
        return [("splits", splits), ("some", some), ("drops", drops), ("early", early)];
    }

    public Destinations Destinations()
    {
        var destinations = new Dictionary<string, Destination>(StringComparer.Ordinal);
        foreach (var place in Places)
        {
            if (!Warehouses.TryGetValue(place, out var client))
                Warehouses[place] = client = new ScriptedWarehouse(Time);
            destinations[$"{place}-wms"] = Destination(new WarehouseDestination(client));
        }

        foreach (var (name, subscriber) in Subscribers)
            destinations[name] = Destination(subscriber);
        foreach (var (name, shop) in WaysBack)
            destinations[name] = Destination(shop.Connector);
        return new Destinations(destinations);
    }

    private Destination Destination(IDestination connector)
    {
        var limits = new DestinationLimits();
        Limits(limits);
        return new Destination(limits, Retry, connector, ResumeWhenHealed);
    }
}
