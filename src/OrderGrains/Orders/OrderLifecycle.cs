using System.Globalization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Folds what we are told into an order's facts. Pure: no clock,
/// no chance, no I/O. Facts are a newest-wins snapshot and
/// sets with ids, so that any permutation and duplication of one order's events ends in the same facts.
/// </summary>
public static class OrderLifecycle
{
    /// <param name="order">The order; a new one has no facts.</param>
    /// <param name="change">What we are told.</param>
    /// <param name="warehouse">Whose word it is, when a warehouse's: it speaks of its own releases alone.</param>
    public static Decision Decide(Order order, OrderChange change, string? warehouse) => change switch
    {
        OrderStated { RestoredAt: { } at } stated when !(at <= order.RestoredAt) =>
            Restore(order with { RestoredAt = at }, stated.Snapshot),
        OrderStated stated => State(order, stated.Snapshot),
        OrderAmended amended => Amend(order, amended.Amendment),
        FulfilmentStated stated => FulfilmentRules.State(order, stated),
        PartsStated stated => StorefrontHold.State(order, stated),
        OrderCancelled cancelled => Cancel(order, cancelled.Reason, cancelled.Said),
        OrderTrashed trashed => trashed.At <= order.TrashedAt
            ? new Decision.Duplicate("the order is known to be in the storefront's trash")
            : new Decision.Accept(order with { TrashedAt = trashed.At }, OrderFacts.Trashed),
        ShipmentMade made =>
            OfRelease(order, made.Shipment.Reference, warehouse,
                release => ShipmentRules.Ship(order, release, made.Shipment)),
        ReleaseRefused refused => OfRelease(order, refused.Reference, warehouse,
            release => EndRelease(order, release, ReleaseStatus.Refused, refused.Reason)),
        ReleaseCancelled cancelled => OfRelease(order, cancelled.Reference, warehouse,
            release => EndRelease(order, release, ReleaseStatus.Cancelled, null)),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "No rule for this change."),
    };

    /// <summary>Out of the trash again, be it that a snapshot said the same before or a newer one is known.</summary>
    private static Decision Restore(Order order, OrderSnapshot snapshot)
    {
        const string restored = "taken back out of the storefront's trash";
        return State(order, snapshot) switch
        {
            Decision.Accept accept => accept with { Summary = $"{restored}; {accept.Summary}" },
            Decision.Duplicate duplicate => new Decision.Accept(duplicate.Next ?? order, restored),
            Decision.Stale stale => new Decision.Accept(stale.Next ?? order, restored),
            var decision => decision,
        };
    }

    private static Decision State(Order order, OrderSnapshot snapshot)
    {
        var (known, earlier) = (order.Storefront, order.EarlierUnits);
        if (known is not null)
        {
            if (SnapshotVersion.DifferByUnits(snapshot, known))
            {
                var (beside, isNewest) = SameSecondRules.State(order, known, snapshot);
                // Even an older one may tell that what was added is in the newer already.
                return isNewest || beside.Amendments.Count != order.Amendments.Count
                    ? new Decision.Accept(beside, $"version {Text(snapshot.UpdatedAt)}: {Describe(snapshot)}")
                    : new Decision.Stale($"version {Text(snapshot.UpdatedAt)} was known with other units", beside);
            }

            var compared = SnapshotVersion.Compare(snapshot, known);
            if (compared < 0)
                return Older(order, known, snapshot);
            if (compared == 0)
            {
                // Said again, later: what was said in between does not hold any more, should it still come.
                return new Decision.Duplicate(
                    $"version {Text(known.UpdatedAt)} is known",
                    snapshot.TriggeredAt > known.TriggeredAt ? order with { Storefront = snapshot } : null);
            }

            if (!ShownAmendments.SameSecond(snapshot.UpdatedAt, known.UpdatedAt))
            {
                earlier = ShownAmendments.UnitsOf(known);
                order = order with { Rival = null, ShownEdits = [], EarlierAt = known.UpdatedAt };
            }
        }

        var next = order with
        {
            Storefront = snapshot,
            Fulfilments = FulfilmentRules.NotShown(order, snapshot),
            EarlierUnits = earlier,
            ShownEdits = [.. order.ShownEdits, .. order.Amendments.Where(a => a.Kind == AmendmentKind.Edit
                && ShownAmendments.SameSecond(a.At, snapshot.UpdatedAt)
                && ShownAmendments.IsShown(snapshot, earlier, a))],
            Amendments = [.. order.Amendments.Where(a => !ShownAmendments.IsShown(snapshot, earlier, a))],
            ClosedBefore = order.ClosedBefore || (known is null && snapshot.Closed && order.Releases.Count == 0),
        };
        return new Decision.Accept(next, $"version {Text(snapshot.UpdatedAt)}: {Describe(snapshot)}");
    }

    /// <summary>
    /// A snapshot that is not the newest, but may be the newest before it: then it tells whether the edits of the
    /// newest one's second are in that.
    /// </summary>
    private static Decision Older(Order order, OrderSnapshot known, OrderSnapshot snapshot)
    {
        var reason = $"version {Text(snapshot.UpdatedAt)} is older than {Text(known.UpdatedAt)}";
        var units = ShownAmendments.UnitsOf(snapshot);
        if (ShownAmendments.SameSecond(snapshot.UpdatedAt, known.UpdatedAt) || snapshot.UpdatedAt < order.EarlierAt
            || (snapshot.UpdatedAt == order.EarlierAt && units.Values.Sum() >= order.EarlierUnits?.Values.Sum()))
        {
            return new Decision.Stale(reason);
        }

        var edits = SameSecondRules.Edits(order, known);
        var shown = edits.Where(e => ShownAmendments.IsShown(known, units, e)).ToArray();
        var next = order with
        {
            EarlierUnits = units,
            EarlierAt = snapshot.UpdatedAt,
            ShownEdits = shown,
            Amendments = [.. order.Amendments.Except(edits).Concat(edits.Except(shown))
                .OrderBy(a => a.Kind).ThenBy(a => a.Id, StringComparer.Ordinal)],
        };
        return next.Amendments.Count == order.Amendments.Count
            ? new Decision.Stale(reason, next)
            : new Decision.Accept(next, $"{reason}, and tells which edits that one shows");
    }

    private static Decision Amend(Order order, Amendment amendment)
    {
        var name = $"{amendment.Kind.ToString().ToLowerInvariant()} {amendment.Id}";
        if (order.Amendments.Concat(order.ShownEdits).Any(a => a.Kind == amendment.Kind && a.Id == amendment.Id))
            return new Decision.Duplicate($"{name} is known");
        var units = amendment.Lines.Sum(l => l.Delta);
        var what = $"{name}: {units.ToString("+0;-0;0", CultureInfo.InvariantCulture)} units";
        if (order.Storefront is { } storefront)
        {
            var isEdit = amendment.Kind == AmendmentKind.Edit
                && ShownAmendments.SameSecond(amendment.At, storefront.UpdatedAt);
            if (isEdit && SameSecondRules.Amend(order, storefront, amendment) is { } explained)
                return new Decision.Accept(explained, what);
            if (ShownAmendments.IsShown(storefront, order.EarlierUnits, amendment))
            {
                return new Decision.Stale($"the order shows {name} already",
                    isEdit ? order with { ShownEdits = [.. order.ShownEdits, amendment] } : null);
            }
        }

        // Kept in one order whatever the order of arrival, so that equal facts are equal rows.
        var amendments = order.Amendments.Append(amendment)
            .OrderBy(a => a.Kind).ThenBy(a => a.Id, StringComparer.Ordinal).ToArray();
        return new Decision.Accept(order with { Amendments = amendments }, what);
    }

    private static Decision Cancel(Order order, string reason, string? said) =>
        order.CancelReason is not null
            ? new Decision.Duplicate("the order is cancelled already")
            : new Decision.Accept(order with { CancelReason = reason }, $"cancelled: {reason}", said);

    private static Decision OfRelease(
        Order order, string reference, string? warehouse, Func<Release, Decision> decide)
    {
        if (OrderFacts.FindRelease(order, reference) is not { } release)
            return new Decision.Reject($"the order has no release {reference}");
        return warehouse is null || release.Warehouse == warehouse
            ? decide(release)
            : new Decision.Reject($"release {reference} is at {release.Warehouse}, not at {warehouse}");
    }

    private static Decision EndRelease(Order order, Release release, ReleaseStatus end, string? reason)
    {
        var reference = release.Reference;
        if (!OrderFacts.IsLive(release))
            return new Decision.Stale($"release {reference} has ended already");
        var next = Replace(order, release with { Status = end });
        if (end == ReleaseStatus.Cancelled && release.Status == ReleaseStatus.Cancelling)
            return new Decision.Accept(next, $"{release.Warehouse} stopped {reference}");

        // The warehouse stopped on its own: sending the same again would loop, so a person decides.
        var hold = HeldFor(release, end, reason);
        return new Decision.Accept(next with { HoldReason = order.HoldReason ?? hold }, hold.What, reason);
    }

    /// <summary>Why an order is held of which the warehouse ended a release of its own accord.</summary>
    internal static HoldReason HeldFor(Release release, ReleaseStatus end, string? reason) => new(
        HeldBy.Warehouse,
        $"{release.Warehouse} {(end == ReleaseStatus.Refused ? "refused" : "cancelled")} {release.Reference}", reason);

    internal static Order Replace(Order order, Release release) =>
        order with { Releases = [.. order.Releases.Select(r => r.Number == release.Number ? release : r)] };

    private static string Describe(OrderSnapshot snapshot)
    {
        var units = snapshot.Lines.Where(l => l.Shippable).Sum(l => l.Quantity);
        var state = snapshot.Cancelled ? "cancelled" : snapshot.AllGone ? "all has gone" : snapshot.Payment switch
        {
            Payment.Paid => "paid",
            Payment.Ended => "its money is given back or will not come",
            _ => "not paid",
        };
        return snapshot.AllGone ? state : $"{state}, {units} units to ship";
    }

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
