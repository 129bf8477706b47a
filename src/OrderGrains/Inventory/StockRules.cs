namespace OrderGrains.Inventory;

/// <summary>The arithmetic of one SKU at one location. Pure; each result keeps <c>0 ≤ reserved ≤ on hand</c>.</summary>
public static class StockRules
{
    /// <summary>Makes a reservation be as requested, or says what stands in the way.</summary>
    /// <param name="level">The level now.</param>
    /// <param name="before">The reservation now; null when there is none.</param>
    /// <param name="request">Totals: units to hold, units shipped in all.</param>
    /// <param name="othersWait">Someone else waits in line.</param>
    public static (StockLevel Level, Reservation? After, ReservationOutcome Outcome) Reserve(
        StockLevel level, Reservation? before, ReservationRequest request, bool othersWait)
    {
        var held = before?.Quantity ?? 0;
        var consumed = Math.Max(before?.Consumed ?? 0, request.Consumed);
        var shipped = consumed - (before?.Consumed ?? 0);

        // Shipping takes the units that this line holds; a warehouse
        // may also ship what nobody had reserved for the line.
        var fromHeld = Math.Min(held, shipped);
        held -= fromHeld;
        level = level with { OnHand = level.OnHand - fromHeld, Reserved = level.Reserved - fromHeld };
        level = level with { OnHand = Math.Max(level.Reserved, level.OnHand - (shipped - fromHeld)) };

        var more = request.Quantity - held;
        var waiting = 0;
        var outcome = ReservationOutcome.Held;
        if (more <= 0 || (more <= level.Available && !othersWait))
        {
            held = request.Quantity;
            level = level with { Reserved = level.Reserved + more };
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
            Waiting = waiting,
            Consumed = consumed,
            PlacedAt = before?.PlacedAt ?? request.PlacedAt,
        };
        return (Check(level), after, outcome);
    }

    /// <summary>Sets the units on hand; null when fewer than are reserved.</summary>
    public static StockLevel? Count(StockLevel level, int onHand, DateTimeOffset asOf) =>
        onHand < level.Reserved ? null : Check(level with { OnHand = onHand, AsOf = asOf });

    /// <summary>Gives a waiting reservation its units, all or none; null when they are not there.</summary>
    public static (StockLevel Level, Reservation After)? Grant(StockLevel level, Reservation waiting)
    {
        if (level.Available < waiting.Waiting)
            return null;
        return (Check(level with { Reserved = level.Reserved + waiting.Waiting }), waiting with
        {
            State = ReservationState.Open,
            Quantity = waiting.Quantity + waiting.Waiting,
            Waiting = 0,
        });
    }

    private static StockLevel Check(StockLevel level) =>
        0 <= level.Reserved && level.Reserved <= level.OnHand
            ? level
            : throw new InvalidOperationException($"Reserved {level.Reserved} is not within on hand {level.OnHand}.");
}
