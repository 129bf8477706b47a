using OrderGrains.Connectors;
using OrderGrains.Connectors.Wms;
using OrderGrains.Inventory;
using OrderGrains.Outbound;

namespace OrderGrains.Orders;

/// <summary>
/// Compares what the warehouses should have with what they were
/// asked, and says what to send. Pure, and by level, not by
/// edge: it looks at facts alone, so it comes to the same whatever happened in between.
/// </summary>
/// <remarks>
/// A release has at most one unanswered message. A change of lines waits for the answer; a stop does not wait, it
/// supersedes: messages of one reference go out one after the other, so a stop never overtakes what it stops.
/// </remarks>
public sealed class ReleasePlan
{
    private readonly OrderPolicy policy;
    private readonly Func<Guid> newId;
    private readonly List<PlannedMessage> messages = [];
    private readonly List<Guid> superseded = [];

    private ReleasePlan(Order order, OrderPolicy policy, Func<Guid> newId)
    {
        Next = order;
        this.policy = policy;
        this.newId = newId;
    }

    /// <summary>The order with its releases as planned, and its status.</summary>
    public Order Next { get; private set; }

    public IReadOnlyList<PlannedMessage> Messages => messages;

    /// <summary>Messages not to be sent any more.</summary>
    public IReadOnlyList<Guid> Superseded => superseded;

    /// <summary>Plans for an order whose allocations are up to date.</summary>
    /// <param name="order">The order.</param>
    /// <param name="policy">Its source's rules.</param>
    /// <param name="newId">Makes message ids.</param>
    public static ReleasePlan Of(Order order, OrderPolicy policy, Func<Guid> newId)
    {
        order = order with { Releases = [.. order.Releases.Select(r => Close(order, r))] };
        var plan = new ReleasePlan(order, policy, newId);
        if (OrderFacts.IsCancelled(order) || OrderFacts.IsHeld(order))
        {
            foreach (var release in order.Releases.Where(OrderFacts.IsLive))
                plan.Stop(release);
        }
        else
        {
            foreach (var location in policy.Locations)
                plan.Adjust(location);
        }

        plan.Next = plan.Next with { Status = OrderStatusRules.Derive(plan.Next) };
        return plan;
    }

    /// <summary>A release ends when every unit that the warehouse may ship has left.</summary>
    private static Release Close(Order order, Release release) =>
        release.Status is ReleaseStatus.Accepted or ReleaseStatus.Cancelling
        && release.Lines.All(l => OrderFacts.OutstandingUnits(order, release, l.LineId) == 0)
            ? release with { Status = ReleaseStatus.Shipped } : release;

    private void Stop(Release release)
    {
        if (release.Status == ReleaseStatus.Cancelling || release.StopRefused)
            return;
        if (release.MessageId is { } unanswered)
            superseded.Add(unanswered);
        Ask(release with { Status = ReleaseStatus.Cancelling }, MessageKind.Cancel);
    }

    private void Adjust(StockLocation location)
    {
        var live = Next.Releases.Where(r => r.Location == location.Name && OrderFacts.IsLive(r)).ToArray();
        if (live.Any(r => r.MessageId is not null))
            return;

        // Where what is not there follows later, it follows as a release of its own.
        var adjustable = live.LastOrDefault(r => !r.Frozen);
        var (kept, more) = (new List<ReleaseLine>(), new List<ReleaseLine>());
        foreach (var allocation in Next.Allocations.Where(a => a.Location == location.Name))
        {
            var elsewhere = live.Where(r => r != adjustable)
                .Sum(r => OrderFacts.OutstandingUnits(Next, r, allocation.LineId));
            var units = NeededUnits(allocation) - elsewhere;
            var keepMax = adjustable is null ? 0
                : policy.Backorders != Backorders.ShipWhatIsThere ? units
                : OrderFacts.Units(adjustable.Lines, allocation.LineId);
            Add(kept, allocation, Math.Min(units, keepMax));
            Add(more, allocation, units - keepMax);
        }

        // What may not begin to ship may still shrink: a refunded order is no longer paid.
        if (adjustable is not null && kept.Count == 0)
            Stop(adjustable);
        else if (adjustable is not null && !adjustable.Lines.SequenceEqual(kept))
            Ask(adjustable with { Lines = kept }, MessageKind.Change);
        if (more.Count > 0 && OrderFacts.IsReady(Next, policy))
            Open(location, more);
    }

    private static void Add(List<ReleaseLine> lines, Allocation allocation, int units)
    {
        if (units > 0)
            lines.Add(new ReleaseLine(allocation.LineId, allocation.Sku, units));
    }

    /// <summary>
    /// Units that nobody takes back and that are still wanted: more may be held until the warehouse agrees to fewer.
    /// Of a line that several locations send, what the others may still ship is not wanted here.
    /// </summary>
    private int NeededUnits(Allocation allocation)
    {
        if (OrderFacts.WantedLines(Next).FirstOrDefault(l => l.LineId == allocation.LineId) is not { } line)
            return 0;
        var elsewhere = Next.Allocations
            .TakeWhile(a => a != allocation)
            .Where(a => a.LineId == allocation.LineId && a.Location != allocation.Location)
            .Sum(a => a.AtWarehouse);
        return Math.Clamp(line.Remaining - elsewhere, 0, allocation.AtWarehouse);
    }

    private void Open(StockLocation location, IReadOnlyList<ReleaseLine> lines)
    {
        var number = Next.Releases.Count + 1;
        var release = new Release
        {
            Number = number,
            Reference = ReleaseReference.Of(Next.Key, number),
            Warehouse = location.Warehouse,
            Location = location.Name,
            Status = ReleaseStatus.Requested,
            Lines = lines,
        };
        Next = Next with { Releases = [.. Next.Releases, release] };
        Ask(release, MessageKind.Release);
    }

    private void Ask(Release release, MessageKind kind)
    {
        release = release with { MessageId = newId() };
        Next = OrderLifecycle.Replace(Next, release);
        messages.Add(new PlannedMessage(
            release.MessageId.Value, kind, release, kind == MessageKind.Cancel ? null : Request(release)));
    }

    private ReleaseRequest Request(Release release) => new()
    {
        Reference = release.Reference,
        Source = Next.Key.Source,
        OrderId = Next.Key.OrderId,
        OrderNumber = Next.Storefront!.Number,
        Location = release.Location,
        PlacedAt = Next.Storefront.PlacedAt,
        ShipTo = Next.Storefront.ShipTo,
        ShippingMethod = Next.Storefront.ShippingMethod,
        Lines = [.. release.Lines.Select(l => new ReleaseRequestLine(l.LineId, l.Sku, l.Quantity))],
    };
}

/// <summary>
/// A message that the plan wants sent about a release; <paramref name="Request"/> is null for a stop.
/// </summary>
public sealed record PlannedMessage(Guid Id, MessageKind Kind, Release Release, ReleaseRequest? Request);
