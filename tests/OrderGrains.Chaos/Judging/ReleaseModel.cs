namespace OrderGrains.Chaos.Judging;

/// <summary>One release, one order at one warehouse: true at any moment. Pure.</summary>
internal static class ReleaseModel
{
    public static IEnumerable<Violation> Judge(WorldFacts world, LeewaysUsed leeways)
    {
        var orders = world.Orders.ToDictionary(order => order.IdText, StringComparer.Ordinal);
        foreach (var twice in world.Calls.Where(call => call.What == "made")
            .GroupBy(call => call.Reference, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
        {
            yield return new Violation(NameOf(world, orders, twice.Key),
                $"{twice.Key} was made {twice.Count()} times, at {string.Join(" and ", twice.Select(call =>
                    $"{call.Warehouse} at {call.At:HH:mm:ss.fff}"))}", "made twice");
        }

        foreach (var taken in world.Taken.ToLookup(taken => taken.Order.Take.OrderId, StringComparer.Ordinal))
        {
            if (!orders.TryGetValue(taken.Key, out var order))
            {
                yield return new Violation(taken.First().Reference,
                    $"{taken.First().Reference} is at a warehouse, and no shop has such an order", "strange order");
                continue;
            }

            foreach (var line in order.Lines)
            {
                var asked = taken.Sum(each => each.Asked(line.LineId));
                if (asked > line.Bought)
                {
                    yield return new Violation(order.Name,
                        $"{order.Name} {line.Sku}: warehouses were asked for {asked} under "
                        + $"{string.Join(", ", taken.Select(each => each.Reference))}, and never more than "
                        + $"{line.Bought} were bought: released twice", "released twice");
                }
                else if (asked > line.WantedMost)
                {
                    leeways.Use(Leeway.EditsCrossed, order.Name);
                }
            }

            foreach (var strange in taken.Where(each => !IsOurs(each.Reference, world.Shop, order.Id)))
            {
                yield return new Violation(
                    order.Name, $"{order.Name} has a reference of another form: {strange.Reference}", "reference");
            }
        }
    }

    /// <summary>
    /// After an unknown outcome the warehouse is asked before it is sent to again. A change may be said again as it is,
    /// so only releases that were never changed are judged; and what is sent may be late on its way, so each that came
    /// again needs a question before it, not between it and the one before.
    /// </summary>
    public static IEnumerable<Violation> JudgeLookUps(
        WorldFacts world, DatabaseFacts database, LeewaysUsed leeways)
    {
        var changed = database.Messages.Where(row => row.Kind != "release").Select(row => row.Reference)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var calls in world.Calls.GroupBy(call => call.Reference, StringComparer.OrdinalIgnoreCase))
        {
            var (asked, repeated) = (0, 0);
            foreach (var call in calls)
            {
                asked += call.What == "looked up" ? 1 : 0;
                repeated += call.What == "repeated" ? 1 : 0;
                if (repeated > asked && !changed.Contains(call.Reference))
                {
                    if (world.IsCluster)
                    {
                        leeways.Use(Leeway.TwoActivations, call.Reference);
                        break;
                    }

                    yield return new Violation(call.Reference,
                        $"{call.Reference} was sent again at {call.At:HH:mm:ss.fff}, and {call.Warehouse} was not "
                        + "asked before whether it has it", "not looked up");
                    break;
                }
            }
        }
    }

    private static bool IsOurs(string reference, string shop, long orderId) =>
        reference.StartsWith($"{shop}-{orderId}-", StringComparison.Ordinal)
        && int.TryParse(reference[$"{shop}-{orderId}-".Length..], out _);

    private static string NameOf(WorldFacts world, Dictionary<string, OrderFact> orders, string reference) =>
        world.Taken.FirstOrDefault(taken => taken.Reference == reference) is { } taken
            && orders.TryGetValue(taken.Order.Take.OrderId, out var order) ? order.Name : reference;
}
