namespace OrderGrains.Chaos.Judging;

/// <summary>Whether those who wait for stock have to. Pure.</summary>
internal static class WaitingModel
{
    public static IEnumerable<Violation> Judge(
        IReadOnlyList<OrderCase> orders, IReadOnlyList<StockRow> stock, IReadOnlyList<ReservationRow> reservations,
        IReadOnlyList<string> locations, LeewaysUsed leeways)
    {
        var available = stock.ToDictionary(row => (row.Location, row.Sku), row => row.Available);
        var held = reservations.ToLookup(row => (row.Location, row.Sku));
        foreach (var found in held.Select(place => JudgeLine(
            place.Key, [.. place], available.GetValueOrDefault(place.Key))).OfType<Violation>())
            yield return found;

        foreach (var order in orders.Where(
            order => order is { IsWaiting: true, IsStopped: false, IsLeftToAPerson: false }))
        {
            if (FindLocation(order, locations, available, held) is { } location)
            {
                yield return new Violation(order.Name,
                    $"{order.Name} waits for {string.Join(", ", WaitsFor(order))}, and {location} has all of it free",
                    "waits in vain");
            }
            else if (WaitsWhileFree(order, available))
            {
                leeways.Use(Leeway.StrictLine, order.Name);
            }
        }
    }

    /// <summary>Who waits first at a place takes what is free there, and what those placed later hold.</summary>
    private static Violation? JudgeLine(
        (string Location, string Sku) place, IReadOnlyList<ReservationRow> rows, int available)
    {
        var first = rows.Where(row => row.Waiting > 0).OrderBy(row => row.PlacedAt)
            .ThenBy(row => row.OrderKey, StringComparer.Ordinal)
            .ThenBy(row => row.LineId, StringComparer.Ordinal).FirstOrDefault();
        if (first is null) return null;
        var name = $"{place.Location}/{place.Sku}";
        if (available >= first.Waiting)
        {
            return new Violation(name,
                $"{name}: {available} are free, and {first.OrderKey}, first in line, waits for {first.Waiting}",
                "waits in vain");
        }

        return rows.FirstOrDefault(row => row.Loose > 0 && row.PlacedAt > first.PlacedAt) is { } later
            ? new Violation(name,
                $"{name}: {first.OrderKey} waits, and {later.OrderKey}, placed later, holds {later.Loose} that no "
                + "warehouse has", "overtaken in line")
            : null;
    }

    /// <summary>A location that has all that an order still needs, with nobody else in line there.</summary>
    private static string? FindLocation(
        OrderCase order, IReadOnlyList<string> locations,
        Dictionary<(string Location, string Sku), int> available,
        ILookup<(string Location, string Sku), ReservationRow> held)
    {
        // Where a warehouse has a part of it, the rest must come from there too.
        var bound = locations.Where(at =>
            order.Taken.Any(taken => taken.Location == at && taken.IsOutstanding)).ToList();
        var needs = order.Lines.GroupBy(line => line.Sku, StringComparer.Ordinal)
            .Select(lines => (Sku: lines.Key,
                Units: lines.Sum(line => Math.Max(0, order.Remaining(line) - order.Outstanding(line)))))
            .Where(need => need.Units > 0).ToList();
        // Where it waits already, the line decides.
        return (bound.Count > 0 ? bound : locations).FirstOrDefault(at => needs.Count > 0
            && order.Reservations.All(row => row.Location != at || row.Waiting == 0) && needs.TrueForAll(need =>
        {
            var rows = held[(at, need.Sku)];
            var own = rows.Where(row => row.OrderKey == order.Key).Sum(row => row.Loose);
            return available.GetValueOrDefault((at, need.Sku)) + own >= need.Units
                && rows.All(row => row.Waiting == 0);
        }));
    }

    private static IEnumerable<string> WaitsFor(OrderCase order) => order.Reservations.Where(row => row.Waiting > 0)
        .Select(row => $"{row.Waiting} × {row.Sku} at {row.Location}");

    private static bool WaitsWhileFree(
        OrderCase order, Dictionary<(string Location, string Sku), int> available) =>
        order.Reservations.Where(row => row.Waiting > 0).Any(row =>
            available.Any(stock => stock.Key.Sku == row.Sku && stock.Value >= row.Waiting));
}
