using System.Globalization;
using OrderGrains.Connectors;

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
        OrderStated stated => State(order, stated.Snapshot),
        OrderAmended amended => Amend(order, amended.Amendment),
        OrderCancelled cancelled => Cancel(order, cancelled.Reason),
        ShipmentMade made =>
            OfRelease(order, made.Shipment.Reference, warehouse, release => Ship(order, release, made.Shipment)),
        ReleaseRefused refused => OfRelease(order, refused.Reference, warehouse,
            release => EndRelease(order, release, ReleaseStatus.Refused, refused.Reason)),
        ReleaseCancelled cancelled => OfRelease(order, cancelled.Reference, warehouse,
            release => EndRelease(order, release, ReleaseStatus.Cancelled, null)),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "No rule for this change."),
    };

    private static Decision State(Order order, OrderSnapshot snapshot)
    {
        if (order.Storefront is { } known)
        {
            var compared = SnapshotVersion.Compare(snapshot, known);
            if (compared < 0)
                return new Decision.Stale($"version {Text(snapshot.UpdatedAt)} is older than {Text(known.UpdatedAt)}");
            if (compared == 0)
                return new Decision.Duplicate($"version {Text(known.UpdatedAt)} is known");
        }

        var next = order with
        {
            Storefront = snapshot,
            Amendments = [.. order.Amendments.Where(a => !Shows(snapshot, a))],
        };
        return new Decision.Accept(next, $"version {Text(snapshot.UpdatedAt)}: {Describe(snapshot)}");
    }

    private static Decision Amend(Order order, Amendment amendment)
    {
        if (order.Amendments.Any(a => a.Id == amendment.Id))
            return new Decision.Duplicate($"{amendment.Id} is known");
        if (order.Storefront is { } storefront && Shows(storefront, amendment))
            return new Decision.Stale($"the order shows {amendment.Id} already");

        // Kept in one order whatever the order of arrival, so that equal facts are equal rows.
        var amendments = order.Amendments.Append(amendment).OrderBy(a => a.Id, StringComparer.Ordinal).ToArray();
        var units = amendment.Lines.Sum(l => l.Delta);
        return new Decision.Accept(
            order with { Amendments = amendments },
            $"{amendment.Id}: {units.ToString("+0;-0;0", CultureInfo.InvariantCulture)} units");
    }

    private static Decision Cancel(Order order, string reason) =>
        order.CancelReason is not null
            ? new Decision.Duplicate("the order is cancelled already")
            : new Decision.Accept(order with { CancelReason = reason }, $"cancelled: {reason}");

    private static Decision OfRelease(
        Order order, string reference, string? warehouse, Func<Release, Decision> decide)
    {
        if (OrderFacts.FindRelease(order, reference) is not { } release)
            return new Decision.Reject($"the order has no release {reference}");
        return warehouse is null || release.Warehouse == warehouse
            ? decide(release)
            : new Decision.Reject($"release {reference} is at {release.Warehouse}, not at {warehouse}");
    }

    private static Decision Ship(Order order, Release release, Shipment shipment)
    {
        if (order.Shipments.Any(s => s.ShipmentId == shipment.ShipmentId))
            return new Decision.Duplicate($"shipment {shipment.ShipmentId} is known");
        foreach (var line in shipment.Lines)
        {
            if (OrderFacts.Units(release.Lines, line.LineId) + OrderFacts.Units(release.Confirmed, line.LineId) == 0)
                return new Decision.Reject($"release {release.Reference} has no line {line.LineId}");
        }

        // A shipment proves that the warehouse has the release, whatever else we had heard, and that it is too late to
        // change it. Whether all of it has left is for the plan to say, when what we last asked for is answered.
        var next = Replace(order with { Shipments = [.. order.Shipments, shipment] }, release with
        {
            Status = release.Status == ReleaseStatus.Cancelling ? ReleaseStatus.Cancelling : ReleaseStatus.Accepted,
            Confirmed = release.Confirmed.Count > 0 ? release.Confirmed : release.Lines,
            Frozen = true,
        });
        var units = shipment.Lines.Sum(l => l.Quantity);
        return new Decision.Accept(next, $"{release.Warehouse} shipped {units} units of {release.Reference}");
    }

    private static Decision EndRelease(Order order, Release release, ReleaseStatus end, string? reason)
    {
        var reference = release.Reference;
        if (!OrderFacts.IsLive(release))
            return new Decision.Stale($"release {reference} has ended already");
        var next = Replace(order, release with { Status = end, MessageId = null });
        if (end == ReleaseStatus.Cancelled && release.Status == ReleaseStatus.Cancelling)
            return new Decision.Accept(next, $"{release.Warehouse} stopped {reference}");

        // The warehouse stopped on its own: sending the same again would loop, so a person decides.
        var what = $"{release.Warehouse} {(end == ReleaseStatus.Refused ? "refused" : "cancelled")} {reference}";
        var hold = reason is null ? what : $"{what}: {reason}";
        return new Decision.Accept(next with { HoldReason = order.HoldReason ?? hold }, what, reason);
    }

    internal static Order Replace(Order order, Release release) =>
        order with { Releases = [.. order.Releases.Select(r => r.Number == release.Number ? release : r)] };

    private static bool Shows(OrderSnapshot snapshot, Amendment amendment) =>
        amendment.Id.StartsWith("refund:", StringComparison.Ordinal) && snapshot.RefundIds is { } ids
            ? ids.Contains(amendment.Id, StringComparer.Ordinal)
            : amendment.At <= snapshot.UpdatedAt;

    private static string Describe(OrderSnapshot snapshot)
    {
        var units = snapshot.Lines.Where(l => l.Shippable).Sum(l => l.Quantity);
        var state = snapshot.Cancelled ? "cancelled" : snapshot.Paid ? "paid" : "not paid";
        return $"{state}, {units} units to ship";
    }

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
