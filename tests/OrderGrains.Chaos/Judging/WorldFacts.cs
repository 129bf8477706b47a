using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos.Judging;

/// <summary>All that is known outside the product, at one moment.</summary>
internal sealed record WorldFacts
{
    /// <summary>The product's name for the shop.</summary>
    public required string Shop { get; init; }

    /// <summary>Locations by warehouse, the shop's preferred first.</summary>
    public required IReadOnlyList<(string Warehouse, string Location)> Locations { get; init; }

    /// <summary>There is more than one silo.</summary>
    public bool IsCluster { get; init; }

    public IReadOnlyList<OrderFact> Orders { get; init; } = [];

    public IReadOnlyList<Taken> Taken { get; init; } = [];

    public IReadOnlyCollection<WebhookTry> Tries { get; init; } = [];

    public IReadOnlyCollection<StockTold> Stock { get; init; } = [];

    public IReadOnlyCollection<WarehouseDid> Calls { get; init; } = [];

    /// <summary>What lies on the shelves, by location and SKU.</summary>
    public IReadOnlyDictionary<(string Location, string Sku), int> OnShelf { get; init; } =
        new Dictionary<(string, string), int>();

    /// <summary>References that a warehouse answered no to for good, before it had taken them.</summary>
    public IReadOnlySet<string> RefusedForGood { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Parcels that the shop has; null where it is told of none.</summary>
    public IReadOnlyList<Recorded>? Recorded { get; init; }

    /// <summary>What the shop has against the product's calls.</summary>
    public IReadOnlyList<string> ShopComplaints { get; init; } = [];

    /// <summary>What warehouses telephoned about, each as warehouse and words.</summary>
    public IReadOnlyList<(string Warehouse, string What)> Complaints { get; init; } = [];
}

/// <summary>The shop's final truth of one order.</summary>
/// <param name="Id">The shop's id.</param>
/// <param name="Name">Such as <c>#1042</c>.</param>
/// <param name="IsPaid">Whether it was ever paid.</param>
/// <param name="IsCancelled">Cancelled or deleted.</param>
/// <param name="IsMoneyGone">The shop calls it refunded or voided.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record OrderFact(
    long Id, string Name, bool IsPaid, bool IsCancelled, bool IsMoneyGone, IReadOnlyList<LineFact> Lines)
{
    public string IdText => Id.ToString();
}

/// <summary>One line of it.</summary>
/// <param name="LineId">The shop's id.</param>
/// <param name="Sku">What is sold.</param>
/// <param name="Wanted">Units that the buyer should get in all, the order's end aside.</param>
/// <param name="WantedMost">The most that was wanted at one time.</param>
/// <param name="Bought">Units ever bought: an edit upwards adds, nothing takes away.</param>
/// <param name="IsShippable">It goes to a warehouse.</param>
internal sealed record LineFact(
    string LineId, string Sku, int Wanted, int WantedMost, int Bought, bool IsShippable = true);

/// <summary>What a warehouse has of an order, under one reference.</summary>
internal sealed record Taken(string Warehouse, string Location, WarehouseOrder Order)
{
    public string Reference => Order.Reference;

    /// <summary>Units of a line that it was asked for and has not ended.</summary>
    public int Asked(string lineId) => Order.IsLive ? Units(lineId) : 0;

    public int Shipped(string lineId) => Order.Shipped.GetValueOrDefault(lineId);

    /// <summary>Units of a line that it is still going to ship.</summary>
    public int Outstanding(string lineId) =>
        Order.IsLive && Order.Status is not WarehouseStatus.Shipped
            ? Math.Max(0, Units(lineId) - Shipped(lineId)) : 0;

    public bool IsOutstanding => Order.Take.Lines.Any(line => Outstanding(line.LineId) > 0);

    /// <summary>It said that it was too late to change it, or to stop it.</summary>
    public bool HasRefused => Order.ChangesRefused > 0 || Order.CancelsRefused > 0;

    public bool HasRefusedToStop => Order.CancelsRefused > 0;

    private int Units(string lineId) =>
        Order.Take.Lines.Where(line => line.LineId == lineId).Sum(line => line.Quantity);
}
