namespace OrderGrains.Orders;

/// <summary>
/// Units that have gone beyond what the buyer should get: sent twice, by us or by others too, or more than asked for.
/// Counted when they go, so that a refund after the parcel makes no excess of it. Pure.
/// </summary>
internal static class OrderExcess
{
    /// <param name="before">The order as it was; null when it is new.</param>
    /// <param name="next">The order with the newest facts.</param>
    public static IReadOnlyDictionary<string, int> Of(Order? before, Order next)
    {
        if (next.Shipments.Count == 0 && OrderFacts.Fulfilments(next).Count == 0)
            return next.Excess;
        var earlier = before is null ? new Dictionary<string, int>(StringComparer.Ordinal)
            : OrderFacts.WantedLines(before).ToDictionary(l => l.LineId, l => l.Gone, StringComparer.Ordinal);
        var excess = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in OrderFacts.WantedLines(next))
        {
            var units = line.Gone == earlier.GetValueOrDefault(line.LineId)
                ? next.Excess.GetValueOrDefault(line.LineId)
                : Math.Max(0, line.Gone - line.Quantity);
            if (units > 0)
                excess[line.LineId] = units;
        }

        return excess;
    }
}
