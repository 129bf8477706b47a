namespace OrderGrains.Orders;

/// <summary>What one turn of an order gathers for its commit.</summary>
internal sealed class Turn
{
    /// <summary>Another system's own words. They may hold anything, so they are kept and never logged.</summary>
    public const string SaidKind = "warehouse.said";

    private readonly List<TimelineEntry> timeline = [];

    /// <summary>The receipt that this turn settles, if one began it.</summary>
    public ReceiptRef? Receipt { get; init; }

    /// <summary>The message that this turn settles, if an answer began it.</summary>
    public Guid? Delivered { get; init; }

    /// <summary>When the receipt behind all this arrived.</summary>
    public DateTimeOffset? CausedAt { get; init; }

    public IReadOnlyList<TimelineEntry> Timeline => timeline;

    /// <summary>Nothing caused it, and nothing came of it: a nudge that was needless.</summary>
    public bool IsEmpty => Receipt is null && Delivered is null && timeline.Count == 0;

    public void Add(TimelineEntry entry) => timeline.Add(entry);

    /// <summary>The turn as one text for the log.</summary>
    public string Log() => string.Join("; ", timeline.Where(t => t.Kind != SaidKind).Select(t => t.Summary));

    /// <summary>Says what was decided: each message, and the status when it changed.</summary>
    public void Explain(ReleasePlan plan, OrderStatus? before, DateTimeOffset now)
    {
        foreach (var message in plan.Messages)
        {
            var release = message.Release;
            var (kind, summary) = message.Request is null
                ? ("release.stopping", $"ask {release.Warehouse} to stop {release.Reference}")
                : ("release.requested",
                    $"ask {release.Warehouse} for {release.Lines.Sum(l => l.Quantity)} units as {release.Reference}");
            Add(new TimelineEntry(now, kind, summary, Receipt?.Id, message.Id));
        }

        if (plan.Next.Status != before)
            Add(new TimelineEntry(now, $"order.{Camel(plan.Next.Status)}", Describe(plan.Next), Receipt?.Id));
    }

    /// <summary>Says what the stock did to the order: took units back, let its time run out, had not enough.</summary>
    public void ExplainStock(Order? before, Order next, bool expired, DateTimeOffset now)
    {
        foreach (var old in before?.Allocations ?? [])
        {
            var place = next.Allocations.FirstOrDefault(a =>
                a.LineId == old.LineId && a.Sku == old.Sku && a.Location == old.Location);
            if (place is not null && place.Waiting > old.Waiting && place.Quantity < old.Quantity)
            {
                Add(new TimelineEntry(now, "reservation.taken_back",
                    $"{old.Quantity - place.Quantity} × {old.Sku} at {old.Location} went back to waiting: they were "
                    + "not there, or an order placed before has them", Receipt?.Id));
            }
        }

        if (expired && next.Allocations.Count == 0 && before?.Allocations.Count > 0)
            Add(new TimelineEntry(now, "reservation.expired", "not paid in time: stock given back", Receipt?.Id));
        foreach (var line in next.Unserved.Except(before?.Unserved ?? []))
        {
            var sku = next.Storefront?.Lines.FirstOrDefault(l => l.LineId == line.LineId)?.Sku;
            Add(new TimelineEntry(now, "line.cancelled",
                $"line {line.LineId} ({sku}): {line.Of - line.Kept} of {line.Of} units are cancelled: not there",
                Receipt?.Id));
        }
    }

    private static string Camel(OrderStatus status)
    {
        var name = status.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Describe(Order order) => order.Status switch
    {
        OrderStatus.Received when order.Storefront is null => "received in part: the order itself has not come yet",
        OrderStatus.Received when !order.Storefront.Paid => "received: waits for payment",
        OrderStatus.Received => "received",
        OrderStatus.Backordered => "waits for stock: " + string.Join(", ",
            order.Allocations.Where(a => a.Waiting > 0).Select(a => $"{a.Waiting} × {a.Sku} at {a.Location}")),
        OrderStatus.Allocated => "stock is reserved at " + string.Join(", ",
            order.Allocations.Select(a => a.Location).Distinct(StringComparer.Ordinal)),
        OrderStatus.Released => "the warehouse has the order",
        OrderStatus.PartiallyShipped => "shipped in part",
        OrderStatus.Shipped => "nothing is left to ship",
        OrderStatus.Cancelled =>
            $"cancelled: {order.CancelReason ?? order.Storefront?.CancelReason ?? "by the storefront"}",
        OrderStatus.OnHold => "on hold: " + (OrderFacts.FindProblem(order)
            ?? (order.HoldReason is null ? "by the storefront" : "waits for a person")),
        _ => order.Status.ToString(),
    };
}
