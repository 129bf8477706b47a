namespace OrderGrains.Chaos.Judging;

/// <summary>
/// What must have become of one order when all is quiet, from the shop's final truth and the warehouses' books. Pure.
/// </summary>
internal static class OrderModel
{
    public static IEnumerable<Violation> Judge(OrderCase order, LeewaysUsed leeways) =>
        JudgeWarehouses(order, leeways)
            .Concat(JudgeStatus(order, leeways))
            .Concat(order.Lines.SelectMany(line => JudgeLine(order, line, leeways)))
            .Concat(JudgeStrangers(order));

    /// <summary>What warehouses took is of the order, and is what must still go out, or could not be undone.</summary>
    private static IEnumerable<Violation> JudgeWarehouses(OrderCase order, LeewaysUsed leeways)
    {
        foreach (var taken in order.Taken)
        {
            foreach (var line in taken.Order.Take.Lines.Where(line =>
                order.FindLine(line.LineId) is not { IsShippable: true } ours || ours.Sku != line.Sku))
            {
                yield return new Violation(order.Name,
                    $"{taken.Reference} has {line.Quantity} × {line.Sku} as line {line.LineId}, which is no such line "
                    + "of the order", "strange line");
            }
        }

        foreach (var line in order.Lines)
        {
            var due = order.IsStopped ? 0 : order.Remaining(line);
            var excess = order.Outstanding(line) - due;
            if (excess <= 0) continue;
            if (order.IsLeftToAPerson)
            {
                leeways.Use(Leeway.LeftToAPerson, order.Name);
            }
            else if (excess <= order.Irrevocable(line))
            {
                leeways.Use(Leeway.TooLate, order.Name);
            }
            else
            {
                var asked = order.Irrevocable(line) == 0 ? "and no warehouse was ever too late to undo it"
                    : $"and warehouses were too late to undo {order.Irrevocable(line)}";
                yield return new Violation(order.Name,
                    $"{order.Describe(line)}: a warehouse will ship {excess} that must not go out{State(order)}, "
                    + $"{asked}; {order.DescribeTaken()}", order.IsStopped ? "not stopped" : "too many released");
            }
        }
    }

    private static string State(OrderCase order) =>
        order.Order.IsCancelled ? " (it is cancelled)"
        : !order.Order.IsPaid ? " (it is not paid)"
        : order.Order.IsMoneyGone ? " (its money was given back)"
        : order.IsHeld ? " (a warehouse ended it, so it is held)" : "";

    /// <summary>Wanted = shipped + at warehouses + waiting, and what is reserved is just that.</summary>
    private static IEnumerable<Violation> JudgeLine(OrderCase order, LineFact line, LeewaysUsed leeways)
    {
        if (order.IsLeftToAPerson)
        {
            leeways.Use(Leeway.LeftToAPerson, order.Name);
            yield break;
        }

        var (remaining, outstanding) = (order.Remaining(line), order.Outstanding(line));
        var kept = order.Held(line) + order.Waiting(line);
        var most = Math.Max(remaining, outstanding);
        foreach (var row in order.Rows(line))
        {
            var there = order.OutstandingAt(row.Location, line.LineId);
            if (row.AtWarehouse != there)
            {
                yield return new Violation(order.Name,
                    $"{order.Describe(line)}: at {row.Location} the stock has {row.AtWarehouse} as at the warehouse, "
                    + $"and it has {there}; {order.DescribeTaken()}", "at warehouse");
            }
        }

        var mayKeepLess = order.IsHeld || order.IsHeldPerhaps;
        var mustKeep = order.IsStopped || mayKeepLess ? outstanding : most;
        var mayKeep = order.IsStopped && !order.IsHeld ? outstanding : most;
        if (kept < mustKeep || kept > mayKeep)
        {
            yield return new Violation(order.Name,
                $"{order.Describe(line)}: reserved and waiting should be {Range(mustKeep, mayKeep)}{State(order)}",
                kept > mayKeep ? "reserved for nothing" : "not reserved");
        }
        else if (kept != mayKeep)
        {
            leeways.Use(order.IsHeld ? Leeway.Held : Leeway.StopCrossed, order.Name);
        }

        if (!order.IsStopped && !order.IsHeldPerhaps && !order.IsWaiting && outstanding < remaining)
        {
            yield return new Violation(order.Name,
                $"{order.Describe(line)}: {remaining - outstanding} wait for nothing, and no warehouse is asked for "
                + $"them; {order.DescribeTaken()}", "not released");
        }
    }

    private static string Range(int from, int to) => from == to ? $"{from}" : $"{from} to {to}";

    /// <summary>Reservations of what the order does not have.</summary>
    private static IEnumerable<Violation> JudgeStrangers(OrderCase order) =>
        from row in order.Reservations
        where order.FindLine(row.LineId) is not { IsShippable: true } line || line.Sku != row.Sku
        select new Violation(order.Name,
            $"{order.Name}: {row.Quantity} × {row.Sku} are reserved at {row.Location} and {row.Waiting} wait for line "
            + $"{row.LineId}, which is no such line of the order", "reserved for nothing");

    private static IEnumerable<Violation> JudgeStatus(OrderCase order, LeewaysUsed leeways)
    {
        if (order.Row is not { } row || order.IsLeftToAPerson) yield break;
        var right = ExpectedStatus(order, order.IsHeld);
        if (order.IsHeldPerhaps && ExpectedStatus(order, isHeld: true) is var crossed && crossed == row.Status
            && crossed != right)
        {
            leeways.Use(Leeway.StopCrossed, order.Name);
        }
        else if (row.Status != right)
        {
            yield return new Violation(order.Name,
                $"{order.Name} is {row.Status} in the database, and in truth {right}; {order.DescribeTaken()}",
                "status");
        }
    }

    /// <summary>The contract's statuses, from what is outside.</summary>
    public static string ExpectedStatus(OrderCase order, bool isHeld)
    {
        var live = order.IsLive;
        var remaining = order.Lines.Sum(order.Remaining);
        if (!live && order.Order.IsCancelled) return order.HasShipped ? "shipped" : "cancelled";
        if (!live && remaining == 0) return order.HasShipped || !order.Lines.Any() ? "shipped" : "cancelled";
        // It should not go out, and a warehouse says that it will.
        if (order.Taken.Any(each => each.IsOutstanding && each.HasRefusedToStop)
            && (order.Order.IsMoneyGone || isHeld)) return "onHold";
        if (order.HasShipped) return "partiallyShipped";
        if (live) return "released";
        if (isHeld) return "onHold";
        return order.IsWaiting ? "backordered" : "received";
    }
}
