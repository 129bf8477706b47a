using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Finds the lines of a parcel whose warehouse knows products, and not our lines. Pure.
/// </summary>
internal static class SkuLines
{
    /// <summary>
    /// Units of one SKU, by the lines of the release that have it: first what each still has to get, in the release's
    /// order; what is left over goes to the last. Of a parcel that is known they are where they were.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="release">The release that the parcel is of.</param>
    /// <param name="before">The parcel as it is known; null when it is new.</param>
    /// <param name="sku">The SKU, as <see cref="Sku.Of"/> spells it.</param>
    /// <param name="units">Units of it in the parcel.</param>
    public static IEnumerable<ShippedLine> Spread(
        Order order, Release release, Shipment? before, string sku, int units)
    {
        var known = Known(before, sku).ToArray();
        if (known.Length > 0)
            return known;
        var asked = release.Asked.Where(l => l.Sku == sku).ToArray();
        if (asked.Length == 0)
            return [new ShippedLine(NameOf(sku), units)];
        var lines = new List<ShippedLine>(asked.Length);
        foreach (var line in asked)
        {
            var taken = line == asked[^1] ? units
                : Math.Min(units, OrderFacts.OutstandingUnits(order, release, line.LineId, sku));
            if (taken > 0)
                lines.Add(new ShippedLine(line.LineId, taken, sku));
            units -= taken;
        }

        return lines;
    }

    /// <summary>
    /// Why a later word on a parcel cannot be true: a SKU of it had other units. Null when there is nothing to say.
    /// </summary>
    public static string? FindContradiction(Shipment before, IEnumerable<ShippedLine> told)
    {
        foreach (var (sku, units) in Sums(told))
        {
            var known = Known(before, sku).Sum(l => l.Quantity);
            if (known > 0 && known != units)
            {
                return $"shipment {before.ShipmentId} of {before.Reference} has {known} units of {sku}, and now "
                    + $"{units} are told: adjust the stock instead";
            }
        }

        return null;
    }

    /// <summary>Units by SKU of the lines that are known by it alone.</summary>
    public static IEnumerable<(string Sku, int Units)> Sums(IEnumerable<ShippedLine> told) =>
        told.Where(line => line is { LineId.Length: 0, Sku: not null })
            .GroupBy(line => Sku.Of(line.Sku!), StringComparer.Ordinal)
            .Select(same => (same.Key, same.Sum(l => l.Quantity)));

    private static IEnumerable<ShippedLine> Known(Shipment? before, string sku) =>
        before?.Lines.Where(l => l.Sku == sku || (l.Sku is null && l.LineId == NameOf(sku))) ?? [];

    /// <summary>What stands for the line of a SKU that the release never had.</summary>
    private static string NameOf(string sku) => $"SKU {sku}";
}
