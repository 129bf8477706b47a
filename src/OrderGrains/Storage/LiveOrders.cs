using OrderGrains.Orders;

namespace OrderGrains.Storage;

/// <summary>Orders of which something may still happen to the stock.</summary>
internal static class LiveOrders
{
    /// <summary>Their statuses, as SQL lists them: an index answers these, and not what they are not.</summary>
    public static string Statuses { get; } =
        string.Join(", ", OrderStatusRules.Live.Select(status => $"'{StoredName.Of(status)}'"));
}
