
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Folds a parcel into an order. Pure. A parcel is a fact: whatever we asked for, its units have left. It is known by
/// its release and its own id, since warehouses number parcels for themselves.
/// </summary>
internal static class ShipmentRules
{
    public static Decision Ship(Order order, Release release, Shipment told)
    {
        told = told with { Reference = release.Reference };
        var before = order.Shipments.FirstOrDefault(s => IsSame(s, told));
        if (before is not null && SkuLines.FindContradiction(before, told.Lines) is { } reason)
            return new Decision.Reject(reason);
        told = told with { Lines = Spelled(order, release, before, told.Lines) };
        if (before is not null)
            return Update(order, release, before, told);
        var shipment = told with { Lines = WithSkus(order, release, told.Lines) };
        return shipment.Lines.All(line => line.Sku is null)
            ? new Decision.Reject($"neither release {release.Reference} nor its order has any of its lines")
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
            var known = before.Lines.Where(l => IsOf(line, l)).Sum(l => l.Quantity);
            if (known > 0 && known != line.Quantity)
            {
                return new Decision.Reject($"shipment {before.ShipmentId} of {release.Reference} has {known} "
                    + $"units of line {line.LineId}, and now {line.Quantity} are told: adjust the stock instead");
            }
        }

        var more = WithSkus(order, release,
            [.. told.Lines.Where(line => !before.Lines.Any(l => IsOf(line, l)))]);
        // A number that is older than the one that we know came late.
        if (told.NumberedAt < before.NumberedAt)
            told = told with { Carrier = null, TrackingNumber = null, TrackingUrl = null };
        var isNew = told.TrackingNumber is not null && told.TrackingNumber != before.TrackingNumber;
        var renumbered = isNew && before.TrackingNumber is not null;
        var after = before with
        {
            Carrier = told.Carrier ?? before.Carrier,
            TrackingNumber = told.TrackingNumber ?? before.TrackingNumber,
            EarlierNumbers = renumbered
                ? [.. before.EarlierNumbers, before.TrackingNumber!] : before.EarlierNumbers,
            TrackingUrl = told.TrackingUrl ?? before.TrackingUrl,
            NumberedAt = isNew ? told.NumberedAt : before.NumberedAt,
            Lines = more.Count > 0 ? [.. before.Lines, .. more] : before.Lines,
        };
        if (after == before)
            return new Decision.Duplicate($"shipment {before.ShipmentId} of {release.Reference} is known");
        var what = more.Count > 0
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
        foreach (var line in left.DistinctBy(l => l.LineId, StringComparer.Ordinal))
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

    /// <summary>
    /// The lines as we spell them, each once. What the warehouse knows by its SKU alone keeps it beside its line.
    /// </summary>
    private static ShippedLine[] Spelled(
        Order order, Release release, Shipment? before, IReadOnlyList<ShippedLine> told) =>
    [
        .. told.Where(line => line.LineId.Length > 0)
            .GroupBy(line => SpellingOf(order, release, line.LineId), StringComparer.Ordinal)
            .Select(line => new ShippedLine(line.Key, line.Sum(l => l.Quantity))),
        .. SkuLines.Sums(told)
            .SelectMany(line => SkuLines.Spread(order, release, before, line.Sku, line.Units)),
    ];

    /// <summary>What is told is of this line, and of its SKU where the warehouse told one.</summary>
    private static bool IsOf(ShippedLine told, ShippedLine known) =>
        known.LineId == told.LineId && (told.Sku is null || known.Sku == told.Sku);

    /// <summary>A line's id as we gave it to the warehouse, or as it was sold; else as it came.</summary>
    private static string SpellingOf(Order order, Release release, string lineId) =>
        Asked(order, release).Select(l => l.LineId).Concat(OrderFacts.WantedLines(order).Select(l => l.LineId))
            .FirstOrDefault(known => IsSame(known, lineId)) ?? lineId;

    /// <summary>
    /// What left under the lines' names: the SKU that the warehouse still had to ship, be it that the storefront has
    /// put another into the line meanwhile; beyond that, what it was asked for last, or what is sold there.
    /// </summary>
    private static List<ShippedLine> WithSkus(
        Order order, Release release, IReadOnlyList<ShippedLine> lines)
    {
        var left = new List<ShippedLine>(lines.Count);
        foreach (var line in lines)
        {
            if (line.Sku is not null)
            {
                Add(left, line, line.Sku, line.Quantity);
                continue;
            }

            var units = line.Quantity;
            foreach (var asked in release.Asked.Where(l => l.LineId == line.LineId))
            {
                var outstanding = OrderFacts.OutstandingUnits(order, release, asked.LineId, asked.Sku);
                Add(left, line, asked.Sku, Math.Min(units, outstanding));
                units -= Math.Min(units, outstanding);
            }

            var sku = release.Lines.Concat(Asked(order, release)).FirstOrDefault(l => l.LineId == line.LineId)?.Sku
                ?? OrderFacts.WantedLines(order).FirstOrDefault(l => l.LineId == line.LineId)?.Sku;
            Add(left, line, sku, units);
        }

        return left;
    }

    private static void Add(List<ShippedLine> left, ShippedLine line, string? sku, int units)
    {
        var at = left.FindIndex(l => l.LineId == line.LineId && l.Sku == sku);
        if (units > 0 && at >= 0)
            left[at] = left[at] with { Quantity = left[at].Quantity + units };
        else if (units > 0)
            left.Add(line with { Quantity = units, Sku = sku });
    }

    private static IEnumerable<ReleaseLine> Asked(Order order, Release release) =>
        order.Releases.OrderByDescending(r => r.Number == release.Number).SelectMany(r => r.Asked);

    private static bool IsSame(Shipment one, Shipment other) =>
        one.Reference == other.Reference && IsSame(one.ShipmentId, other.ShipmentId);

    /// <summary>Warehouses change the case of what they are given.</summary>
    private static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
