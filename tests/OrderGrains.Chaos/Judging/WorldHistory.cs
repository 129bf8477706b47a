namespace OrderGrains.Chaos.Judging;

/// <summary>What the shop, the senders and the warehouses know of a subject. Pure.</summary>
internal static class WorldHistory
{
    public static IEnumerable<HistoryEntry> Of(string subject, WorldFacts world, Ledger ledger)
    {
        if (FindOrder(subject, world) is { } order) return OfOrder(order, world);
        if (FindStock(subject, world) is var (location, sku)) return OfStock(location, sku, world);
        // A webhook: its source and its id.
        return Tries(ledger.Tries.Where(each => ReceiptModel.Of(each.Source, each.WebhookId) == subject));
    }

    /// <summary>By its name, its key or a release of it.</summary>
    public static OrderFact? FindOrder(string subject, WorldFacts world) => world.Orders.FirstOrDefault(order =>
        order.Name == subject || $"{world.Shop}/{order.Id}" == subject
        || subject.StartsWith($"{world.Shop}-{order.Id}-", StringComparison.Ordinal));

    public static (string Location, string Sku)? FindStock(string subject, WorldFacts world) =>
        subject.Split('/') is [var location, var sku] && world.Locations.Any(each => each.Location == location)
            ? (location, sku) : null;

    private static IEnumerable<HistoryEntry> OfOrder(OrderFact order, WorldFacts world)
    {
        foreach (var entry in Tries(world.Tries.Where(each => each.OrderId == order.Id))) yield return entry;
        var last = DateTimeOffset.MinValue;
        foreach (var call in world.Calls.Where(call =>
            call.Reference.StartsWith($"{world.Shop}-{order.Id}-", StringComparison.Ordinal)))
        {
            last = call.At;
            yield return new HistoryEntry(
                call.At, $"{call.Warehouse} {call.What} {call.Reference}: {Units(call.Units)}");
        }

        // Books have no time: they stand below all else.
        var end = world.Tries.Select(each => each.To).Append(last).Max();
        yield return new HistoryEntry(end,
            $"== the shop: {(order.IsCancelled ? "cancelled" : order.IsPaid ? "paid" : "unpaid")}, "
            + string.Join(", ", order.Lines.Select(line =>
                $"{line.Wanted} × {line.Sku} (line {line.LineId}{(line.IsShippable ? "" : ", not shipped")})")));
        foreach (var taken in world.Taken.Where(each => each.Order.Take.OrderId == order.IdText))
        {
            var book = taken.Order;
            yield return new HistoryEntry(end,
                $"== {taken.Warehouse}: {taken.Reference} is {book.Status}, "
                + string.Join(", ", book.Take.Lines.Select(line =>
                    $"{line.Quantity} × {line.Sku} ({taken.Shipped(line.LineId)} shipped)"))
                + $"; changed {book.Updated}, repeated {book.Repeated}, changes refused {book.ChangesRefused}, "
                + $"stops asked {book.CancelsAsked}, refused {book.CancelsRefused}");
        }
    }

    private static IEnumerable<HistoryEntry> OfStock(string location, string sku, WorldFacts world)
    {
        foreach (var told in world.Stock.Where(each => each.Location == location && each.Sku == sku))
        {
            var tries = world.Tries.Where(each => each.WebhookId == told.WebhookId).OrderBy(each => each.From).ToList();
            yield return new HistoryEntry(told.SaidAt,
                $"{location} says {told.Kind.ToString().ToLowerInvariant()} {told.Units} as of "
                + $"{told.At:HH:mm:ss.ffffff} ({told.WebhookId}): {History.Collapse(tries)}");
        }

        var ours = world.Locations.Where(each => each.Location == location).Select(each => each.Warehouse).ToList();
        foreach (var call in world.Calls.Where(call =>
            ours.Contains(call.Warehouse, StringComparer.Ordinal) && call.Units.ContainsKey(sku)))
        {
            yield return new HistoryEntry(
                call.At, $"{call.Warehouse} {call.What} {call.Reference}: {call.Units[sku]} × {sku}");
        }
    }

    private static IEnumerable<HistoryEntry> Tries(IEnumerable<WebhookTry> tries) =>
        from webhook in tries.GroupBy(each => (each.Source, each.WebhookId, each.What))
        let inOrder = webhook.OrderBy(each => each.From).ToList()
        select new HistoryEntry(inOrder[0].From,
            $"{webhook.Key.Source} sends {webhook.Key.What} {webhook.Key.WebhookId}: {History.Collapse(inOrder)}"
            + $", {(inOrder[^1].To - inOrder[0].From).TotalSeconds:0.00} s in all");

    private static string Units(IReadOnlyDictionary<string, int> units) =>
        units.Count == 0 ? "nothing" : string.Join(", ", units.Select(each => $"{each.Value} × {each.Key}"));
}
