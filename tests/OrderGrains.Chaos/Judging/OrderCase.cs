using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos.Judging;

/// <summary>One order with all that concerns it.</summary>
internal sealed class OrderCase
{
    private readonly Dictionary<string, LineFact> _lines;

    public OrderCase(
        OrderFact order, string key, IReadOnlyList<Taken> taken, IReadOnlyList<ReservationRow> reservations,
        OrderRow? row, IReadOnlySet<string> endedByWarehouse, bool isLeftToAPerson)
    {
        (Order, Key, Taken, Reservations, Row) = (order, key, taken, reservations, row);
        IsLeftToAPerson = isLeftToAPerson;
        _lines = order.Lines.ToDictionary(line => line.LineId, StringComparer.Ordinal);
        var ended = taken.Where(each => endedByWarehouse.Contains(each.Reference)).ToList();
        IsHeld = ended.Exists(each => each.Order.CancelsAsked == 0);
        IsHeldPerhaps = !IsHeld && ended.Count > 0;
    }

    public OrderFact Order { get; }

    public string Key { get; }

    public string Name => Order.Name;

    public IReadOnlyList<Taken> Taken { get; }

    public IReadOnlyList<ReservationRow> Reservations { get; }

    public OrderRow? Row { get; }

    /// <summary>A warehouse ended a release by itself.</summary>
    public bool IsHeld { get; }

    /// <summary>It did so while it was asked to stop: nobody outside knows which was heard first.</summary>
    public bool IsHeldPerhaps { get; }

    public bool IsLeftToAPerson { get; }

    /// <summary>Nothing of it may go out, whatever it wants.</summary>
    public bool IsStopped => Order.IsCancelled || !Order.IsPaid || Order.IsMoneyGone || IsHeld;

    public bool IsLive => Taken.Any(each => each.IsOutstanding);

    public bool HasShipped => Taken.Any(each => each.Order.Shipped.Values.Sum() > 0);

    public bool IsWaiting => Reservations.Any(row => row.Waiting > 0);

    public IEnumerable<LineFact> Lines => Order.Lines.Where(line => line.IsShippable);

    public LineFact? FindLine(string lineId) => _lines.GetValueOrDefault(lineId);

    public int Shipped(LineFact line) => Taken.Sum(each => each.Shipped(line.LineId));

    /// <summary>Units that the buyer should still get; none once the order is cancelled.</summary>
    public int Remaining(LineFact line) =>
        Order.IsCancelled ? 0 : Math.Max(0, line.Wanted - Shipped(line));

    /// <summary>Units that warehouses are still going to ship.</summary>
    public int Outstanding(LineFact line) => Taken.Sum(each => each.Outstanding(line.LineId));

    public int OutstandingAt(string location, string lineId) =>
        Taken.Where(each => each.Location == location).Sum(each => each.Outstanding(lineId));

    /// <summary>The same of releases that could not be undone.</summary>
    public int Irrevocable(LineFact line) => Taken
        .Where(each => IsStopped ? each.HasRefusedToStop : each.HasRefused)
        .Sum(each => each.Outstanding(line.LineId));

    public int Held(LineFact line) => Rows(line).Sum(row => row.Quantity);

    public int Waiting(LineFact line) => Rows(line).Sum(row => row.Waiting);

    public IEnumerable<ReservationRow> Rows(LineFact line) =>
        Reservations.Where(row => row.LineId == line.LineId && row.Sku == line.Sku);

    /// <summary>The order as its violations name it.</summary>
    public string Describe(LineFact line) =>
        $"{Name} {line.Sku}: wanted {(Order.IsCancelled ? 0 : line.Wanted)}, shipped {Shipped(line)}, "
        + $"at warehouses {Outstanding(line)}, reserved {Held(line)}, waiting {Waiting(line)}";

    public string DescribeTaken() => Taken.Count == 0 ? "no warehouse has it" : string.Join(", ", Taken.Select(each =>
        $"{each.Reference} {Spell(each.Order.Status)}"));

    private static string Spell(WarehouseStatus status) => status.ToString().ToLowerInvariant();
}
