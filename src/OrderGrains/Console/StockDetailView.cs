using OrderGrains.Inventory;

namespace OrderGrains.Console;

/// <summary>The stock of one SKU at one location, and why each unit is where it is.</summary>
/// <param name="Waiting">Units that waiting lines ask for.</param>
/// <param name="Shortfall">Units that warehouses have orders for, or have shipped, beyond what was counted.</param>
/// <param name="ReservedBy">Orders that hold all they asked for, the newest placed first.</param>
/// <param name="WaitingBy">Orders in line, in their order.</param>
/// <param name="Movements">
/// What happened last, newest first: all that was counted, adjusted, set and shipped, and the last of each line's other
/// moves.
/// </param>
internal sealed record StockDetailView(
    string Location, string Sku, int OnHand, int Reserved, int Available, int Waiting, long Version,
    DateTimeOffset? AsOf, int Shortfall, ReservationsView ReservedBy, ReservationsView WaitingBy,
    IReadOnlyList<MovementView> Movements)
{
    public static StockDetailView Of(StockDetail detail, bool masked)
    {
        var (key, level) = (detail.Row.Key, detail.Row.Level);
        return new StockDetailView(
            key.Location, key.Sku, level.OnHand, level.Reserved, level.Available, detail.Row.Waiting, level.Version,
            level.ToldAt, level.Shortfall, ReservationsView.Of(detail.OpenCount, detail.Open),
            ReservationsView.Of(detail.WaitingCount, detail.Waiting),
            [.. detail.Moves.Select(move => MovementView.Of(move, masked))]);
    }
}

/// <summary>Reservations of one stock.</summary>
/// <param name="Count">How many there are; the list may be shorter.</param>
internal sealed record ReservationsView(int Count, IReadOnlyList<ReservationView> Items)
{
    public static ReservationsView Of(int count, IReadOnlyList<Reservation> reservations) =>
        new(count, [.. reservations.Select(ReservationView.Of)]);
}

/// <summary>One order line's units.</summary>
/// <param name="AtWarehouse">Of the reserved, units that the warehouse has or is asked for.</param>
internal sealed record ReservationView(
    string Source, string OrderId, string LineId, int Reserved, int AtWarehouse, int Waiting, DateTimeOffset PlacedAt)
{
    public static ReservationView Of(Reservation reservation) => new(
        reservation.Order.Source, reservation.Order.OrderId, reservation.LineId, reservation.Quantity,
        reservation.AtWarehouse, reservation.Waiting, reservation.PlacedAt);
}

/// <summary>Units that moved.</summary>
/// <param name="At">When it happened; one that is older than the newest count is in that count already.</param>
/// <param name="Kind">counted, adjusted, set, shipped; reserved, waiting, granted, takenBack, givenBack.</param>
/// <param name="Units">Signed for the former, which are movements of the stock.</param>
/// <param name="Source">With the order's id and line, for what an order did.</param>
internal sealed record MovementView(
    DateTimeOffset At, string Kind, int Units, string? Reason, string? Source, string? OrderId, string? LineId)
{
    /// <summary>Why units were adjusted, the warehouse says in its own words.</summary>
    public static MovementView Of(StockMove move, bool masked) => new(
        move.At, move.Kind, move.Units,
        masked && move.Kind == MovementKind.Adjusted.Word()
            ? "another system's words: an Operator key shows them" : move.Reason,
        move.Order?.Source, move.Order?.OrderId, move.LineId);
}
