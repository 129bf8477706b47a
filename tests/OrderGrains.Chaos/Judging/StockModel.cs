namespace OrderGrains.Chaos.Judging;

/// <summary>
/// What must be on hand: the newest count, and all that came or went later than it, each at the time that it bears, in
/// whatever order it was told. Pure.
/// </summary>
internal static class StockModel
{
    /// <summary>Times further ahead of their arrival count as of it.</summary>
    private static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(5);

    public static IEnumerable<Violation> Judge(WorldFacts world, DatabaseFacts database, LeewaysUsed leeways)
    {
        var answered = world.Tries.Where(each => each.Status is System.Net.HttpStatusCode.OK)
            .Select(each => (each.Source, each.WebhookId)).ToHashSet();
        var sources = world.Locations.ToDictionary(
            each => each.Location, each => each.Warehouse, StringComparer.Ordinal);
        var arrivals = database.Receipts.ToLookup(row => (row.Source, row.DeliveryId), row => row.ReceivedAt);
        var told = world.Stock.Where(each => sources.ContainsKey(each.Location))
            .ToLookup(each => (each.Location, each.Sku));
        var rows = database.Stock.ToDictionary(row => (row.Location, row.Sku));
        var movements = database.Movements.ToLookup(row => (row.Location, row.Sku));
        foreach (var place in rows.Keys.Union(told.Select(each => each.Key)).Order())
        {
            var name = $"{place.Location}/{place.Sku}";
            if (told[place].Any(each => !answered.Contains((sources[place.Location], each.WebhookId))))
            {
                leeways.Use(Leeway.Unanswered, name);
                continue;
            }

            var events = new List<StockTold>();
            var isClear = true;
            foreach (var each in told[place])
            {
                var times = arrivals[(sources[place.Location], each.WebhookId)].Select(
                    arrivedAt => Cut(each.At - arrivedAt > AheadMax ? arrivedAt : each.At)).Distinct().ToList();
                if (times.Count > 1 || (times.Count == 1 && times[0] != Cut(each.At)))
                    leeways.Use(Leeway.AheadOfArrival, name);
                isClear &= times.Count <= 1;
                events.Add(each with { At = times.Count > 0 ? times[0] : Cut(each.At) });
            }

            var found = JudgeAdjustments(name, events, [.. movements[place]]);
            if (isClear)
            {
                found = found.Concat(JudgeLevel(
                    name, events, rows.GetValueOrDefault(place),
                    world.OnShelf.TryGetValue(place, out var units) ? units : null));
            }

            foreach (var violation in found) yield return violation;
        }
    }

    /// <summary>The newest count, the smaller of two of one time, and what moved later.</summary>
    public static int Units(IReadOnlyCollection<StockTold> told)
    {
        var count = told.Where(each => each.Kind is StockTold.Kinds.Counted)
            .OrderByDescending(each => each.At).ThenBy(each => each.Units).FirstOrDefault();
        return (count?.Units ?? 0)
            + told.Where(each => count is null || each.At > count.At).Sum(Delta);
    }

    /// <summary>What an event adds; nothing for a count.</summary>
    public static int Delta(StockTold told) => told.Kind switch
    {
        StockTold.Kinds.Adjusted => told.Units,
        StockTold.Kinds.Shipped => -Math.Abs(told.Units),
        _ => 0,
    };

    private static IEnumerable<Violation> JudgeLevel(
        string name, List<StockTold> told, StockRow? row, int? onShelf)
    {
        if (told.Count == 0) yield break;
        var right = Units(told);
        if (row is null)
        {
            yield return new Violation(name, $"{name}: {right} were told, and no stock is in the database", "on hand");
        }
        else if (row.Units != right)
        {
            yield return new Violation(name,
                $"{name}: {row.Units} on hand in the database ({row.OnHand} less {row.Shortfall} that are not there), "
                + $"and by what was told {right}: {Explain(told)}", "on hand");
        }
        else if (row.OnHand != Math.Max(right, row.Reserved))
        {
            yield return new Violation(name,
                $"{name}: on hand is {row.OnHand}, with {right} there and {row.Reserved} reserved", "on hand");
        }

        if (onShelf is { } there && there != right)
        {
            yield return new Violation(name,
                $"{name}: {there} lie on the shelf, and by what was told {right}: {Explain(told)}", "shelf");
        }
    }

    private static string Explain(List<StockTold> told)
    {
        var count = told.Where(each => each.Kind is StockTold.Kinds.Counted)
            .OrderByDescending(each => each.At).ThenBy(each => each.Units).FirstOrDefault();
        var later = told.Where(each => each.Kind is not StockTold.Kinds.Counted
            && (count is null || each.At > count.At)).ToList();
        var counted = count is null ? "never counted" : $"{count.Units} counted as of {count.At:HH:mm:ss.ffffff}";
        return $"{counted}, {later.Count} changes later, {told.Count} events in all";
    }

    /// <summary>Each adjustment took effect, once.</summary>
    private static IEnumerable<Violation> JudgeAdjustments(
        string name, List<StockTold> told, IReadOnlyList<MovementRow> movements)
    {
        var right = told.Where(each => each.Kind is StockTold.Kinds.Adjusted).GroupBy(each => (each.At, each.Units))
            .ToDictionary(same => same.Key, same => same.Select(each => each.WebhookId).ToList());
        var found = movements.Where(each => each.Kind == "adjusted").GroupBy(each => (each.At, Units: each.Delta))
            .ToDictionary(same => same.Key, same => same.Count());
        foreach (var (key, webhooks) in right)
        {
            var times = found.GetValueOrDefault(key);
            if (times != webhooks.Count)
            {
                yield return new Violation(name,
                    $"{name}: the adjustment of {key.Units:+0;-0} at {key.At:HH:mm:ss.ffffff} ({webhooks[0]}) took "
                    + $"effect {times} times, not {webhooks.Count}", "adjustment");
            }
        }

        foreach (var (key, _) in found.Where(each => !right.ContainsKey(each.Key)))
        {
            yield return new Violation(name,
                $"{name}: an adjustment of {key.Units:+0;-0} at {key.At:HH:mm:ss.ffffff} is in the database, and "
                + "nobody told it", "adjustment");
        }
    }

    /// <summary>The database keeps microseconds.</summary>
    private static DateTimeOffset Cut(DateTimeOffset at) =>
        at.ToUniversalTime().AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
