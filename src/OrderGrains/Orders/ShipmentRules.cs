using OrderGrains.Connectors;

namespace OrderGrains.Orders;

/// <summary>
/// Folds a parcel into an order. Pure. A parcel is a fact: whatever we asked for, its units have left. It is known by
/// its release and its own id, since warehouses number parcels for themselves.
/// </summary>
internal static class ShipmentRules
{
    public static Decision Ship(Order order, Release release, Shipment told)
    {
        var shipment = told with
        {
            Reference = release.Reference,
            Lines = [.. told.Lines.Select(line => Known(order, release, line))
                .GroupBy(line => line.LineId, StringComparer.Ordinal)
                .Select(line => line.First() with { Quantity = line.Sum(l => l.Quantity) })],
        };
        if (shipment.Lines.All(line => line.Sku is null))
            return new Decision.Reject($"neither release {release.Reference} nor its order has any of its lines");
        return order.Shipments.FirstOrDefault(s => IsSame(s, shipment)) is { } before
            ? Update(order, release, before, shipment)
            : Add(order, release, shipment);
    }

    private static Decision.Accept Add(Order order, Release release, Shipment shipment)
    {
        var units = shipment.Lines.Sum(l => l.Quantity);
        return Accept(
            order with { Shipments = [.. order.Shipments, shipment] }, release, shipment.Lines,
            $"{release.Warehouse} shipped {units} units of {release.Reference}");
    }

    /// <summary>A later word on a parcel: more of its lines, or where it is. What has left stays so.</summary>
    private static Decision Update(Order order, Release release, Shipment before, Shipment told)
    {
        foreach (var line in told.Lines)
        {
            if (before.Lines.FirstOrDefault(l => l.LineId == line.LineId) is { } known
                && known.Quantity != line.Quantity)
            {
                return new Decision.Reject($"shipment {before.ShipmentId} of {release.Reference} has {known.Quantity} "
                    + $"units of line {line.LineId}, and now {line.Quantity} are told: adjust the stock instead");
            }
        }

        ShippedLine[] more = [.. told.Lines.Where(line => before.Lines.All(l => l.LineId != line.LineId))];
        var after = before with
        {
            Carrier = told.Carrier ?? before.Carrier,
            TrackingNumber = told.TrackingNumber ?? before.TrackingNumber,
            TrackingUrl = told.TrackingUrl ?? before.TrackingUrl,
            Lines = more.Length > 0 ? [.. before.Lines, .. more] : before.Lines,
        };
        if (after == before)
            return new Decision.Duplicate($"shipment {before.ShipmentId} of {release.Reference} is known");
        var what = more.Length > 0
            ? $"{more.Sum(l => l.Quantity)} more units of shipment {before.ShipmentId} of {release.Reference}"
            : $"shipment {before.ShipmentId} of {release.Reference} has a new tracking number";
        return Accept(
            order with { Shipments = [.. order.Shipments.Select(s => s == before ? after : s)] }, release, more, what);
    }

    /// <summary>
    /// A shipment proves that the warehouse has the release, whatever else we had heard. Whether all of it has left is
    /// for the plan to say.
    /// </summary>
    private static Decision.Accept Accept(
        Order order, Release release, IReadOnlyList<ShippedLine> left, string summary)
    {
        var next = OrderLifecycle.Replace(order, release with
        {
            Status = release.Status == ReleaseStatus.Cancelling ? ReleaseStatus.Cancelling : ReleaseStatus.Accepted,
            Confirmed = release.Confirmed.Count > 0 ? release.Confirmed : release.Lines,
        });
        foreach (var line in left)
        {
            var (shipped, asked) =
                (OrderFacts.ShippedUnits(next, release, line.LineId), OrderFacts.Units(release.Asked, line.LineId));
            if (line.Sku is null)
                summary += $"; line {line.LineId} was never asked for, and nobody knows what it is";
            else if (shipped > asked)
                summary += $"; line {line.LineId}: {shipped} units have left, {asked} were asked for";
        }

        return new Decision.Accept(next, summary);
    }

    /// <summary>The line as we spell it, and its SKU: of this release, of another, or as it was sold.</summary>
    private static ShippedLine Known(Order order, Release release, ShippedLine line)
    {
        var asked = order.Releases.OrderByDescending(r => r.Number == release.Number).SelectMany(r => r.Asked)
            .FirstOrDefault(l => IsSame(l.LineId, line.LineId));
        if (asked is not null)
            return line with { LineId = asked.LineId, Sku = asked.Sku };
        return OrderFacts.WantedLines(order).FirstOrDefault(l => IsSame(l.LineId, line.LineId)) is { Sku: { } sku } sold
            ? line with { LineId = sold.LineId, Sku = sku } : line;
    }

    private static bool IsSame(Shipment one, Shipment other) =>
        one.Reference == other.Reference && IsSame(one.ShipmentId, other.ShipmentId);

    /// <summary>Warehouses change the case of what they are given.</summary>
    private static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
