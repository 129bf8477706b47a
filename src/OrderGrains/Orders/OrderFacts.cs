using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// What follows from an order's facts: pure readings that the rules share. They run dozens of times for each change of
/// an order, so the smallest are loops, which allocate nothing.
/// </summary>
public static class OrderFacts
{
    internal const string Trashed = "deleted in the storefront";

    /// <summary>The shippable lines as they now are, with amendments that the snapshot does not show.</summary>
    public static IReadOnlyList<WantedLine> WantedLines(Order order)
    {
        if (order.Storefront is not { } storefront)
            return [];
        var lines = new List<WantedLine>(storefront.Lines.Count);
        foreach (var line in storefront.Lines)
        {
            if (!line.Shippable)
                continue;
            var quantity = ServedUnits(order, line.LineId, StatedUnits(order, line));
            if (line.Sku is not { } sku || !order.Bundles.TryGetValue(sku, out var parts))
            {
                lines.Add(Gone(storefront, new WantedLine(
                    line.LineId, line.Sku, quantity, ElsewhereUnits(order, line.LineId),
                    ShippedUnits(order, line.LineId))));
                continue;
            }

            for (var part = 0; part < parts.Count; part++)
                lines.Add(Gone(storefront, Part(order, line, quantity, parts[part], part)));
        }

        return lines;
    }

    /// <summary>Where all has gone, others sent what our warehouses have not.</summary>
    private static WantedLine Gone(OrderSnapshot storefront, WantedLine line) => storefront.AllGone
        ? line with { Elsewhere = Math.Max(0, line.Quantity - line.Shipped) } : line;

    /// <summary>A bundle's part is a line of its own everywhere but at the storefront: warehouses ship lines.</summary>
    private static WantedLine Part(Order order, SnapshotLine line, int quantity, BundlePart part, int index)
    {
        var lineId = $"{line.LineId}:{index + 1}";
        return new WantedLine(
            lineId, part.Sku, quantity * part.Units, ElsewhereUnits(order, line.LineId) * part.Units,
            ShippedUnits(order, lineId))
        {
            StatedLineId = line.LineId,
            Each = part.Units,
        };
    }

    /// <summary>Units of a storefront's line as sold, with amendments that the snapshot does not show.</summary>
    public static int StatedUnits(Order order, SnapshotLine line) =>
        Math.Max(0, line.Quantity + AmendedUnits(order, line.LineId));

    /// <summary>Units that a line still has to be sent; none once the order is cancelled.</summary>
    public static int RemainingUnits(Order order, WantedLine line) => IsCancelled(order) ? 0 : line.Remaining;

    /// <summary>
    /// Parcels that the storefront knows of, be they ours or others'. One that it stated by itself is the newer.
    /// </summary>
    public static IReadOnlyList<Fulfilment> Fulfilments(Order order)
    {
        var shown = order.Storefront?.Fulfilments ?? [];
        return order.Fulfilments.Count == 0 ? shown :
        [
            .. shown.Where(f => order.Fulfilments.All(stated => stated.Fulfilment.Id != f.Id)),
            .. order.Fulfilments.Select(stated => stated.Fulfilment),
        ];
    }

    /// <summary>Units of a storefront's line in parcels that the storefront knows of and that are not ours.</summary>
    public static int ElsewhereUnits(Order order, string lineId)
    {
        var units = 0;
        foreach (var fulfilment in Fulfilments(order))
        {
            foreach (var line in fulfilment.Lines)
                units += line.LineId == lineId && !IsOurs(order, fulfilment) ? line.Quantity : 0;
        }

        return units;
    }

    /// <summary>
    /// A parcel of the storefront's is one of our shipments: the storefront recorded it at our word, or it has its
    /// tracking number.
    /// </summary>
    public static bool IsOurs(Order order, Fulfilment fulfilment) => order.Shipments.Any(shipment =>
        (shipment.FulfilmentId is { } recorded && recorded == fulfilment.Id)
        || MayBe(shipment, fulfilment)
        || shipment.EarlierNumbers.Append(shipment.TrackingNumber).OfType<string>().Any(ours =>
            fulfilment.TrackingNumbers.Any(theirs => TrackingNumbers.Same(ours, theirs))));

