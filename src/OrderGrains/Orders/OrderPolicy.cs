using OrderGrains.Inventory;

namespace OrderGrains.Orders;

/// <summary>What a source's configuration says of its orders.</summary>
/// <param name="ReleaseWhen">What must be so before an order is released.</param>
/// <param name="Locations">Where its orders may ship from, the preferred first.</param>
public sealed record OrderPolicy(ReleaseWhen ReleaseWhen, IReadOnlyList<StockLocation> Locations)
{
    public ReserveWhen ReserveWhen { get; init; }

    /// <summary>How long after placement an unpaid order keeps its reservations; null: for ever.</summary>
    public TimeSpan? UnpaidReservedMax { get; init; }

    /// <summary>Orders placed before this are kept, and nothing of them is sent; null: there are none.</summary>
    public DateTimeOffset? OrdersSince { get; init; }

    public Splitting Splitting { get; init; }
    public Backorders Backorders { get; init; }
}

/// <summary>A location and the warehouse that serves it.</summary>
public sealed record StockLocation(string Name, string Warehouse);
