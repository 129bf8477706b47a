using OrderGrains.Inventory;

namespace OrderGrains.Tests.Inventory;

/// <summary>
/// One stock as a person with a shelf and a list would keep it, written from the words of the contract alone: units are
/// looked for one list at a time, whatever it costs.
/// </summary>
internal sealed class StockModel(int lines)
{
    private readonly HashSet<string> adjusted = new(StringComparer.Ordinal);
    private DateTimeOffset? asOf;
    private int units;

    public Line[] Lines { get; } = [.. Enumerable.Range(0, lines).Select(_ => new Line())];

    private int Promised => Lines.Sum(l => l.Held);
    private int Free => Math.Max(0, units - Promised);

    public void Reserve(int who, ReservationRequest request)
    {
        var line = Lines[who];
        var othersWait = Lines.Any(l => l != line && l.Waiting > 0);
        for (; line.Consumed < request.Consumed; line.Consumed++)
        {
            units = Math.Max(0, units - 1);
            line.Held = Math.Max(0, line.Held - 1);
            line.AtWarehouse = Math.Max(0, line.AtWarehouse - 1);
        }

        var missing = request.Quantity - line.Held;
        if (missing <= 0 || (missing <= Free && !othersWait))
            (line.Held, line.Waiting, line.AtWarehouse) = (request.Quantity, 0, request.AtWarehouse);
        else if (request.MayWait)
            (line.Waiting, line.AtWarehouse) = (missing, request.AtWarehouse);
        line.AtWarehouse = Math.Min(line.AtWarehouse, line.Held);
        Serve();
    }

    public void Count(int counted, DateTimeOffset at)
    {
        if (at <= asOf)
            return;
        (units, asOf) = (counted, at);
        Serve();
    }

    public void Adjust(int delta, string id, DateTimeOffset at)
    {
        if (!adjusted.Add(id))
            return;
        units = Math.Max(0, units + delta);
        asOf = asOf > at ? asOf : at;
        Serve();
    }

    public string Text() => $"{Math.Max(units, Promised)} on hand, {Math.Max(0, Promised - units)} short: "
        + string.Join(' ', Lines.Select(l => $"{l.Held}({l.AtWarehouse})+{l.Waiting}-{l.Consumed}"));

    private void Serve()
    {
        while (Promised > units && Array.FindLastIndex(Lines, l => l.Held > l.AtWarehouse) is >= 0 and var newest)
            TakeBack(Lines[newest]);
        while (Array.FindIndex(Lines, l => l.Waiting > 0) is >= 0 and var first)
        {
            var newest = Array.FindLastIndex(Lines, l => l.Held > l.AtWarehouse);
            if (Lines[first].Waiting <= Free)
                (Lines[first].Held, Lines[first].Waiting) = (Lines[first].Held + Lines[first].Waiting, 0);
            else if (newest > first)
                TakeBack(Lines[newest]);
            else
                return;
        }
    }

    private static void TakeBack(Line line) =>
        (line.Held, line.Waiting) = (line.AtWarehouse, line.Waiting + line.Held - line.AtWarehouse);

    /// <summary>One order's line; those with lower numbers were placed before.</summary>
    internal sealed class Line
    {
        public int Held { get; set; }
        public int AtWarehouse { get; set; }
        public int Waiting { get; set; }
        public int Consumed { get; set; }
    }
}
