using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// One stock as people look into it. Each list is read in the order of an index, and no further than asked.
/// </summary>
internal static class SqliteStockDetail
{
    public static StockDetail? Find(SqliteSession session, StockKey key, int countMax)
    {
        (string, object?)[] of = [("$location", key.Location), ("$sku", key.Sku)];
        if (session.Find(
            $"select {SqliteStockStore.Row} from stock as s where s.location = $location and s.sku = $sku",
            SqliteStockStore.ReadRow, of) is not { } row)
        {
            return null;
        }

        return new StockDetail(
            row, Count(session, "open", of), Count(session, "waiting", of),
            List(session, "open", "desc", of, countMax), List(session, "waiting", "asc", of, countMax),
            ListMoves(session, of, countMax));
    }

    private static int Count(SqliteSession session, string state, (string, object?)[] of) => session.Find(
        $"""
        select count(*) from reservation indexed by reservation_held
        where location = $location and sku = $sku and state in ('open', 'waiting') and state = '{state}'
        """,
        row => row.GetInt32(0), of);

    private static List<Reservation> List(
        SqliteSession session, string state, string direction, (string, object?)[] of, int countMax) => session.List(
            $"""
            select {SqliteStockStore.Held} from reservation as r indexed by reservation_held
            where r.location = $location and r.sku = $sku
                and r.state in ('open', 'waiting') and r.state = '{state}'
            order by r.placed_at {direction}, r.order_key {direction}, r.line_id {direction} limit $count
            """,
            row => SqliteStockStore.ReadReservation(row, 0), [.. of, ("$count", countMax)]);

    private static StockMove[] ListMoves(SqliteSession session, (string, object?)[] of, int countMax)
    {
        var movements = session.List(
            """
            select at, kind, delta, reason, order_key, line_id from stock_movement
            where location = $location and sku = $sku order by at desc limit $count
            """,
            row => new StockMove(
                row.GetTime(0), row.GetString(1), row.GetInt32(2), row.GetString(3),
                row.FindText(4) is { } order ? OrderKey.Parse(order) : null, row.FindText(5)),
            [.. of, ("$count", countMax)]);

        // What was shipped is a movement already. It is left out of the newest, so that no more than those are read.
        var moves = session.List(
            """
            select reserved_at, move, moved, order_key, line_id from (
                select * from reservation indexed by reservation_moved
                where location = $location and sku = $sku order by reserved_at desc limit $count)
            where move <> 'shipped'
            """,
            row => new StockMove(
                row.GetTime(0), row.GetString(1), row.GetInt32(2), null, OrderKey.Parse(row.GetString(3)),
                row.GetString(4)),
            [.. of, ("$count", countMax)]);
        return [.. movements.Concat(moves).OrderByDescending(move => move.At).Take(countMax)];
    }
}
