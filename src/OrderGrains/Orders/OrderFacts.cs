using OrderGrains.Connectors;

namespace OrderGrains.Orders;

/// <summary>
/// What follows from an order's facts: pure readings that the rules share. They run dozens of times for each change of
/// an order, so the smallest are loops, which allocate nothing.
/// </summary>
public static class OrderFacts
{
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
                lines.Add(
                    new WantedLine(line.LineId, line.Sku, quantity, line.Fulfilled, ShippedUnits(order, line.LineId)));
                continue;
            }

            for (var part = 0; part < parts.Count; part++)
                lines.Add(Part(order, line, quantity, parts[part], part));
        }

        return lines;
    }

    /// <summary>A bundle's part is a line of its own everywhere but at the storefront: warehouses ship lines.</summary>
    private static WantedLine Part(Order order, SnapshotLine line, int quantity, BundlePart part, int index)
    {
        var lineId = $"{line.LineId}:{index + 1}";
        return new WantedLine(
            lineId, part.Sku, quantity * part.Units, line.Fulfilled * part.Units, ShippedUnits(order, lineId))
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

    /// <summary>Units of a line in all shipments so far.</summary>
    public static int ShippedUnits(Order order, string lineId) =>
        ShippedUnits(order, null, lineId);

    /// <summary>Units of a line that the warehouse may still ship from a location, whatever we now want.</summary>
    public static int OutstandingUnits(Order order, string lineId, string location)
    {
        var units = 0;
        foreach (var release in order.Releases)
        {
            if (release.Location == location && IsLive(release))
                units += OutstandingUnits(order, release, lineId);
        }

        return units;
    }

    /// <summary>
    /// The same for one release: the larger of what we asked and what it agreed to, less what it shipped.
    /// </summary>
    public static int OutstandingUnits(Order order, Release release, string lineId)
    {
        var asked = Math.Max(Units(release.Lines, lineId), Units(release.Confirmed, lineId));
        return Math.Max(0, asked - ShippedUnits(order, release, lineId));
    }

    /// <summary>Units of a line that one release has shipped; null: that all have.</summary>
    public static int ShippedUnits(Order order, Release? release, string lineId)
    {
        var units = 0;
        foreach (var shipment in order.Shipments)
        {
            if (release is not null && shipment.Reference != release.Reference)
                continue;
            foreach (var line in shipment.Lines)
                units += line.LineId == lineId ? line.Quantity : 0;
        }

        return units;
    }

    public static int Units(IReadOnlyList<ReleaseLine> lines, string lineId)
    {
        var units = 0;
        foreach (var line in lines)
            units += line.LineId == lineId ? line.Quantity : 0;
        return units;
    }

    public static Release? FindRelease(Order order, string reference) =>
        order.Releases.FirstOrDefault(r => r.Reference == reference);

    /// <summary>The warehouse has the release, or may have it.</summary>
    public static bool IsLive(Release release) =>
        release.Status is ReleaseStatus.Requested or ReleaseStatus.Accepted or ReleaseStatus.Cancelling;

    public static bool IsCancelled(Order order) =>
        order.CancelReason is not null || order.Storefront?.Cancelled == true;

    public static bool IsHeld(Order order) => order.HoldReason is not null || order.Storefront?.Held == true;

    /// <summary>What only the storefront can mend before the order can ship; null when nothing is wrong.</summary>
    public static string? FindProblem(Order order)
    {
        if (order.Storefront is not { } storefront)
            return null;
        foreach (var line in WantedLines(order))
        {
            if (line.Sku is null && line.Remaining > 0)
                return $"line {line.LineId} has no SKU";
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
        && (storefront.Paid || policy.ReleaseWhen == ReleaseWhen.Placed)
        && MayShip(order);

    /// <summary>Stock may be reserved for the order, be it that it may not be released yet.</summary>
    public static bool MayReserve(Order order, OrderPolicy policy, DateTimeOffset now) =>
        IsReady(order, policy)
        || (policy.ReserveWhen == ReserveWhen.Placed && MayShip(order) && !(ReservedUntil(order, policy) <= now));

    /// <summary>Until when the order keeps its reservations though it is not paid; null: for ever.</summary>
    public static DateTimeOffset? ReservedUntil(Order order, OrderPolicy policy) =>
        order.Storefront is { Paid: false } storefront && policy.ReleaseWhen != ReleaseWhen.Placed
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
/// <param name="Fulfilled">Sent, as the storefront says.</param>
/// <param name="Shipped">Sent, as our warehouses say.</param>
public sealed record WantedLine(string LineId, string? Sku, int Quantity, int Fulfilled, int Shipped)
{
    /// <summary>The storefront's line that it is, or is a part of.</summary>
    public string StatedLineId { get; init; } = LineId;

    /// <summary>Units of this line in one unit of the storefront's.</summary>
    public int Each { get; init; } = 1;

    /// <summary>Units of the storefront's line that so many of this one are part of.</summary>
    public int UnitsOf(int units) => (units + Each - 1) / Each;

    public int Remaining => Math.Max(0, Quantity - Math.Max(Shipped, Fulfilled));
}
