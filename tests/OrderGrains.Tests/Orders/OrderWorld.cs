using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Orders;

/// <summary>
/// One order with the pure rules alone: a location that has everything, and a warehouse that takes what it is asked.
/// Says what is true in the end, and nothing of the way there.
/// </summary>
internal sealed class OrderWorld(Func<OrderPolicy, OrderPolicy>? rules = null)
{
    public static readonly OrderKey Key = new("acme", "820982911946154508");
    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static readonly ShipTo ShipTo = new()
    {
        Name = "Ada Lovelace",
        Address1 = "12 St James Square",
        City = "London",
        PostalCode = "SW1Y 4JH",
        CountryCode = "GB",
    };

    private readonly OrderPolicy _policy = (rules ?? (p => p))(
        new OrderPolicy(ReleaseWhen.Paid, [new StockLocation("east", "east-wms")]));

    private readonly Queue<(Guid Id, MessageKind Kind, string Reference)> _messages = new();
    private readonly Queue<(Guid Id, MessageKind Kind, string Reference)> _dropped = new();
    private readonly Dictionary<string, IReadOnlyList<ReleaseLine>> _atWarehouse = new(StringComparer.Ordinal);
    private int _ids;

    public Order Order { get; private set; } = new() { Key = Key, ReceivedAt = Noon };

    /// <summary>Units of each line that the warehouse has to ship.</summary>
    public IReadOnlyDictionary<string, int> AtWarehouse => _atWarehouse.Values.SelectMany(l => l)
        .GroupBy(l => l.LineId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity), StringComparer.Ordinal);

    /// <summary>The warehouse cannot change an order: it stops it and gets it anew.</summary>
    public bool StopsToChange { get; init; }

    /// <summary>What the warehouse was asked for last.</summary>
    public ReleaseRequest? Told { get; private set; }

    public Decision Apply(OrderChange change)
    {
        var decision = OrderLifecycle.Decide(Order, change, null);
        if (decision is Decision.Accept accept)
            Settle(accept.Next);
        else if (decision is Decision.Duplicate { Next: { } again })
            Order = again;
        else if (decision is Decision.Stale { Next: { } beside })
            Order = beside;
        return decision;
    }

    public Decision Act(OrderAct act)
    {
        var decision = OrderActs.Decide(Order, act, "ops", null, Noon);
        if (decision is Decision.Accept accept)
            Settle(accept.Next);
        return decision;
    }

    /// <summary>The warehouse answers the oldest message; false when there is none.</summary>
    public bool Answer()
    {
        if (!_messages.TryDequeue(out var message))
            return false;
        WarehouseAnswer answer;
        if (message.Kind == MessageKind.Cancel)
        {
            answer = _atWarehouse.Remove(message.Reference)
                ? new WarehouseAnswer.Cancelled()
                : new WarehouseAnswer.NotFound();
        }
        else if (message.Kind == MessageKind.Change && StopsToChange)
        {
            _atWarehouse.Remove(message.Reference);
            answer = new WarehouseAnswer.StoppedToChange();
        }
        else
        {
            var request = ReleaseRequests.Of(Order, OrderFacts.FindRelease(Order, message.Reference)!);
            Told = request;
            _atWarehouse[message.Reference] = OrderFacts.FindRelease(Order, message.Reference)!.Lines;
            answer = new WarehouseAnswer.Taken("W" + message.Reference, request.Recipient);
        }

        Settle(ReleaseAnswers.Fold(
            Order, new DeliveredMessage(message.Id, message.Kind, message.Reference, null), answer).Next);
        return true;
    }

    /// <summary>The warehouse answers with these words instead.</summary>
    public void Answer(WarehouseAnswer answer)
    {
        var message = _messages.Dequeue();
        Settle(ReleaseAnswers.Fold(
            Order, new DeliveredMessage(message.Id, message.Kind, message.Reference, null), answer).Next);
    }

    /// <summary>The warehouse answers what was under way when a stop superseded it.</summary>
    public void AnswerSuperseded(WarehouseAnswer answer)
    {
        var (id, kind, reference) = _dropped.Dequeue();
        Settle(ReleaseAnswers.Fold(Order, new DeliveredMessage(id, kind, reference, null), answer).Next);
    }

    public void AnswerAll()
    {
        while (Answer()) { }
    }

    /// <summary>What the world has come to, as one line that can be compared.</summary>
    public string Outcome()
    {
        AnswerAll();
        var lines = OrderFacts.WantedLines(Order)
            .Select(l => $"{l.LineId}: {OrderFacts.RemainingUnits(Order, l)} to ship, "
                + $"{Order.Allocations.Where(a => a.LineId == l.LineId).Sum(a => a.Quantity)} held, "
                + $"{AtWarehouse.GetValueOrDefault(l.LineId)} at the warehouse");
        return $"{Order.Status}; {Order.Storefront?.UpdatedAt:O}; {string.Join("; ", lines)}; "
            + string.Join(",", Order.Amendments.Select(a => a.Id));
    }

    public static OrderStated Stated(
        int second, bool paid = false, bool cancelled = false, int units = 2, params string[] refundIds) =>
        new(Key, new OrderSnapshot
        {
            UpdatedAt = Noon.AddSeconds(second),
            PlacedAt = Noon,
            Number = "#1001",
            Payment = paid ? Payment.Paid : Payment.Pending,
            ShipTo = ShipTo,
            Cancelled = cancelled,
            Lines =
            [
                new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = units },
                new SnapshotLine { LineId = "2", Sku = "CAP", Quantity = 1 },
            ],
            RefundIds = refundIds,
        });

    private void Settle(Order next)
    {
        var ready = OrderFacts.IsReady(next, _policy);
        next = next with { Excess = OrderExcess.Of(Order, next) };
        var allocations = new List<Allocation>();
        foreach (var line in OrderFacts.WantedLines(next).Where(l => l.Sku is not null))
        {
            var before = next.Allocations.FirstOrDefault(a => a.LineId == line.LineId)?.Quantity ?? 0;
            var needed = OrderFacts.IsPaymentEnded(next) ? 0 : OrderFacts.RemainingUnits(next, line);
            var units = Math.Max(
                ready ? needed : Math.Min(needed, before), OrderFacts.OutstandingUnits(next, line.LineId, "east"));
            if (units > 0)
                allocations.Add(new Allocation(line.LineId, line.Sku!, "east", units, 0, units));
        }

        var plan = ReleasePlan.Of(next with { Allocations = allocations }, _policy, NewId);
        Order = plan.Next;
        foreach (var id in plan.Superseded)
            Drop(id);
        foreach (var message in plan.Messages)
            _messages.Enqueue((message.Id, message.Kind, message.Release.Reference));
    }

    private void Drop(Guid id)
    {
        foreach (var gone in _messages.Where(m => m.Id == id))
            _dropped.Enqueue(gone);
        var kept = _messages.Where(m => m.Id != id).ToArray();
        _messages.Clear();
        foreach (var message in kept)
            _messages.Enqueue(message);
    }

    private Guid NewId() => new(++_ids, 0, 0, new byte[8]);
}
