namespace OrderGrains.Inventory;

/// <summary>The arithmetic of one SKU at one location. Pure; each result keeps <c>0 ≤ reserved ≤ on hand</c>.</summary>
public static class StockRules
{
    /// <summary>What a column holds, above and below 0: far more than any shelf.</summary>
    private const int UnitsMax = 1_000_000_000;

    /// <summary>Makes a reservation be as requested, or says what stands in the way.</summary>
    /// <param name="level">The level now.</param>
    /// <param name="before">The reservation now; null when there is none.</param>
    /// <param name="request">Totals.</param>
    /// <param name="fresh">Of what the line shipped, what is not in the history yet.</param>
    /// <param name="othersWait">Someone else waits in line.</param>
    public static (StockLevel Level, Reservation? After, ReservationOutcome Outcome) Reserve(
        StockLevel level, Reservation? before, ReservationRequest request, IReadOnlyList<ShippedUnits> fresh,
        bool othersWait)
    {
        var shipped = fresh.Sum(s => s.Units);
        var consumed = (before?.Consumed ?? 0) + shipped;

        // Shipping takes the units that this line holds; a warehouse may also ship what nobody had reserved for it.
        var held = before?.Quantity ?? 0;
        var fromHeld = Math.Min(held, shipped);
        held -= fromHeld;
        level = Ship(level, fresh, fromHeld);

        var more = request.Quantity - held;
        var (waiting, atWarehouse) = (0, request.AtWarehouse);
        var outcome = ReservationOutcome.Held;
        if (more <= 0 || (more <= level.Available && !othersWait))
        {
            held = request.Quantity;
            level = Set(level, level.Units, level.Reserved + more);
        }
        else if (request.MayWait)
        {
            // It keeps what it holds, and waits for the rest in one piece: half of it is no use to anyone.
            waiting = more;
            outcome = ReservationOutcome.Waiting;
        }
        else
        {
            waiting = before?.Waiting ?? 0;
            atWarehouse = (before?.AtWarehouse ?? 0) - shipped;
            outcome = ReservationOutcome.Insufficient;
        }

        if (before is null && held + waiting + consumed == 0)
            return (level, null, outcome);
        var after = new Reservation
        {
            Order = request.Order,
            LineId = request.LineId,
            State = waiting > 0 ? ReservationState.Waiting
                : held > 0 ? ReservationState.Open
                : consumed > 0 ? ReservationState.Consumed : ReservationState.Released,
            Quantity = held,
            AtWarehouse = Math.Clamp(atWarehouse, 0, held),
            Waiting = waiting,
            Consumed = consumed,
            PlacedAt = before?.PlacedAt ?? request.PlacedAt,
        };
        return (level, Explain(before, after), outcome);
    }

    /// <summary>
    /// Takes a count for the newest. Units that are reserved and not there make the level short.
    /// </summary>
    /// <param name="level">The level now.</param>
    /// <param name="counted">Units that were there.</param>
    /// <param name="asOf">When.</param>
    /// <param name="later">Units that were shipped or adjusted later, in all.</param>
    public static StockLevel Count(StockLevel level, int counted, DateTimeOffset asOf, long later) =>
        Set(level, counted + later, level.Reserved) with { Counted = counted, AsOf = asOf };

    /// <summary>Adds units, unless the newest count has them in already.</summary>
    public static StockLevel Adjust(StockLevel level, int delta, DateTimeOffset at) =>
        Set(level, level.Units + (StockHistory.IsCounted(level, at) ? 0L : delta), level.Reserved) with
        {
            AdjustedAt = StockHistory.Latest(level.AdjustedAt, at),
            MovedAt = StockHistory.Latest(level.MovedAt, at),
        };

    /// <summary>Gives a waiting reservation its units, all or none; null when they are not there.</summary>
    public static (StockLevel Level, Reservation After)? Grant(StockLevel level, Reservation waiting)
    {
        if (level.Available < waiting.Waiting)
            return null;
        return (Set(level, level.Units, level.Reserved + waiting.Waiting), waiting with
        {
            State = ReservationState.Open,
            Quantity = waiting.Quantity + waiting.Waiting,
            Waiting = 0,
            Move = ReservationMove.Granted,
            Moved = waiting.Waiting,
        });
    }

    /// <summary>Puts the units that no warehouse has back, and their line back into the queue.</summary>
    public static (StockLevel Level, Reservation After) TakeBack(StockLevel level, Reservation holder)
    {
        var units = holder.Quantity - holder.AtWarehouse;
        return (Set(level, level.Units, level.Reserved - units), holder with
        {
            State = ReservationState.Waiting,
            Quantity = holder.AtWarehouse,
            Waiting = holder.Waiting + units,
            Move = ReservationMove.TakenBack,
            Moved = units,
        });
    }

    /// <summary>What a person reads as the reservation's last move; the one before when no unit moved.</summary>
    private static Reservation Explain(Reservation? before, Reservation after)
    {
        var (held, waiting, consumed) = (before?.Quantity ?? 0, before?.Waiting ?? 0, before?.Consumed ?? 0);
        var (move, moved) = after.Consumed > consumed ? (ReservationMove.Shipped, after.Consumed - consumed)
            : after.Quantity > held ? (ReservationMove.Reserved, after.Quantity - held)
            : after.Quantity < held ? (ReservationMove.GivenBack, held - after.Quantity)
            : after.Waiting > waiting ? (ReservationMove.Waiting, after.Waiting)
            : after.Waiting < waiting ? (ReservationMove.GivenBack, 0)
            : (before?.Move ?? ReservationMove.Reserved, before?.Moved ?? 0);
        return after with { Move = move, Moved = moved };
    }

    /// <summary>What was held is held no more; on hand is less only by what no count has in already.</summary>
    private static StockLevel Ship(StockLevel level, IReadOnlyList<ShippedUnits> fresh, int fromHeld)
    {
        if (fresh.Count == 0)
            return level;
        var left = fresh.Sum(s => StockHistory.IsCounted(level, s.At) ? 0L : s.Units);
        return Set(level, level.Units - left, level.Reserved - fromHeld) with
        {
            MovedAt = StockHistory.Latest(level.MovedAt, fresh.Max(s => s.At)),
        };
    }

    /// <summary>
    /// Units may be below 0: a warehouse shipped more than it had counted. Were they set to 0, whatever comes next
    /// would come to another sum than in another order.
    /// </summary>
    private static StockLevel Set(StockLevel level, long units, int reserved)
    {
        units = Math.Clamp(units, -UnitsMax, UnitsMax);
        var onHand = Math.Max((int)units, reserved);
        return reserved >= 0
            ? level with { OnHand = onHand, Reserved = reserved, Shortfall = onHand - (int)units }
            : throw new InvalidOperationException($"Reserved {reserved} is not within on hand {onHand}.");
    }
}
