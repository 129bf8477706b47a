using System.Net;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Judging;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Tests.Chaos;

/// <summary>
/// The facts of a small run that went well: one order of 3 × S1 and 1 × S7 on the shelf of east, told and released.
/// Each test spoils one thing.
/// </summary>
internal sealed class JudgedRun
{
    public const long OrderId = 700;
    public const string Key = "acme/700";
    public const string Line1 = "71";
    public const string Line7 = "77";

    public static readonly DateTimeOffset Start = new(2026, 11, 29, 10, 0, 0, TimeSpan.Zero);

    public List<OrderFact> Orders { get; } = [];

    public List<Taken> Taken { get; } = [];

    public List<WebhookTry> Tries { get; } = [];

    public List<StockTold> Stock { get; } = [];

    public List<WarehouseDid> Calls { get; } = [];

    public List<ReceiptRow> Receipts { get; } = [];

    public List<OrderRow> Rows { get; } = [];

    public List<MessageRow> Messages { get; } = [];

    public List<ReservationRow> Reservations { get; } = [];

    public List<MovementRow> Movements { get; } = [];

    public List<StockRow> Levels { get; } = [];

    public Dictionary<(string Location, string Sku), int> OnShelf { get; } = [];

    /// <summary>Null: the shop is told of no parcel.</summary>
    public List<Recorded>? Recorded { get; set; }

    public HashSet<string> RefusedForGood { get; } = new(StringComparer.Ordinal);

    public LeewaysUsed Leeways { get; } = new();

    public static JudgedRun Well()
    {
        var run = new JudgedRun();
        run.Orders.Add(Order());
        run.Hears("acme", "create", "orders/create", OrderId);
        run.Counts("S1", 10, 0);
        run.Counts("S7", 10, 0);
        run.Releases(1, (Line1, "S1", 3), (Line7, "S7", 1));
        run.Holds(Line1, "S1", 3, 3);
        run.Holds(Line7, "S7", 1, 1);
        run.Rows.Add(new OrderRow(Key, "released"));
        return run;
    }

    public static OrderFact Order(
        bool paid = true, bool cancelled = false, int units1 = 3, int units7 = 1, long id = OrderId) =>
        new(id, $"#{id}", paid, cancelled, cancelled && paid,
            [new LineFact(Line1, "S1", units1, 3, 3), new LineFact(Line7, "S7", units7, 1, 1)]);

    /// <summary>A webhook that had its 200 and took effect.</summary>
    public void Hears(
        string source, string id, string topic, long? orderId = null, string outcome = "applied",
        ReceiptSaid? said = null, double at = 1)
    {
        Tries.Add(new WebhookTry(0, source, id, orderId, topic, At(at), At(at + 0.1), HttpStatusCode.OK));
        Receipts.Add(new ReceiptRow(
            source, orderId is null ? "" : topic, id, At(at), outcome, null, orderId is null ? null : Key,
            said ?? new ReceiptSaid(orderId is null ? topic : null)));
    }

    public void Counts(string sku, int units, double at, string location = "east", double? told = null)
    {
        var id = $"count-{location}-{sku}-{at}";
        Stock.Add(new StockTold(location, sku, StockTold.Kinds.Counted, units, At(at), id, At(told ?? at)));
        Hears(location, id, "stock.counted", said: new ReceiptSaid("stock.counted", null, At(at), location, [sku]),
            at: told ?? at);
    }

    public void Adjusts(string sku, int delta, double at, bool isApplied = true, double? told = null)
    {
        Stock.Add(new StockTold("east", sku, StockTold.Kinds.Adjusted, delta, At(at), $"adjust-{at}", At(told ?? at)));
        Hears("east", $"adjust-{at}", "stock.adjusted", at: told ?? at);
        if (isApplied)
            Movements.Add(new MovementRow("east", sku, $"adjust:{at}", "adjusted", delta, At(at), null, null));
    }

    /// <summary>The warehouse has sent what it was asked for, and said so.</summary>
    public void Ships(int number = 1, double at = 5)
    {
        var taken = Taken.Find(each => each.Reference == $"acme-{OrderId}-{number}")!;
        Taken.Remove(taken);
        var lines = taken.Order.Take.Lines;
        Taken.Add(taken with
        {
            Order = taken.Order with
            {
                Status = WarehouseStatus.Shipped,
                Shipped = lines.ToDictionary(line => line.LineId, line => line.Quantity, StringComparer.Ordinal),
            },
        });
        foreach (var line in lines)
        {
            Stock.Add(new StockTold(taken.Location, line.Sku, StockTold.Kinds.Shipped, -line.Quantity, At(at),
                $"ship-{number}", At(at)));
            Movements.Add(new MovementRow(taken.Location, line.Sku, $"ship:{number}:{line.LineId}", "shipped",
                -line.Quantity, At(at), Key, line.LineId));
            Reservations.RemoveAll(row => row.LineId == line.LineId);
        }

        Hears("east", $"ship-{number}", "shipment.created", at: at);
    }

    public void Releases(int number, params (string LineId, string Sku, int Units)[] lines) =>
        Releases(number, OrderId, "east", lines);

    public void Releases(
        int number, long orderId, string location, params (string LineId, string Sku, int Units)[] lines)
    {
        var reference = $"acme-{orderId}-{number}";
        var take = new WarehouseTake(reference, "acme", orderId.ToString(), $"#{orderId}", location,
            [.. lines.Select(line => new WarehouseLine(line.LineId, line.Sku, line.Units))], "somebody");
        Taken.Add(new Taken(location, location, new WarehouseOrder { Take = take, WarehouseOrderId = reference }));
        Calls.Add(new WarehouseDid(location, reference, "made", At(2 + (number / 10.0)),
            lines.ToDictionary(line => line.Sku, line => line.Units, StringComparer.Ordinal)));
    }

    /// <summary>What the warehouse of the first release did besides.</summary>
    public void Amend(Func<WarehouseOrder, WarehouseOrder> change, int at = 0) =>
        Taken[at] = Taken[at] with { Order = change(Taken[at].Order) };

    public void Holds(
        string lineId, string sku, int quantity, int atWarehouse, int waiting = 0, string location = "east",
        string key = Key, double placed = 0) =>
        Reservations.Add(new ReservationRow(
            location, sku, key, lineId, quantity, atWarehouse, waiting, At(placed)));

    public IReadOnlyList<Violation> Judge()
    {
        var world = World();
        var database = new DatabaseFacts
        {
            Receipts = Receipts,
            Orders = Rows,
            Messages = Messages,
            Stock = Levels.Count > 0 ? Levels : RightLevels(),
            Reservations = Reservations,
            Movements = Movements,
        };
        return Verdict.Of(world, database, Leeways);
    }

    public WorldFacts World() => new()
    {
        Shop = "acme",
        Locations = [("east", "east"), ("west", "west")],
        Orders = Orders,
        Taken = Taken,
        Tries = Tries,
        Stock = Stock,
        Calls = Calls,
        OnShelf = OnShelf,
        Recorded = Recorded,
        RefusedForGood = RefusedForGood,
    };

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    /// <summary>The levels as they should be.</summary>
    public List<StockRow> RightLevels() =>
    [
        .. Stock.GroupBy(each => (each.Location, each.Sku)).Select(place =>
        {
            var units = StockModel.Units([.. place]);
            var reserved = Reservations.Where(row => (row.Location, row.Sku) == place.Key).Sum(row => row.Quantity);
            var onHand = Math.Max(units, reserved);
            return new StockRow(place.Key.Location, place.Key.Sku, onHand, reserved, onHand - units);
        }),
    ];
}
