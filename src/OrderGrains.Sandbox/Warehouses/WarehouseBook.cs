using System.Collections.Concurrent;

namespace OrderGrains.Sandbox.Warehouses;

public enum TakeOutcome
{
    Made,
    Repeated,
    Updated,

    /// <summary>What it has is newer: the request was late on its way.</summary>
    Outdated,
    TooLate,
}

public enum CancelOutcome
{
    Cancelled,
    TooLate,
    Unknown,
}

/// <summary>
/// The warehouse's memory: orders by reference and units by SKU. All acts are small and under one lock; it outlives the
/// warehouse's going away, and the product's death.
/// </summary>
public sealed class WarehouseBook(IReadOnlyDictionary<string, int> counted)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WarehouseOrder> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _onHand = new(counted, StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _complaints = new();

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private DateTimeOffset _lastAct;

    /// <summary>
    /// What a real warehouse would telephone about: wrong signatures, malformed orders, more sold than there is.
    /// </summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public void Complain(string what) => _complaints.Enqueue(what);

    public IReadOnlyList<WarehouseOrder> Orders
    {
        get
        {
            lock (_lock) return [.. _orders.Values];
        }
    }

    public WarehouseOrder? Find(string reference)
    {
        lock (_lock) return _orders.GetValueOrDefault(reference);
    }

    /// <summary>
    /// References that were answered no when they were to be taken: a person must look. Such an order is here only if
    /// it was sent again for all that.
    /// </summary>
    public IReadOnlyCollection<string> RefusedByAnswer
    {
        get
        {
            lock (_lock) return [.. _refused];
        }
    }

    /// <summary>Notes that the answer is no. False for what was taken already, to which one cannot say no.</summary>
    public bool TryRefuse(string reference)
    {
        lock (_lock)
        {
            if (_orders.ContainsKey(reference)) return false;
            _refused.Add(reference);
            return true;
        }
    }

    /// <summary>Units by SKU now: counted, plus adjustments, less what was shipped.</summary>
    public IReadOnlyDictionary<string, int> OnHand
    {
        get
        {
            lock (_lock) return new Dictionary<string, int>(_onHand, StringComparer.Ordinal);
        }
    }

    /// <param name="take">What is asked for.</param>
    /// <param name="tell">Told the effect before another act can follow it.</param>
    public (TakeOutcome Outcome, WarehouseOrder Order) Take(
        WarehouseTake take, Action<TakeOutcome, WarehouseOrder>? tell = null)
    {
        lock (_lock)
        {
            var (outcome, order) = Take(take);
            tell?.Invoke(outcome, order);
            return (outcome, order);
        }

        (TakeOutcome, WarehouseOrder) Take(WarehouseTake take)
        {
            if (!_orders.TryGetValue(take.Reference, out var known))
            {
                var made = new WarehouseOrder { Take = take, WarehouseOrderId = $"W{_orders.Count + 1:D6}" };
                return (TakeOutcome.Made, _orders[take.Reference] = made);
            }
            if (take.Revision < known.Take.Revision) return (TakeOutcome.Outdated, known);
            if (known.IsLive && known.Take.ShipTo == take.ShipTo && SameLines(known.Take.Lines, take.Lines))
            {
                return (TakeOutcome.Repeated,
                    _orders[take.Reference] = known with { Take = take, Repeated = known.Repeated + 1 });
            }
            if (known.CanChange)
            {
                return (TakeOutcome.Updated,
                    _orders[take.Reference] = known with { Take = take, Updated = known.Updated + 1 });
            }
            var refused = known with { ChangesRefused = known.ChangesRefused + 1 };
            return (TakeOutcome.TooLate, _orders[take.Reference] = refused);
        }
    }

    /// <param name="reference">The order.</param>
    /// <param name="tell">Told the effect before another act can follow it; not of an order that is not here.</param>
    public CancelOutcome Cancel(string reference, Action<CancelOutcome, WarehouseOrder>? tell = null)
    {
        lock (_lock)
        {
            var outcome = Cancel();
            if (_orders.TryGetValue(reference, out var order)) tell?.Invoke(outcome, order);
            return outcome;
        }

        CancelOutcome Cancel()
        {
            if (!_orders.TryGetValue(reference, out var known)) return CancelOutcome.Unknown;
            if (known.CanChange || !known.IsLive)
            {
                _orders[reference] = known with { Status = known.IsLive ? WarehouseStatus.Cancelled : known.Status };
                return CancelOutcome.Cancelled;
            }
            _orders[reference] = known with { CancelsRefused = known.CancelsRefused + 1 };
            return CancelOutcome.TooLate;
        }
    }

    /// <summary>A request to cancel has come; noted before any fault strikes it.</summary>
    public void NoteCancelAsked(string reference)
    {
        lock (_lock)
        {
            if (_orders.TryGetValue(reference, out var known))
                _orders[reference] = known with { CancelsAsked = known.CancelsAsked + 1 };
        }
    }

    /// <summary>From here on it is too late. Null when it was cancelled or refused before.</summary>
    public WarehouseOrder? Pick(string reference, DateTimeOffset now) =>
        Move(reference, order => order with { Status = WarehouseStatus.Picked, PickedAt = now });

    /// <summary>The warehouse itself says no. Null when it is picked or gone already.</summary>
    public WarehouseOrder? Refuse(string reference) =>
        Move(reference, order => order with { Status = WarehouseStatus.Refused, EndedByItself = true });

    /// <summary>The warehouse itself cancels. Null when it is picked or gone already.</summary>
    public WarehouseOrder? Drop(string reference) =>
        Move(reference, order => order with { Status = WarehouseStatus.Cancelled, EndedByItself = true });

    /// <summary>Ships up to <paramref name="unitsMax"/> units of a picked order; empty when nothing is left.</summary>
    /// <param name="reference">The order.</param>
    /// <param name="unitsMax">How many fit into the parcel.</param>
    /// <param name="moreLeaving">
    /// Null: what was asked for. Else one unit more of the first line goes with the last parcel, if so many of its SKU
    /// stay that nobody's promise is broken.
    /// </param>
    public IReadOnlyList<WarehouseLine> Ship(string reference, int unitsMax, int? moreLeaving = null)
    {
        lock (_lock)
        {
            var order = _orders[reference];
            var shipped = new Dictionary<string, int>(order.Shipped, StringComparer.Ordinal);
            var parcel = new List<WarehouseLine>();
            foreach (var line in order.Take.Lines)
            {
                var units = Math.Min(unitsMax, line.Quantity - shipped.GetValueOrDefault(line.LineId));
                if (units <= 0) continue;
                unitsMax -= units;
                parcel.Add(line with { Quantity = units });
                shipped[line.LineId] = shipped.GetValueOrDefault(line.LineId) + units;
            }
            var whole = order.Take.Lines.All(line => shipped.GetValueOrDefault(line.LineId) >= line.Quantity);
            if (whole && parcel.Count > 0 && _onHand.GetValueOrDefault(parcel[0].Sku) > moreLeaving)
            {
                var more = parcel[0];
                parcel[0] = more with { Quantity = more.Quantity + 1 };
                shipped[more.LineId]++;
                order = order with
                {
                    ShippedMore = new Dictionary<string, int>(StringComparer.Ordinal) { [more.LineId] = 1 },
                };
            }
            foreach (var line in parcel) TakeFromShelf(line.Sku, line.Quantity, reference);
            _orders[reference] = order with
            {
                Shipped = shipped,
                Shipments = order.Shipments + (parcel.Count > 0 ? 1 : 0),
                Status = whole ? WarehouseStatus.Shipped : WarehouseStatus.PartlyShipped,
            };
            return parcel;
        }
    }

    /// <summary>Goods in (or found broken). Returns what is on hand after it.</summary>
    public int Adjust(string sku, int delta)
    {
        lock (_lock) return _onHand[sku] = _onHand.GetValueOrDefault(sku) + delta;
    }

    /// <summary>
    /// An act and its time in one: by the times, a count has in it what left before, and nothing that left after. No
    /// two acts have one time, and none is finer than a database keeps it: a microsecond.
    /// </summary>
    public (T Result, DateTimeOffset At) Timed<T>(TimeProvider time, Func<T> act)
    {
        lock (_lock)
        {
            var result = act();
            var now = time.GetUtcNow();
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
            return (result, _lastAct = now > _lastAct ? now : _lastAct.AddTicks(TimeSpan.TicksPerMicrosecond));
        }
    }

    private WarehouseOrder? Move(string reference, Func<WarehouseOrder, WarehouseOrder> move)
    {
        lock (_lock)
        {
            if (!_orders.TryGetValue(reference, out var order) || !order.CanChange) return null;
            return _orders[reference] = move(order);
        }
    }

    private void TakeFromShelf(string sku, int units, string reference)
    {
        var left = _onHand[sku] = _onHand.GetValueOrDefault(sku) - units;
        if (left < 0) Complain($"{reference}: {units} of {sku} shipped, and the shelf is {-left} short: oversold");
    }

    private static bool SameLines(IReadOnlyList<WarehouseLine> left, IReadOnlyList<WarehouseLine> right) =>
        left.OrderBy(line => line.LineId, StringComparer.Ordinal)
            .SequenceEqual(right.OrderBy(line => line.LineId, StringComparer.Ordinal));
}
