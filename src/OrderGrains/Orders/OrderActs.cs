namespace OrderGrains.Orders;

/// <summary>The rules for what an operator asks. Pure.</summary>
public static class OrderActs
{
    /// <param name="order">The order.</param>
    /// <param name="act">What is asked.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why, in their words, which may hold personal data; only a hold keeps it.</param>
    /// <param name="now">When.</param>
    public static Decision Decide(Order order, OrderAct act, string actor, string? reason, DateTimeOffset now)
    {
        if (OrderStatusRules.IsOver(order.Status))
            return new Decision.Reject(
                $"the order is {(order.Status == OrderStatus.Shipped ? "shipped" : "cancelled")}");
        return act switch
        {
            OrderAct.Hold => Hold(order, actor, reason),
            OrderAct.Resume => Resume(order, now),
            OrderAct.Cancel => Cancel(order, actor),
            _ => throw new ArgumentOutOfRangeException(nameof(act), act, "No rule for this act."),
        };
    }

    private static Decision Hold(Order order, string actor, string? said)
    {
        if (order.HoldReason is not null)
            return new Decision.Reject("the order is on hold already");
        if (CannotBeStopped(order) is { } reason)
            return new Decision.Reject(reason);
        return new Decision.Accept(
            order with { HoldReason = new HoldReason(HeldBy.Operator, $"held by {actor}", said) }, "held", said);
    }

    /// <summary>
    /// What a person or a warehouse has stopped goes first: nobody lifts a hold of the storefront without having seen
    /// it.
    /// </summary>
    private static Decision Resume(Order order, DateTimeOffset now)
    {
        var held = StorefrontHold.Find(order);
        if (order.HoldReason is { } reason)
        {
            return new Decision.Accept(order with { HoldReason = null },
                $"resumed; it was stopped because: {reason.What}"
                    + (held is null ? "" : $"; the storefront still holds {held.Id}"), reason.Said);
        }

        if (held is null)
        {
            return new Decision.Reject(
                OrderFacts.IsHeld(order) ? "the storefront holds the order: resume it there"
                : OrderFacts.FindProblem(order) is { } problem ? $"only the storefront can mend this: {problem}"
                : "the order is not on hold");
        }

        return new Decision.Accept(StorefrontHold.Lift(order, now),
            $"resumed; it was stopped because: the storefront holds {held.Id}", held.Said);
    }

    private static Decision Cancel(Order order, string actor)
    {
        if (order.CancelReason is not null)
            return new Decision.Reject("the order is being cancelled already");
        if (CannotBeStopped(order) is { } reason)
            return new Decision.Reject(reason);
        return new Decision.Accept(order with { CancelReason = $"cancelled by {actor}" }, "cancelled");
    }

    private static string? CannotBeStopped(Order order)
    {
        var live = order.Releases.Where(OrderFacts.IsLive).ToArray();
        return live.Length > 0 && live.All(r => r.StopRefused)
            ? $"{live[0].Warehouse} said that it is too late to stop {live[0].Reference}"
            : null;
    }
}
