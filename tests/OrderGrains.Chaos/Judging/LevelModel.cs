namespace OrderGrains.Chaos.Judging;

/// <summary>What holds between the tables after every commit, and what left is in the history once. Pure.</summary>
internal static class LevelModel
{
    /// <summary>0 ≤ reserved ≤ on hand, and reserved is the sum of what is held.</summary>
    public static IEnumerable<Violation> JudgeSums(
        IReadOnlyList<StockRow> stock, IEnumerable<(string Location, string Sku, int Quantity)> held)
    {
        var sums = held.GroupBy(each => (each.Location, each.Sku))
            .ToDictionary(place => place.Key, place => place.Sum(each => each.Quantity));
        foreach (var row in stock)
        {
            var sum = sums.GetValueOrDefault((row.Location, row.Sku));
            sums.Remove((row.Location, row.Sku));
            if (row.Reserved < 0 || row.Reserved > row.OnHand)
            {
                yield return new Violation(
                    row.Name, $"{row.Name}: {row.Reserved} reserved of {row.OnHand}", "oversold");
            }

            if (row.Reserved != sum)
            {
                yield return new Violation(row.Name,
                    $"{row.Name}: {row.Reserved} reserved, and its reservations hold {sum}", "sum of reservations");
            }
        }

        foreach (var ((location, sku), quantity) in sums.Where(each => each.Value > 0))
        {
            yield return new Violation($"{location}/{sku}",
                $"{location}/{sku}: reservations hold {quantity}, and no stock is in the database",
                "sum of reservations");
        }
    }

    /// <summary>What left of each line is in the history as often as it left.</summary>
    public static IEnumerable<Violation> JudgeShipped(
        IReadOnlyList<OrderCase> orders, IReadOnlyList<MovementRow> movements)
    {
        var found = movements.Where(row => row.Kind == "shipped")
            .GroupBy(row => (row.OrderKey, row.LineId, row.Location, row.Sku))
            .ToDictionary(same => same.Key, same => -same.Sum(row => row.Delta));
        foreach (var order in orders)
        {
            foreach (var (line, location, units) in
                from taken in order.Taken
                from line in taken.Order.Shipped
                group line.Value by (line.Key, taken.Location) into same
                select (same.Key.Key, same.Key.Location, same.Sum()))
            {
                var sku = order.FindLine(line)?.Sku ?? "?";
                found.Remove((order.Key, line, location, sku), out var counted);
                if (counted != units)
                {
                    yield return new Violation(order.Name,
                        $"{order.Name} {sku}: {units} have left {location}, and its stock's history has {counted}",
                        "shipment");
                }
            }
        }

        foreach (var ((order, line, location, sku), units) in found.Where(each => each.Value != 0))
        {
            yield return new Violation(order ?? "?",
                $"{order}: the history of {location}/{sku} has {units} of line {line} that never left", "shipment");
        }
    }
}
