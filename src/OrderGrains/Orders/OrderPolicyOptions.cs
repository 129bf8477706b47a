using System.ComponentModel.DataAnnotations;
using OrderGrains.Inventory;

namespace OrderGrains.Orders;

/// <summary>What a storefront's section says of its orders (CONTRACT section 1, <c>Sources</c>).</summary>
public sealed class OrderPolicyOptions
{
    /// <summary>Locations that the source's orders may ship from, the preferred first.</summary>
    [MinLength(1)] public IList<string> Locations { get; init; } = [];

    /// <summary>When an order may go to the warehouse. Default: when it is paid.</summary>
    public ReleaseWhen ReleaseWhen { get; set; } = ReleaseWhen.Paid;

    /// <summary>
    /// When an order's stock is reserved, if it is not released before. Default: when it is paid.
    /// </summary>
    public ReserveWhen ReserveWhen { get; set; } = ReserveWhen.Paid;

    /// <summary>
    /// How long after its placement an order that is not paid keeps what it reserved. Default: for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan? UnpaidReservedMax { get; set; }

    /// <summary>Whether an order may ship from several locations. Default: from one alone.</summary>
    public Splitting Splitting { get; set; } = Splitting.Never;

    /// <summary>What becomes of units that are not there. Default: the order waits for them.</summary>
    public Backorders Backorders { get; set; } = Backorders.Wait;

    /// <summary>
    /// Orders placed before this are kept, and never reserved nor released. Default: none are. For a shop that had
    /// orders before OrderGrains came.
    /// </summary>
    public DateTimeOffset? OrdersSince { get; set; }
}

/// <summary>What a warehouse's section says of stock (CONTRACT section 1, <c>Warehouses</c>).</summary>
public sealed class WarehouseLocations
{
    /// <summary>The locations that it serves.</summary>
    [MinLength(1)] public IList<string> Locations { get; init; } = [];
}

/// <summary>When stock is reserved.</summary>
public enum ReserveWhen
{
    Paid,
    Placed,
}

/// <summary>What must be so before an order is released.</summary>
public enum ReleaseWhen
{
    Paid,
    Placed,
}