    /// <summary>
    /// The storefront is being told of a parcel without a number, and what it shows may be that: its answer will tell.
    /// </summary>
    private static bool MayBe(Shipment shipment, Fulfilment fulfilment) =>
        shipment is { MessageId: not null, FulfilmentId: null, TrackingNumber: null }
        && fulfilment.TrackingNumbers.Count == 0
        && fulfilment.Lines.All(theirs => theirs.Quantity
            <= shipment.Lines.Where(ours => ours.LineId == theirs.LineId).Sum(ours => ours.Quantity));

    /// <summary>Units of a line in all shipments so far.</summary>
    public static int ShippedUnits(Order order, string lineId) =>
        ShippedUnits(order, null, lineId);

    /// <summary>Units of a line that the warehouse may still ship from a location, whatever we now want.</summary>
    public static int OutstandingUnits(Order order, string lineId, string location, string? sku = null)
    {
        var units = 0;
        foreach (var release in order.Releases)
        {
            if (release.Location == location && IsLive(release))
                units += OutstandingUnits(order, release, lineId, sku);
        }

        return units;
    }

    /// <summary>The same for one release: the most that it may ship, less what it shipped.</summary>
    /// <param name="order">The order.</param>
    /// <param name="release">The release.</param>
    /// <param name="lineId">The line.</param>
    /// <param name="sku">Of this SKU alone, where the storefront has put another into the line; null: of all.</param>
    public static int OutstandingUnits(Order order, Release release, string lineId, string? sku = null) =>
        Math.Max(0, Units(release.Asked, lineId, sku) - ShippedUnits(order, release, lineId, sku));

    /// <summary>Units of a line that one release has shipped; null: that all have.</summary>
    public static int ShippedUnits(Order order, Release? release, string lineId, string? sku = null)
    {
        var units = 0;
        foreach (var shipment in order.Shipments)
        {
            if (release is not null && shipment.Reference != release.Reference)
                continue;
            foreach (var line in shipment.Lines)
                units += line.LineId == lineId && (sku is null || line.Sku == sku) ? line.Quantity : 0;
        }

        return units;
    }

    public static int Units(IReadOnlyList<ReleaseLine> lines, string lineId, string? sku = null)
    {
        var units = 0;
        foreach (var line in lines)
            units += line.LineId == lineId && (sku is null || line.Sku == sku) ? line.Quantity : 0;
        return units;
    }

    public static Release? FindRelease(Order order, string reference) =>
        order.Releases.FirstOrDefault(r => r.Reference.Equals(reference, StringComparison.OrdinalIgnoreCase));

    /// <summary>The warehouse has the release, or may have it.</summary>
    public static bool IsLive(Release release) =>
        release.Status is ReleaseStatus.Requested or ReleaseStatus.Accepted or ReleaseStatus.Cancelling;

    public static bool IsCancelled(Order order) =>
        FindCancelReason(order) is not null || order.Storefront?.Cancelled == true;

    /// <summary>Why the order is cancelled other than by its snapshot; null when it is not.</summary>
    public static string? FindCancelReason(Order order) =>
        order.CancelReason ?? (order.TrashedAt is { } at && !(order.RestoredAt > at) ? Trashed : null);

    public static bool IsHeld(Order order) =>
        order.HoldReason is not null || order.Storefront?.Held == true || StorefrontHold.Find(order) is not null;

    /// <summary>No money is there, and none will come: nothing is sent, and what is on its way is stopped.</summary>
    public static bool IsPaymentEnded(Order order) => order.Storefront?.Payment == Payment.Ended;

