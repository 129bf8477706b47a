using OrderGrains.Inventory;

namespace OrderGrains.Tests.Inventory;

/// <summary>
/// One stock as a person with a shelf and a list would keep it, written from the words of the contract alone: units are
/// looked for one list at a time, whatever it costs.
/// </summary>
internal sealed class StockModel(int lines)
{
    private readonly List<(DateTimeOffset AsOf, int Units)> _counts = [];
    private readonly Dictionary<string, (DateTimeOffset At, int Units)> _moves = new(StringComparer.Ordinal);

    public Line[] Lines { get; } = [.. Enumerable.Range(0, lines).Select(_ => new Line())];

    /// <summary>The whole story, told from its beginning each time.</summary>
    public int Units
    {
        get
        {
            var newest = _counts.OrderBy(count => count.AsOf).ThenByDescending(count => count.Units).LastOrDefault();
            return newest.Units
                + _moves.Values.Where(move => _counts.Count == 0 || move.At > newest.AsOf).Sum(move => move.Units);
        }
    }

    private int Promised => Lines.Sum(l => l.Held);
    private int Free => Math.Max(0, Units - Promised);

    public bool Knows(int who, ShippedUnits shipped) => _moves.ContainsKey($"ship {who} {shipped.Id}");

    public void Reserve(int who, ReservationRequest request)
    {
        var line = Lines[who];
        var othersWait = Lines.Any(l => l != line && l.Waiting > 0);
        foreach (var shipped in request.Shipped)
        {
            if (!_moves.TryAdd($"ship {who} {shipped.Id}", (shipped.At, -shipped.Units)))
                continue;
            line.Consumed += shipped.Units;
            line.Held = Math.Max(0, line.Held - shipped.Units);
            line.AtWarehouse = Math.Max(0, line.AtWarehouse - shipped.Units);
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
        _counts.Add((at, counted));
        Serve();
    }

    public void Adjust(int delta, string id, DateTimeOffset at)
    {
        _moves.TryAdd(id, (at, delta));
        Serve();
    }

    public string Text() => $"{Math.Max(Units, Promised)} on hand, {Math.Max(0, Promised - Units)} short: "
        + string.Join(' ', Lines.Select(l => $"{l.Held}({l.AtWarehouse})+{l.Waiting}-{l.Consumed}"));

    private void Serve()
    {
        while (Promised > Units && Array.FindLastIndex(Lines, l => l.Held > l.AtWarehouse) is >= 0 and var newest)
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
