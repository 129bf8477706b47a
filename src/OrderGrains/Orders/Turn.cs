using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>What one turn of an order gathers for its commit.</summary>
internal sealed class Turn
{
    private readonly List<TimelineEntry> _timeline = [];

    /// <summary>The receipt that this turn settles, if one began it.</summary>
    public ReceiptRef? Receipt { get; init; }

    /// <summary>The message that this turn settles, if an answer began it.</summary>
    public Guid? Delivered { get; init; }

    /// <summary>When the receipt behind all this arrived.</summary>
    public DateTimeOffset? CausedAt { get; init; }

    public IReadOnlyList<TimelineEntry> Timeline => _timeline;

    /// <summary>Nothing caused it, and nothing came of it: a nudge that was needless.</summary>
    public bool IsEmpty => Receipt is null && Delivered is null && _timeline.Count == 0;

    public void Add(TimelineEntry entry) => _timeline.Add(entry);

    /// <summary>The turn as one text for the log, in our own words alone.</summary>
    public string Log() => string.Join("; ", _timeline.Select(t => t.Summary));

    /// <summary>Says what was decided: each message, and the status when it changed.</summary>
    public void Explain(ReleasePlan plan, OrderPolicy policy, OrderStatus? before, DateTimeOffset now)
    {
        foreach (var message in plan.Messages)
        {
            var release = message.Release;
            var units = release.Lines.Sum(l => l.Quantity);
            var (kind, summary) = message.Kind switch
            {
                MessageKind.Cancel =>
                    (TimelineKind.ReleaseStopping, $"ask {release.Warehouse} to stop {release.Reference}"),
                MessageKind.Change => (TimelineKind.ReleaseRequested,
                    $"ask {release.Warehouse} to change {release.Reference}: {units} units in all, newest address"),
                _ => (TimelineKind.ReleaseRequested,
                    $"ask {release.Warehouse} for {units} units as {release.Reference}"),
            };
            Add(new TimelineEntry(now, kind, summary, Receipt?.Id, message.Id));
        }

        if (plan.Next.Status != before)
        {
            var (kind, summary) = Describe(plan.Next, policy);
            Add(new TimelineEntry(now, kind, summary, Receipt?.Id, Said: Said(plan.Next)));
        }
    }

    /// <summary>Says of which lines more has gone than the buyer should get.</summary>
    public void ExplainExcess(Order? before, Order next, DateTimeOffset now)
    {
        foreach (var line in OrderFacts.WantedLines(next))
        {
            var units = next.Excess.GetValueOrDefault(line.LineId);
            if (units > (before?.Excess.GetValueOrDefault(line.LineId) ?? 0))
            {
                Add(new TimelineEntry(now, TimelineKind.LineExcess,
                    $"line {line.LineId} ({line.Sku}): {line.Gone} units have gone, {line.Elsewhere} of them by others;"
                    + $" {line.Quantity} were to go: {units} too many", Receipt?.Id));
            }
        }
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
                Add(new TimelineEntry(now, TimelineKind.ReservationTakenBack,
                    $"{old.Quantity - place.Quantity} × {old.Sku} at {old.Location} went back to waiting: they were "
                    + "not there, or an order placed before has them", Receipt?.Id));
            }
        }

        if (expired && next.Allocations.Count == 0 && before?.Allocations.Count > 0)
        {
            Add(new TimelineEntry(
                now, TimelineKind.ReservationExpired, "not paid in time: stock given back", Receipt?.Id));
        }

        foreach (var line in next.Unserved.Except(before?.Unserved ?? []))
        {
            var sku = next.Storefront?.Lines.FirstOrDefault(l => l.LineId == line.LineId)?.Sku;
            Add(new TimelineEntry(now, TimelineKind.LineCancelled,
                $"line {line.LineId} ({sku}): {line.Of - line.Kept} of {line.Of} units are cancelled: not there",
                Receipt?.Id));
        }
    }

    private static (TimelineKind Kind, string Summary) Describe(Order order, OrderPolicy policy) => order.Status switch
    {
        OrderStatus.Received => (TimelineKind.OrderReceived, DescribeReceived(order, policy)),
        OrderStatus.Backordered => (TimelineKind.OrderBackordered, "waits for stock: " + string.Join(", ",
            order.Allocations.Where(a => a.Waiting > 0).Select(a => $"{a.Waiting} × {a.Sku} at {a.Location}"))),
        OrderStatus.Allocated => (TimelineKind.OrderAllocated, "stock is reserved at " + string.Join(", ",
            order.Allocations.Select(a => a.Location).Distinct(StringComparer.Ordinal))),
        OrderStatus.Released => (TimelineKind.OrderReleased, "the warehouse has the order"),
        OrderStatus.PartiallyShipped => (TimelineKind.OrderPartiallyShipped, "shipped in part"),
        OrderStatus.Shipped => (TimelineKind.OrderShipped, "nothing is left to ship"),
        OrderStatus.Cancelled =>
            (TimelineKind.OrderCancelled, $"cancelled: {OrderFacts.FindCancelReason(order) ?? "by the storefront"}"),
        OrderStatus.OnHold => (TimelineKind.OrderOnHold, "on hold: " + (OrderFacts.FindProblem(order)
            ?? (order.HoldReason is null ? "by the storefront" : "waits for a person"))),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order.Status, "No words for this status."),
    };

    private static string DescribeReceived(Order order, OrderPolicy policy) =>
        order.Storefront is not { } storefront ? "received in part: the order itself has not come yet"
        : OrderFacts.FindKept(order, policy) is { } kept ? $"received and kept: nothing of it is sent, because {kept}"
        : storefront.Payment == Payment.Pending ? "received: waits for payment"
        : "received";

    /// <summary>The storefront's own words on a cancelled order.</summary>
    private static string? Said(Order order) =>
        order is { Status: OrderStatus.Cancelled, CancelReason: null } ? order.Storefront?.CancelReason : null;
}
