using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>
/// The stock of one SKU at one location in memory: who holds units, and who waits in line. After each act the units
/// that no warehouse has belong to those who were placed first, and nobody waits for what is there. No work grows with
/// the open reservations, but the constructor's.
/// </summary>
internal sealed class StockBook
{
    private readonly Dictionary<ReservationId, Reservation> _held;

    /// <summary>Who waits, the earliest placed first.</summary>
    private readonly SortedSet<Reservation> _line;

    /// <summary>Who holds units that no warehouse has: on hold, not paid, or waiting for another line.</summary>
    private readonly SortedSet<Reservation> _loose;

    public StockBook(StoredStock stored)
    {
        Level = stored.Level;
        _held = new Dictionary<ReservationId, Reservation>(stored.Held.Count);
        foreach (var reservation in stored.Held)
            _held.Add(reservation.Id, reservation);
        _line = new SortedSet<Reservation>(stored.Held.Where(r => r.Waiting > 0), ByPlacement.Instance);
        _loose = new SortedSet<Reservation>(stored.Held.Where(IsLoose), ByPlacement.Instance);
    }

    public StockLevel Level { get; private set; }

    /// <summary>What has changed and is not being committed yet.</summary>
    public StockChanges Changes { get; private set; } = new();

    /// <summary>The open or waiting reservation; null when there is none.</summary>
    public Reservation? Find(ReservationId id) => _held.GetValueOrDefault(id);

    /// <summary>Makes a line's reservation be as stated.</summary>
    /// <param name="request">Totals.</param>
    /// <param name="before">The reservation now, be it an ended one.</param>
    /// <param name="fresh">Of what the line shipped, what is not in the history yet.</param>
    /// <returns>The reservation as it now is, and whether anything changed.</returns>
    public (Reservation? After, ReservationOutcome Outcome, bool Changed) Reserve(
        ReservationRequest request, Reservation? before, IReadOnlyList<ShippedUnits> fresh)
    {
        var (level, after, outcome) = StockRules.Reserve(Level, before, request, fresh, OthersWait(before));
        if (after is null || after == before)
            return (after, outcome, false);
        Changes.Movements.AddRange(fresh.Select(shipped => StockHistory.Shipped(level, request, shipped)));
        Put(level, after);
        Settle();
        return (Find(after.Id) ?? after, outcome, true);
    }

    /// <summary>Units that this line could still take, were it to ask now.</summary>
    public int AvailableTo(Reservation? before) => OthersWait(before) ? 0 : Level.Available;

    /// <summary>Takes a count for the newest.</summary>
    /// <param name="movement">The count; its delta and units are found here.</param>
    /// <param name="counted">Units that were there at the movement's time.</param>
    /// <param name="later">Units that were shipped or adjusted later, in all.</param>
    public void Count(StockMovement movement, int counted, long later = 0) =>
        Move(movement, StockRules.Count(Level, counted, movement.At, later));

    /// <summary>Adds the movement's units, unless the newest count has them in already.</summary>
    public void Adjust(StockMovement movement) => Move(
        movement with { Reason = StockHistory.Explain(movement.Reason, Level, movement.At) },
        StockRules.Adjust(Level, movement.Delta, movement.At));

    /// <summary>Hands over what has changed, to be committed.</summary>
    public StockChanges TakeChanges()
    {
        var taken = Changes;
        Changes = new StockChanges();
        return taken;
    }

    public void Committed(long version) => Level = Level with { Version = version };

    private void Move(StockMovement movement, StockLevel level)
    {
        movement = movement with
        {
            OnHand = level.Units,
            Delta = movement.Kind == MovementKind.Adjusted ? movement.Delta : level.Units - Level.Units,
        };
        Level = level;
        var takenBack = Settle();
        Changes.Movements.Add(takenBack == 0 ? movement : movement with
        {
            Reason = $"{movement.Reason}; {takenBack} reserved units went back to waiting",
        });
    }

    private bool OthersWait(Reservation? before) => _line.Count > (before is { Waiting: > 0 } ? 1 : 0);

    /// <summary>
    /// Where fewer units are there than promised, the newest promises that no warehouse has go back to waiting. Then
    /// the line is served in order of placement; who waits first takes the units of those placed after it. So of
    /// several orders that each hold what another needs, the earliest gets all of it, and none waits for ever.
    /// </summary>
    private int Settle()
    {
        var takenBack = 0;
        while (Level.Shortfall > 0 && _loose.Max is { } newest)
            takenBack += TakeBack(newest);
        while (_line.Min is { } first)
        {
            if (StockRules.Grant(Level, first) is var (level, after))
            {
                Put(level, after);
                Changes.Nudged.Add(after.Order);
            }
            else if (_loose.Max is { } later && ByPlacement.Instance.Compare(later, first) > 0)
            {
                TakeBack(later);
            }
            else
            {
                break;
            }
        }

        return takenBack;
    }

    private int TakeBack(Reservation holder)
    {
        var (level, after) = StockRules.TakeBack(Level, holder);
        Put(level, after);
        Changes.Nudged.Add(after.Order);
        return after.Moved;
    }

    private void Put(StockLevel level, Reservation reservation)
    {
        Level = level;
        var id = reservation.Id;
        Changes.Reservations[id] = reservation;
        if (_held.Remove(id, out var before))
        {
            if (before.Waiting > 0)
                _line.Remove(before);
            if (IsLoose(before))
                _loose.Remove(before);
        }

        if (reservation.State is ReservationState.Consumed or ReservationState.Released)
            return;
        _held.Add(id, reservation);
        if (reservation.Waiting > 0)
            _line.Add(reservation);
        if (IsLoose(reservation))
            _loose.Add(reservation);
    }

    private static bool IsLoose(Reservation reservation) => reservation.Quantity > reservation.AtWarehouse;

    private sealed class ByPlacement : IComparer<Reservation>
    {
        public static ByPlacement Instance { get; } = new();

        public int Compare(Reservation? x, Reservation? y)
        {
            var compared = x!.PlacedAt.CompareTo(y!.PlacedAt);
            if (compared == 0)
                compared = string.CompareOrdinal(x.Order.Source, y.Order.Source);
            if (compared == 0)
                compared = string.CompareOrdinal(x.Order.OrderId, y.Order.OrderId);
            return compared != 0 ? compared : string.CompareOrdinal(x.LineId, y.LineId);
        }
    }
}

/// <summary>What gathers for one commit.</summary>
internal sealed class StockChanges
{
    public Dictionary<ReservationId, Reservation> Reservations { get; } = [];
    public List<StockMovement> Movements { get; } = [];

    /// <summary>Orders that must hear of it: units came for them, or were taken back.</summary>
    public HashSet<OrderKey> Nudged { get; } = [];
}
