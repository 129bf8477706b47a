using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>What one commit of an inventory grain writes, within the savepoint of one write.</summary>
internal static class SqliteStockCommit
{
    /// <summary>False on a version conflict: then nothing was written.</summary>
    public static bool Write(SqliteSession session, StockCommit commit)
    {
        if (!TryWriteLevel(session, commit))
            return false;
        foreach (var reservation in commit.Reservations)
            WriteReservation(session, commit, reservation);
        foreach (var movement in commit.Movements)
            InsertMovement(session, commit, movement);
        foreach (var message in commit.Messages)
            SqliteOutboxCommit.Replace(session, message);
        return true;
    }

    private static bool TryWriteLevel(SqliteSession session, StockCommit commit)
    {
        (string, object?)[] level =
        [
            ("$location", commit.Key.Location), ("$sku", commit.Key.Sku), ("$on_hand", commit.Level.OnHand),
            ("$reserved", commit.Level.Reserved), ("$shortfall", commit.Level.Shortfall),
            ("$counted", commit.Level.Counted), ("$as_of", commit.Level.AsOf),
            ("$adjusted_at", commit.Level.AdjustedAt), ("$moved_at", commit.Level.MovedAt), ("$at", commit.At),
        ];
        if (commit.ExpectedVersion == 0)
        {
            return session.Execute(
                """
                insert into stock (
                    location, sku, sku_folded, on_hand, reserved, shortfall, counted, version, as_of, adjusted_at,
                    moved_at, changed_at)
                values (
                    $location, $sku, $sku_folded, $on_hand, $reserved, $shortfall, $counted, 1, $as_of, $adjusted_at,
                    $moved_at, $at)
                on conflict (location, sku) do nothing
                """,
                [.. level, ("$sku_folded", SkuFold.Of(commit.Key.Sku))]) == 1;
        }

        return session.Execute(
            """
            update stock set
                on_hand = $on_hand, reserved = $reserved, shortfall = $shortfall, counted = $counted,
                version = version + 1, as_of = $as_of, adjusted_at = $adjusted_at, moved_at = $moved_at,
                changed_at = $at
            where location = $location and sku = $sku and version = $expected
            """,
            [.. level, ("$expected", commit.ExpectedVersion)]) == 1;
    }

    private static void WriteReservation(SqliteSession session, StockCommit commit, Reservation reservation) =>
        session.Execute(
            """
            insert into reservation (
                location, sku, order_key, line_id, state, quantity, at_warehouse, waiting, consumed, placed_at, move,
                moved, reserved_at)
            values (
                $location, $sku, $order_key, $line_id, $state, $quantity, $at_warehouse, $waiting, $consumed,
                $placed_at, $move, $moved, $at)
            on conflict (location, sku, order_key, line_id) do update set
                state = excluded.state, quantity = excluded.quantity, at_warehouse = excluded.at_warehouse,
                waiting = excluded.waiting, consumed = max(consumed, excluded.consumed),
                placed_at = excluded.placed_at, move = excluded.move, moved = excluded.moved,
                reserved_at = excluded.reserved_at
            """,
            ("$location", commit.Key.Location), ("$sku", commit.Key.Sku), ("$order_key", reservation.Order),
            ("$line_id", reservation.LineId), ("$state", StoredName.Of(reservation.State)),
            ("$quantity", reservation.Quantity), ("$at_warehouse", reservation.AtWarehouse),
            ("$waiting", reservation.Waiting), ("$consumed", reservation.Consumed),
            ("$placed_at", reservation.PlacedAt), ("$move", StoredName.Of(reservation.Move)),
            ("$moved", reservation.Moved), ("$at", commit.At));

    private static void InsertMovement(SqliteSession session, StockCommit commit, StockMovement movement) =>
        session.Execute(
            """
            insert into stock_movement (
                location, sku, movement_id, kind, delta, on_hand, reason, at, order_key, line_id)
            values (
                $location, $sku, $movement_id, $kind, $delta, $on_hand, $reason, $at, $order_key, $line_id)
            """,
            ("$location", commit.Key.Location), ("$sku", commit.Key.Sku), ("$movement_id", movement.Id),
            ("$kind", StoredName.Of(movement.Kind)), ("$delta", movement.Delta), ("$on_hand", movement.OnHand),
            ("$reason", movement.Reason), ("$at", movement.At), ("$order_key", movement.Order),
            ("$line_id", movement.LineId));
}
