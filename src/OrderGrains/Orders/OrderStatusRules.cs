namespace OrderGrains.Orders;

/// <summary>Derives the status that people see from the facts. Pure.</summary>
public static class OrderStatusRules
{
    /// <summary>The statuses of orders that may still need stock.</summary>
    public static IReadOnlyList<OrderStatus> Live { get; } =
        [.. Enum.GetValues<OrderStatus>().Where(status => !IsOver(status))];

    /// <summary>Nothing is left to do: the order needs no stock any more.</summary>
    public static bool IsOver(OrderStatus status) => status is OrderStatus.Shipped or OrderStatus.Cancelled;

    public static OrderStatus Derive(Order order)
    {
        var lines = OrderFacts.WantedLines(order);
        var shipped = order.Shipments.Count > 0 || lines.Any(l => l.Elsewhere > 0);
        var live = order.Releases.Where(OrderFacts.IsLive).ToArray();
        var remaining = lines.Sum(l => OrderFacts.RemainingUnits(order, l));

        if (live.Length == 0 && OrderFacts.IsCancelled(order))
            return shipped ? OrderStatus.Shipped : OrderStatus.Cancelled;
        // Of gift cards alone nothing is sent, and all is done; of an order that has lost its last line, nothing is.
        if (live.Length == 0 && order.Storefront is { } storefront && remaining == 0)
            return shipped || (lines.Count == 0 && storefront.Lines.Count > 0)
                ? OrderStatus.Shipped : OrderStatus.Cancelled;
        // It should not go out, and the warehouse says that it will: a person must look.
        if (live.Any(r => r.StopRefused) && (OrderFacts.IsPaymentEnded(order) || order.HoldReason is not null
            || StorefrontHold.Find(order) is not null))
            return OrderStatus.OnHold;
        if (shipped)
            return OrderStatus.PartiallyShipped;
        // One that is asked back before it was answered is nothing that the warehouse is known to have.
        if (live.Any(r => r.Status != ReleaseStatus.Requested && r.Confirmed.Count > 0))
            return OrderStatus.Released;
        if (live.Length > 0)
            return OrderStatus.Allocated;
        if (OrderFacts.IsHeld(order) || OrderFacts.FindProblem(order) is not null)
            return OrderStatus.OnHold;
        return order.Allocations.Any(a => a.Waiting > 0) ? OrderStatus.Backordered : OrderStatus.Received;
    }
}
