namespace OrderGrains.Chaos.Judging;

/// <summary>All that must hold once all is quiet. Pure: facts in, violations out.</summary>
internal static class Verdict
{
    public static IReadOnlyList<Violation> Of(WorldFacts world, DatabaseFacts database, LeewaysUsed leeways)
    {
        var orders = Cases(world, database, leeways);
        var locations = world.Locations.Select(each => each.Location).ToList();
        return
        [
            .. ReceiptModel.Judge(world, database, leeways),
            .. MessageModel.Judge(world, database, leeways),
            .. MessageModel.JudgeRefused(world, database, orders),
            .. ReleaseModel.Judge(world, leeways),
            .. ReleaseModel.JudgeLookUps(world, database, leeways),
            .. Missing(world, database),
            .. orders.SelectMany(order => OrderModel.Judge(order, leeways)),
            .. WaitingModel.Judge(orders, database.Stock, database.Reservations, locations, leeways),
            .. LevelModel.JudgeSums(database.Stock,
                database.Reservations.Select(row => (row.Location, row.Sku, row.Quantity))),
            .. LevelModel.JudgeShipped(orders, database.Movements),
            .. Strangers(world, database),
            .. StockModel.Judge(world, database, leeways),
            .. ParcelModel.Judge(world, orders),
            .. Complaints(world, leeways),
        ];
    }

    /// <summary>Orders of which the product knows all that the shop does.</summary>
    private static List<OrderCase> Cases(WorldFacts world, DatabaseFacts database, LeewaysUsed leeways)
    {
        var taken = world.Taken.ToLookup(each => each.Order.Take.OrderId, StringComparer.Ordinal);
        var reservations = database.Reservations.ToLookup(row => row.OrderKey, StringComparer.Ordinal);
        var rows = database.Orders.ToDictionary(row => row.Key, StringComparer.Ordinal);
        var ended = database.Receipts.Where(row => row.Said.Type is "order.refused" or "order.cancelled")
            .Select(row => row.Said.Reference).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var left = MessageModel.LeftToAPerson(world, database);
        var tries = world.Tries.Where(each => each.OrderId is not null).ToLookup(each => each.OrderId!.Value);
        var cases = new List<OrderCase>();
        foreach (var order in world.Orders)
        {
            if (!IsTold(tries[order.Id]))
            {
                leeways.Use(Leeway.Unanswered, order.Name);
                continue;
            }

            var key = KeyOf(world, order);
            cases.Add(new OrderCase(order, key, [.. taken[order.IdText]], [.. reservations[key]],
                rows.GetValueOrDefault(key), ended, left.Contains(key)));
        }

        return cases;
    }

    private static bool IsTold(IEnumerable<WebhookTry> tries)
    {
        var webhooks = tries.GroupBy(each => each.WebhookId, StringComparer.Ordinal).ToList();
        return webhooks.Count > 0
            && webhooks.TrueForAll(webhook => webhook.Any(each => each.Status is System.Net.HttpStatusCode.OK));
    }

    private static string KeyOf(WorldFacts world, OrderFact order) => $"{world.Shop}/{order.Id}";

    /// <summary>Orders of which something had its 200, and that the product does not know.</summary>
    private static IEnumerable<Violation> Missing(WorldFacts world, DatabaseFacts database)
    {
        var known = database.Orders.Select(row => row.Key).ToHashSet(StringComparer.Ordinal);
        var told = world.Tries.Where(each => each.Status is System.Net.HttpStatusCode.OK)
            .Select(each => each.OrderId).ToHashSet();
        return from order in world.Orders
               where told.Contains(order.Id) && !known.Contains(KeyOf(world, order))
               select new Violation(order.Name,
                   $"{order.Name} ({order.Id}) had its 200, and the product does not know it", "order lost");
    }

    private static IEnumerable<Violation> Strangers(WorldFacts world, DatabaseFacts database)
    {
        var known = world.Orders.Select(order => KeyOf(world, order)).ToHashSet(StringComparer.Ordinal);
        return from row in database.Reservations
               where !known.Contains(row.OrderKey)
               select new Violation($"{row.Location}/{row.Sku}",
                   $"{row.Location}/{row.Sku}: {row.Quantity} are reserved for {row.OrderKey}, which no shop has",
                   "reserved for nothing");
    }

    private static IEnumerable<Violation> Complaints(WorldFacts world, LeewaysUsed leeways)
    {
        foreach (var (warehouse, what) in world.Complaints)
        {
            // Whose fault a short shelf is, the counts tell.
            if (what.EndsWith("oversold", StringComparison.Ordinal))
                leeways.Use(Leeway.FewerThere, what);
            else
                yield return new Violation(warehouse, $"{warehouse} complains: {what}", "complaint");
        }
    }
}
