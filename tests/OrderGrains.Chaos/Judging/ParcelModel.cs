namespace OrderGrains.Chaos.Judging;

/// <summary>Each parcel that left is in the shop once, and nothing that did not leave is. Pure.</summary>
internal static class ParcelModel
{
    public static IEnumerable<Violation> Judge(WorldFacts world, IReadOnlyList<OrderCase> orders)
    {
        foreach (var what in world.ShopComplaints)
            yield return new Violation("shop", $"the shop complains: {what}", "complaint");
        if (world.Recorded is null)
            yield break;
        var recorded = world.Recorded.ToLookup(parcel => parcel.OrderId);
        foreach (var (order, parcels) in orders.Select(each => (each, recorded[each.Order.Id].ToList())))
        {
            // What the shop had no units for when the parcel left is recorded by itself once it has: other units of the
            // same number, and in all no more than have left.
            foreach (var twice in parcels.GroupBy(parcel => parcel.Number, StringComparer.Ordinal)
                .Where(same => same.GroupBy(UnitsOf, StringComparer.Ordinal).Any(alike => alike.Count() > 1)))
            {
                yield return new Violation(order.Name,
                    $"{order.Name}: the shop has parcel {twice.Key} {twice.Count()} times", "recorded twice");
            }

            foreach (var line in order.Order.Lines)
            {
                var left = order.Taken.Sum(taken => taken.Shipped(line.LineId));
                var told = parcels.Sum(parcel => parcel.Units.GetValueOrDefault(line.LineId));
                if (told > left)
                {
                    yield return new Violation(order.Name,
                        $"{order.Name} {line.Sku}: the shop has {told} units as sent, and {left} have left",
                        "recorded too much");
                }
                else if (told < Math.Min(left, line.Wanted))
                {
                    // Beyond what it still wants, the shop has nothing to record them for.
                    yield return new Violation(order.Name,
                        $"{order.Name} {line.Sku}: {left} units have left, {line.Wanted} are wanted, and the shop has "
                        + $"{told} of them as sent", "parcel lost");
                }
            }
        }
    }

    private static string UnitsOf(Recorded parcel) => string.Join(' ', parcel.Units.Where(line => line.Value > 0)
        .OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => $"{line.Key}:{line.Value}"));
}

/// <summary>A parcel as the shop has it.</summary>
/// <param name="OrderId">Of the shop's order.</param>
/// <param name="Number">Its tracking number.</param>
/// <param name="Units">By the shop's line.</param>
internal sealed record Recorded(long OrderId, string? Number, IReadOnlyDictionary<string, int> Units);
