namespace OrderGrains.Chaos.Judging;

/// <summary>What must have become of each message to a warehouse. Pure.</summary>
internal static class MessageModel
{
    public static IEnumerable<Violation> Judge(WorldFacts world, DatabaseFacts database, LeewaysUsed leeways)
    {
        var due = database.Messages.Count(row => row.State == "due");
        if (due > 0)
        {
            var first = database.Messages.First(row => row.State == "due");
            yield return new Violation("messages",
                $"{due} messages are due, such as {first.Kind} {first.Reference} after {first.Attempts} attempts: "
                + (first.LastAnswer ?? "no answer"), "due");
        }

        foreach (var row in database.Messages.Where(row => row.State == "parked"))
        {
            if (IsExplained(world, row))
            {
                leeways.Use(Leeway.LeftToAPerson, row.Reference);
                continue;
            }

            yield return new Violation(row.OrderKey,
                $"{row.Kind} {row.Reference} is parked ({row.Reason}: {row.LastAnswer}), and {row.Destination} never "
                + "refused it for good", "message parked");
        }
    }

    /// <summary>
    /// A release that was refused for good, and that no warehouse has after all, waits for a person. Only what shop and
    /// warehouses did to its order may have taken it back: an order that was edited, stopped or ended is not judged.
    /// </summary>
    public static IEnumerable<Violation> JudgeRefused(
        WorldFacts world, DatabaseFacts database, IReadOnlyList<OrderCase> orders)
    {
        var open = database.Messages.Where(row => row.State is "parked" or "due").Select(row => row.Reference)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var edited = world.Tries.Where(each => each.What is "orders/edited" or "refunds/create")
            .Select(each => each.OrderId).ToHashSet();
        foreach (var order in orders.Where(order =>
            !order.IsStopped && !order.IsHeldPerhaps && !edited.Contains(order.Order.Id)))
        {
            foreach (var reference in world.RefusedForGood.Where(reference => IsOf(reference, world.Shop, order.Order)
                && !open.Contains(reference) && order.Taken.All(taken => taken.Reference != reference)))
            {
                yield return new Violation(order.Name,
                    $"{reference} of {order.Name} was refused for good, and waits for no person", "not parked");
            }
        }
    }

    private static bool IsOf(string reference, string shop, OrderFact order) =>
        reference.StartsWith($"{shop}-{order.IdText}-", StringComparison.Ordinal);

    /// <summary>Keys of orders of which a message waits for a person, as it should.</summary>
    public static IReadOnlySet<string> LeftToAPerson(WorldFacts world, DatabaseFacts database) => database.Messages
        .Where(row => row.State == "parked" && IsExplained(world, row)).Select(row => row.OrderKey)
        .ToHashSet(StringComparer.Ordinal);

    private static bool IsExplained(WorldFacts world, MessageRow row) =>
        row.Kind == "release" && world.RefusedForGood.Contains(row.Reference);
}
