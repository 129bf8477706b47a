using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Wms;
using OrderGrains.Ingress;
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

    public Action<WarehouseOptions> Warehouse { get; init; } = static _ => { };

    public Dictionary<string, IDictionary<string, int>> Bundles { get; } = new(StringComparer.Ordinal)
    {
        ["GIFT-SET"] = new Dictionary<string, int>(StringComparer.Ordinal) { ["GIFT-MUG"] = 1, ["GIFT-TEA"] = 2 },
    };

    public RetryOptions Retry { get; init; } = new() { AttemptsMax = 3 };

    public IngressOptions Ingress { get; init; } = new();

    public ScriptedConnector Connector { get; } = new();

    public Faults Faults { get; } = new();

    /// <summary>Orleans' reminders are not written before this ends.</summary>
    public Task? RemindersWait { get; init; }

    /// <summary>Whether the silo belongs to its cluster. Certain, until a test begins to look.</summary>
    public Membership Membership { get; }

    public SiloSetup() => Membership = new Membership(Time, MembershipWatch.Tolerated);

    /// <summary>The pump and the outbox's sweep run; otherwise tests hand things over themselves.</summary>
    public bool Agents { get; set; }

    /// <summary>The storefronts: <c>acme</c> ships from every place, the first preferred.</summary>
    public Dictionary<string, SourceOptions> Sources()
    {
        var sources = Places
            .Select(p => (Name: $"shop{p}", Options: new SourceOptions { Kind = SourceKind.Shopify, Locations = [p] }))
            .Append((Name: "acme", Options: new SourceOptions { Kind = SourceKind.Shopify, Locations = [.. Places] }))
            .ToDictionary(s => s.Name, s => s.Options, StringComparer.Ordinal);
        foreach (var (name, options) in Variants())
            sources.Add(name, options);
        return sources;
    }

    /// <summary>Storefronts that ship from every place under other rules, and a warehouse.</summary>
    private IEnumerable<(string Name, SourceOptions Options)> Variants()
    {
        SourceOptions New() => new() { Kind = SourceKind.Shopify, Locations = [.. Places] };
        var (splits, some, drops, early) = (New(), New(), New(), New());
        splits.Splitting = Splitting.WhenNeeded;
        some.Backorders = Backorders.ShipWhatIsThere;
        drops.Backorders = Backorders.Cancel;
        early.ReserveWhen = ReserveWhen.Placed;
        early.UnpaidReservedMax = TimeSpan.FromHours(1);
        var wms = new SourceOptions { Kind = SourceKind.Warehouse, Warehouse = "east-wms" };
        return [("splits", splits), ("some", some), ("drops", drops), ("early", early), ("east-wms", wms)];
    }

    public Dictionary<string, Warehouse> WarehousesByName() => Places.ToDictionary(p => $"{p}-wms", p =>
    {
        var options = new WarehouseOptions { Kind = WarehouseKind.Http, Locations = [p] };
        Warehouse(options);
        if (!Warehouses.TryGetValue(p, out var client))
            Warehouses[p] = client = new ScriptedWarehouse(Time);
        return new Warehouse(options, client);
    }, StringComparer.Ordinal);
}
