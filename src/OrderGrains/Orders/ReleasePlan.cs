using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

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
    private readonly OrderPolicy _policy;
    private readonly Func<Guid> _newId;
    private readonly List<PlannedMessage> _messages = [];
    private readonly List<Guid> _superseded = [];

    private ReleasePlan(Order order, OrderPolicy policy, Func<Guid> newId)
    {
        Next = order;
        _policy = policy;
        _newId = newId;
    }

    /// <summary>The order with its releases as planned, and its status.</summary>
    public Order Next { get; private set; }

    public IReadOnlyList<PlannedMessage> Messages => _messages;

    /// <summary>Messages not to be sent any more.</summary>
    public IReadOnlyList<Guid> Superseded => _superseded;

    /// <summary>Plans for an order whose allocations are up to date.</summary>
    /// <param name="order">The order.</param>
    /// <param name="policy">Its source's rules.</param>
    /// <param name="newId">Makes message ids.</param>
    public static ReleasePlan Of(Order order, OrderPolicy policy, Func<Guid> newId)
    {
        order = Close(order);
        var plan = new ReleasePlan(order, policy, newId);
        plan.DropUseless();
        if (OrderFacts.IsCancelled(order) || OrderFacts.IsHeld(order) || OrderFacts.IsPaymentEnded(order))
        {
            foreach (var release in plan.Next.Releases.Where(OrderFacts.IsLive).ToArray())
                plan.Stop(release);
        }
        else
        {
            foreach (var location in policy.Locations)
                plan.Adjust(location);
        }

        foreach (var release in plan.Next.Releases.Where(OrderFacts.IsLive).ToArray())
            plan.FindOut(release);
        plan.Next = plan.Next with { Status = OrderStatusRules.Derive(plan.Next) };
        return plan;
    }

    /// <summary>The order without releases of which nothing is left to ship: they hold no stock any more.</summary>
    public static Order Close(Order order) =>
        order.Releases.Any(r => Close(order, r) != r)
            ? order with { Releases = [.. order.Releases.Select(r => Close(order, r))] } : order;

    /// <summary>A release ends when every unit that the warehouse may ship has left.</summary>
    private static Release Close(Order order, Release release) =>
        release.Status is ReleaseStatus.Accepted or ReleaseStatus.Cancelling
        && release.Asked.All(l => OrderFacts.OutstandingUnits(order, release, l.LineId) == 0)
            ? release with { Status = ReleaseStatus.Shipped } : release;

    /// <summary>
    /// What a release that has ended still asks for is not sent any more. And where a message is under way while the
    /// recipient changes, nobody can tell which of them the warehouse was told.
    /// </summary>
    private void DropUseless()
    {
        var recipient = Next.Storefront is { } storefront ? ReleaseRequests.RecipientOf(storefront) : "";
        foreach (var release in Next.Releases.Where(r => r.MessageId is not null).ToArray())
        {
            if (!OrderFacts.IsLive(release))
            {
                _superseded.Add(release.MessageId!.Value);
                Next = OrderLifecycle.Replace(Next, release with { MessageId = null });
            }
            else if (release.Recipient != recipient)
            {
                Next = OrderLifecycle.Replace(Next, release with { Recipient = "" });
            }
        }
    }

    private void Stop(Release release)
    {
        if (release.Status == ReleaseStatus.Cancelling || release.StopRefused)
            return;
        if (release.MessageId is { } unanswered)
            _superseded.Add(unanswered);
        Ask(release with
        {
            Status = ReleaseStatus.Cancelling,
            SupersededId = release.MessageId ?? release.SupersededId,
        }, MessageKind.Cancel);
    }

    /// <summary>
    /// It will ship, and a change may have reached it whose answer is lost. It is asked for that change, or for what it
    /// agreed to before where that is a part of the change: should it say yes, it has these, and no more are held for
    /// it. Should it refuse a change that is no more than a part of what is held, it is asked for the other.
    /// </summary>
    private void FindOut(Release release)
    {
        if (release is not { StopRefused: true, MessageId: null, SupersededId: not null })
            return;
        var lines = AskedLines.Cover(release.Lines, release.Confirmed) ? release.Confirmed : release.Lines;
        var known = release.Frozen ? release.Asked.Where(l => l.Quantity > 0).ToArray() : release.Lines;
        if (!SameUnits(release.Confirmed, known))
            Ask(release with { Lines = lines }, MessageKind.Change);
    }

    /// <summary>
    /// Makes what the location's warehouse was asked for be what is wanted of it. One release can be changed, the
    /// newest that the warehouse has not said "too late" to; of the others each may ship what it has.
    /// </summary>
    private void Adjust(StockLocation location)
    {
        var live = Next.Releases.Where(r => r.Location == location.Name && OrderFacts.IsLive(r)).ToArray();
        if (live.Any(r => r.MessageId is not null))
            return;

        var adjustable = live.LastOrDefault(r => !r.Frozen && !r.StopRefused);
        var wanted = Next.Allocations.Where(a => a.Location == location.Name)
            .Select(a => (Allocation: a, Units: NeededUnits(a))).ToArray();
        foreach (var release in live.Where(r => r != adjustable))
            Leave(release, wanted);
        foreach (var release in Next.Releases.Where(r => r.Location == location.Name && OrderFacts.IsLive(r)
            && r is { Frozen: true, StopRefused: false, MessageId: null }).ToArray())
        {
            Change(release, release.Lines);
        }

        // Where what is not there follows later, it follows as a release of its own.
        var (kept, more) = (new List<ReleaseLine>(), new List<ReleaseLine>());
        foreach (var (allocation, units) in wanted)
        {
            var keepMax = adjustable is null ? 0
                : _policy.Backorders != Backorders.ShipWhatIsThere ? units
                : OrderFacts.Units(adjustable.Lines, allocation.LineId, allocation.Sku)
                    - OrderFacts.ShippedUnits(Next, adjustable, allocation.LineId, allocation.Sku);
            Add(kept, allocation, Math.Min(units, keepMax));
            Add(more, allocation, units - Math.Max(0, keepMax));
        }

        // What may not begin to ship may still shrink: a refunded order is no longer paid.
        if (adjustable is not null && kept.Count == 0)
            Stop(adjustable);
        else if (adjustable is not null)
            Change(adjustable, WithShipped(adjustable, kept));
        if (more.Count > 0 && OrderFacts.IsReady(Next, _policy))
            Open(location, more);
    }

    /// <summary>
    /// A release that cannot be changed takes its units from what is wanted. Where nothing of it is wanted any more,
    /// the warehouse is asked to stop it: that is another question than to change it.
    /// </summary>
    private void Leave(Release release, (Allocation Allocation, int Units)[] wanted)
    {
        var taken = 0;
        for (var at = 0; at < wanted.Length; at++)
        {
            var (allocation, units) = wanted[at];
            var ships = Math.Min(
                units, OrderFacts.OutstandingUnits(Next, release, allocation.LineId, allocation.Sku));
            wanted[at] = (allocation, units - ships);
            taken += ships;
        }

        if (taken == 0)
            Stop(release);
    }

    /// <summary>Asks for other lines, or tells another recipient as long as nothing has left.</summary>
    private void Change(Release release, IReadOnlyList<ReleaseLine> lines)
    {
        var told = release.Recipient == ReleaseRequests.RecipientOf(Next.Storefront!)
            || Next.Shipments.Any(s => s.Reference == release.Reference);
        if (!told || !SameUnits(release.Lines, lines))
            Ask(release with { Lines = lines }, MessageKind.Change);
    }

    /// <summary>A warehouse is told the whole release: what has left of it, and what is still to go.</summary>
    private ReleaseLine[] WithShipped(Release release, List<ReleaseLine> kept)
    {
        var lines = new List<ReleaseLine>(release.Lines.Count);
        foreach (var line in release.Lines)
        {
            var shipped = OrderFacts.ShippedUnits(Next, release, line.LineId, line.Sku);
            var units = OrderFacts.Units(kept, line.LineId, line.Sku);
            units = units > 0 ? shipped + units : Math.Min(shipped, line.Quantity);
            if (units > 0)
                lines.Add(line with { Quantity = units });
        }

        return
        [
            .. lines,
            .. kept.Where(l => OrderFacts.Units(lines, l.LineId, l.Sku) == 0).Select(l =>
                l with { Quantity = l.Quantity + OrderFacts.ShippedUnits(Next, release, l.LineId, l.Sku) }),
        ];
    }

    internal static bool SameUnits(IReadOnlyList<ReleaseLine> one, IReadOnlyList<ReleaseLine> other) =>
        one.Count == other.Count && one.All(other.Contains);

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
        if (OrderFacts.WantedLines(Next).FirstOrDefault(l => l.LineId == allocation.LineId && l.Sku == allocation.Sku)
            is not { } line)
        {
            return 0;
        }

        var elsewhere = Next.Allocations
            .TakeWhile(a => a != allocation)
            .Where(a => a.LineId == allocation.LineId && a.Sku == allocation.Sku && a.Location != allocation.Location)
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
        release = release with { MessageId = _newId() };
        if (kind != MessageKind.Cancel)
        {
            release = release with
            {
                Asked = AskedLines.Most(release.Asked, release.Lines),
                Recipient = ReleaseRequests.RecipientOf(Next.Storefront!),
            };
        }

        Next = OrderLifecycle.Replace(Next, release);
        _messages.Add(new PlannedMessage(release.MessageId.Value, kind, release));
    }
}

/// <summary>A message that the plan wants sent about a release.</summary>
public sealed record PlannedMessage(Guid Id, MessageKind Kind, Release Release);
