namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>Lines of one fulfilment order that a call fulfils: its line's id there, and units.</summary>
internal sealed record FulfilmentPart(string FulfillmentOrderId, IReadOnlyList<(string Id, int Units)> Lines);

/// <summary>How missing units are recorded: pure.</summary>
/// <param name="Calls">What each call fulfils: the fulfilment orders of one call are at one location.</param>
/// <param name="Units">Units in all calls.</param>
/// <param name="Waits">Why some have to wait, for people; null: none has.</param>
/// <param name="Refused">Why some are not ours to fulfil, for people; null: all are.</param>
internal sealed record FulfilmentPlan(
    IReadOnlyList<IReadOnlyList<FulfilmentPart>> Calls, int Units, string? Waits, string? Refused)
{
    /// <summary>Lines of one fulfilment order in one call, as Shopify bounds them.</summary>
    private const int LinesMax = 512;

    /// <param name="orders">All fulfilment orders of the order.</param>
    /// <param name="missing">Units by the order's own line.</param>
    /// <param name="place">The location that the parcel left from, which is asked first; null: none is.</param>
    public static FulfilmentPlan Of(
        IReadOnlyList<FulfillmentOrder> orders, IReadOnlyDictionary<string, int> missing, string? place)
    {
        var left = new Dictionary<string, int>(missing, StringComparer.Ordinal);
        var open = orders.Where(order => order.IsOpen).OrderByDescending(order => order.LocationId == place).ToList();
        var parts = new List<(string? Location, FulfilmentPart Part)>();
        var units = 0;
        foreach (var order in open.Where(order => order.MayFulfil))
        {
            var taken = new List<(string Id, int Units)>();
            foreach (var line in order.Lines)
            {
                var take = Math.Min(left.GetValueOrDefault(line.LineId), line.Remaining);
                if (take <= 0)
                    continue;
                left[line.LineId] -= take;
                units += take;
                taken.Add((line.Id, take));
            }

            parts.AddRange(taken.Chunk(LinesMax).Select(
                lines => (order.LocationId ?? order.Id, new FulfilmentPart(order.Id, lines)))!);
        }

        var obstacles = open
            .Where(order => !order.MayFulfil
                && order.Lines.Any(line => line.Remaining > 0 && left.GetValueOrDefault(line.LineId) > 0))
            .ToList();
        return new FulfilmentPlan(
            Split(parts), units,
            obstacles.Where(order => order.WhyWaits is not null).Select(order => order.WhyWaits).FirstOrDefault(),
            obstacles.Where(order => order.WhyWaits is null)
                .Select(order => $"the shop does not let us fulfil it: {order.Status}, request {order.RequestStatus}")
                .FirstOrDefault());
    }

    /// <summary>By location, and a fulfilment order once in a call.</summary>
    private static List<IReadOnlyList<FulfilmentPart>> Split(List<(string? Location, FulfilmentPart Part)> parts)
    {
        var calls = new List<IReadOnlyList<FulfilmentPart>>();
        foreach (var group in parts.GroupBy(part => part.Location, part => part.Part, StringComparer.Ordinal))
        {
            var again = group.GroupBy(part => part.FulfillmentOrderId, StringComparer.Ordinal)
                .Select(same => same.ToList()).ToList();
            for (var round = 0; again.Any(same => same.Count > round); round++)
                calls.Add([.. again.Where(same => same.Count > round).Select(same => same[round])]);
        }

        return calls;
    }
}
