namespace OrderGrains.Chaos.Judging;

/// <summary>
/// No unit is sold beyond what was counted. At each call that gives a warehouse more to ship, the units that it has
/// orders for and has not shipped are at most what the product could then believe to be on hand. Pure.
/// </summary>
/// <remarks>
/// Why the bound is sound: of the orders that the warehouse then has, one was promised its units last. At that moment
/// all of them were reserved within what the product believed. It was not before the last of these orders was first
/// told to the product, and not after the call. So the most that could be believed in that time, over every choice of
/// events that may or may not have been applied, is an upper bound. It is weak by what had left and was not known yet.
/// </remarks>
internal static class SoldModel
{
    /// <param name="world">The warehouses' books must be read after the calls: what left since is not counted.</param>
    /// <param name="appliedBy">By webhook of a warehouse, a time at which it surely had taken effect.</param>
    /// <param name="checkedCalls">Calls, from the first, that were judged before.</param>
    public static IEnumerable<Violation> Judge(
        WorldFacts world, IReadOnlyDictionary<(string Source, string WebhookId), DateTimeOffset> appliedBy,
        int checkedCalls)
    {
        var told = world.Stock.ToLookup(each => (each.Location, each.Sku));
        var taken = world.Taken.ToDictionary(each => (each.Warehouse, each.Reference));
        var heardOf = world.Tries.Where(each => each.OrderId is not null).GroupBy(each => each.OrderId!.Value)
            .ToDictionary(order => order.Key.ToString(), order => order.Min(each => each.From), StringComparer.Ordinal);
        var holds = new Dictionary<(string Warehouse, string Sku), Dictionary<string, int>>();
        var at = 0;
        foreach (var call in world.Calls)
        {
            var isNew = at++ >= checkedCalls;
            if (call.What is not ("made" or "repeated" or "updated" or "cancelled")
                || !taken.TryGetValue((call.Warehouse, call.Reference), out var order)) continue;
            foreach (var sku in Skus(holds, call))
            {
                if (!holds.TryGetValue((call.Warehouse, sku), out var orders))
                    holds[(call.Warehouse, sku)] = orders = new Dictionary<string, int>(StringComparer.Ordinal);
                var before = orders.GetValueOrDefault(call.Reference);
                orders[call.Reference] = call.Units.GetValueOrDefault(sku);
                if (!isNew || orders[call.Reference] <= before) continue;

                var has = orders.Select(each => (Taken: taken[(call.Warehouse, each.Key)], each.Value))
                    .Select(each => (each.Taken, Units: each.Taken.Order.IsLive
                        ? Math.Max(0, each.Value - Shipped(each.Taken, sku)) : 0))
                    .Where(each => each.Units > 0).ToList();
                var sum = has.Sum(each => each.Units);
                if (sum == 0 || !told.Contains((order.Location, sku))) continue;
                var since = has.Max(each =>
                    heardOf.GetValueOrDefault(each.Taken.Order.Take.OrderId, DateTimeOffset.MinValue));
                var most = MostBelieved([.. told[(order.Location, sku)]], IsApplied, call.At);
                if (sum > most)
                {
                    var name = $"{order.Location}/{sku}";
                    yield return new Violation(name,
                        $"{name}: with {call.Reference} at {call.At:HH:mm:ss.fff} the warehouse has orders for {sum} "
                        + $"that have not left, and at most {most} could be believed there since {since:HH:mm:ss.fff}",
                        "sold beyond the count");
                }

                bool IsApplied(StockTold each) => appliedBy.TryGetValue(
                    (call.Warehouse, each.WebhookId), out var applied) && applied <= since;
            }
        }
    }

    /// <summary>
    /// The most over every choice of the events that may have been applied, with those that surely were.
    /// </summary>
    /// <param name="told">Of one stock.</param>
    /// <param name="isApplied">It had surely taken effect.</param>
    /// <param name="until">What was first said later cannot have been known.</param>
    public static int MostBelieved(
        IReadOnlyList<StockTold> told, Func<StockTold, bool> isApplied, DateTimeOffset until)
    {
        var known = told.Where(isApplied).ToList();
        var perhaps = told.Where(each => each.SaidAt <= until && !isApplied(each)).ToList();
        var newest = known.Where(each => each.Kind is StockTold.Kinds.Counted)
            .OrderByDescending(each => each.At).ThenBy(each => each.Units).FirstOrDefault();
        var most = From(newest);
        foreach (var count in perhaps.Where(each =>
            each.Kind is StockTold.Kinds.Counted && (newest is null || each.At > newest.At)))
            most = Math.Max(most, From(count));
        return most;

        int From(StockTold? count) => (count?.Units ?? 0)
            + known.Where(each => count is null || each.At > count.At).Sum(StockModel.Delta)
            + perhaps.Where(each => count is null || each.At > count.At)
                .Sum(each => Math.Max(0, StockModel.Delta(each)));
    }

    private static List<string> Skus(
        Dictionary<(string Warehouse, string Sku), Dictionary<string, int>> holds, WarehouseDid call) =>
        [.. call.Units.Keys.Union(holds
            .Where(each => each.Key.Warehouse == call.Warehouse && each.Value.ContainsKey(call.Reference))
            .Select(each => each.Key.Sku), StringComparer.Ordinal)];

    private static int Shipped(Taken taken, string sku) => taken.Order.Take.Lines.Where(line => line.Sku == sku)
        .Select(line => line.LineId).Distinct(StringComparer.Ordinal).Sum(taken.Shipped);
}