    /// <summary>What only the storefront can mend before the order can ship; null when nothing is wrong.</summary>
    public static string? FindProblem(Order order)
    {
        if (order.Storefront is not { } storefront)
            return null;
        foreach (var line in WantedLines(order))
        {
            if (line.Remaining == 0)
                continue;
            if (storefront.Payment == Payment.Ended)
                return "its money was given back whole, or will not come";
            if (storefront.HandedOver)
                return "a person hands it over (local pickup or point of sale)";
            if (line.Sku is null)
                return $"line {line.LineId} has no SKU";
            if (storefront.ShipTo is not { } to || (to.Address1 + to.City + to.PostalCode).Trim().Length == 0)
                return "it has no shipping address";
        }

        foreach (var line in order.Amendments.SelectMany(a => a.Lines))
        {
            if (storefront.Lines.All(l => l.LineId != line.LineId) && AmendedUnits(order, line.LineId) > 0)
                return $"an edit added line {line.LineId}, which the storefront has not sent yet";
        }

        return null;
    }

    /// <summary>The order may be reserved and released.</summary>
    public static bool IsReady(Order order, OrderPolicy policy) =>
        order.Storefront is { } storefront
        && (storefront.Payment == Payment.Paid || policy.ReleaseWhen == ReleaseWhen.Placed)
        && MayShip(order) && FindKept(order, policy) is null;

    /// <summary>Stock may be reserved for the order, be it that it may not be released yet.</summary>
    public static bool MayReserve(Order order, OrderPolicy policy, DateTimeOffset now) =>
        IsReady(order, policy)
        || (policy.ReserveWhen == ReserveWhen.Placed && MayShip(order) && FindKept(order, policy) is null
            && !(ReservedUntil(order, policy) <= now));

    /// <summary>Why nothing of an order is ever sent, though nothing is wrong with it; null: it may be.</summary>
    public static string? FindKept(Order order, OrderPolicy policy) =>
        order.ClosedBefore ? "the storefront had put it away before it was heard of"
        : order.Storefront?.PlacedAt < policy.OrdersSince ? "it was placed before the source's OrdersSince"
        : null;

    /// <summary>Until when the order keeps its reservations though it is not paid; null: for ever.</summary>
    public static DateTimeOffset? ReservedUntil(Order order, OrderPolicy policy) =>
        order.Storefront is { Payment: Payment.Pending } storefront && policy.ReleaseWhen != ReleaseWhen.Placed
            ? storefront.PlacedAt + policy.UnpaidReservedMax : null;

    private static bool MayShip(Order order) =>
        order.Storefront is not null && !IsCancelled(order) && !IsHeld(order) && FindProblem(order) is null;

    /// <summary>Of the units of a storefront's line, those that are not given up for want of stock.</summary>
    public static int ServedUnits(Order order, string lineId, int stated)
    {
        foreach (var unserved in order.Unserved)
        {
            if (unserved.LineId == lineId)
                return Math.Min(stated, unserved.Kept) + Math.Max(0, stated - unserved.Of);
        }

        return stated;
    }

    private static int AmendedUnits(Order order, string lineId)
    {
        var units = 0;
        foreach (var amendment in order.Amendments)
        {
            foreach (var line in amendment.Lines)
                units += line.LineId == lineId ? line.Delta : 0;
        }

        return units;
    }
}

/// <summary>One shippable line as it now is, in units.</summary>
/// <param name="Quantity">To be sent in all.</param>
/// <param name="Elsewhere">Sent by others, as the storefront says.</param>
/// <param name="Shipped">Sent, as our warehouses say.</param>
public sealed record WantedLine(string LineId, string? Sku, int Quantity, int Elsewhere, int Shipped)
{
    /// <summary>The storefront's line that it is, or is a part of.</summary>
    public string StatedLineId { get; init; } = LineId;

    /// <summary>Units of this line in one unit of the storefront's.</summary>
    public int Each { get; init; } = 1;

    /// <summary>Units of the storefront's line that so many of this one are part of.</summary>
    public int UnitsOf(int units) => (units + Each - 1) / Each;

    /// <summary>Units that have gone, whoever sent them.</summary>
    public int Gone => Shipped + Elsewhere;

    public int Remaining => Math.Max(0, Quantity - Gone);
}
