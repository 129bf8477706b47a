using System.Data.Common;
using System.Text.Json;
using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>The stock levels and what holds them.</summary>
internal sealed class SqliteStockStore : IStockStore, IAsyncDisposable
{
    internal const string Held = """
        r.order_key, r.line_id, r.state, r.quantity, r.at_warehouse, r.waiting, r.consumed, r.placed_at, r.move, r.moved
        """;

    // Without INDEXED BY the planner takes the primary key, and reads every reservation that ever was on the SKU. A
    // partial index serves a query that repeats its condition word for word.
    internal const string Row = """
        s.location, s.sku, s.on_hand, s.reserved, s.version, s.as_of, s.shortfall, s.counted, s.adjusted_at, s.moved_at,
        (select coalesce(sum(r.waiting), 0) from reservation as r indexed by reservation_held
         where r.location = s.location and r.sku = s.sku and r.state in ('open', 'waiting') and r.state = 'waiting')
        """;

    private readonly SqliteDatabase _database;
    private readonly GroupLoader<StockKey, StoredStock> _loader;
    private readonly GroupLoader<string, List<Allocation>> _heldLoader;

    public SqliteStockStore(SqliteDatabase database)
    {
        _database = database;
        _loader = new GroupLoader<StockKey, StoredStock>(LoadGroupAsync);
        _heldLoader = new GroupLoader<string, List<Allocation>>(ListHeldGroupAsync);
    }

    public async Task<StoredStock> LoadAsync(StockKey key) =>
        await _loader.LoadAsync(key) ?? new StoredStock(default, []);

    public Task<bool> CommitAsync(StockCommit commit) =>
        _database.WriteAsync(session => SqliteStockCommit.Write(session, commit));

    public Task<Reservation?> FindReservationAsync(StockKey key, OrderKey order, string lineId) =>
        _database.ReadAsync(session => session.Find(
            $"""
            select {Held} from reservation as r
            where r.location = $location and r.sku = $sku and r.order_key = $order_key and r.line_id = $line_id
            """,
            row => ReadReservation(row, 0),
            ("$location", key.Location), ("$sku", key.Sku), ("$order_key", order), ("$line_id", lineId)));

    public Task<bool> HasMovementAsync(StockKey key, string movementId) => _database.ReadAsync(session => session.Find(
        """
        select 1 from stock_movement where location = $location and sku = $sku and movement_id = $movement_id
        """,
        _ => true, ("$location", key.Location), ("$sku", key.Sku), ("$movement_id", movementId)));

    public async Task<IReadOnlyCollection<string>> ListMovementIdsAsync(StockKey key, string prefix) =>
        await _database.ReadAsync(session => session.List(
            """
            select movement_id from stock_movement
            where location = $location and sku = $sku and movement_id >= $prefix and movement_id < $after
            """,
            row => row.GetString(0), ("$location", key.Location), ("$sku", key.Sku), ("$prefix", prefix),
            ("$after", PrefixRange.After(prefix))));

    public Task<long> SumMovementsAsync(StockKey key, DateTimeOffset laterThan) =>
        _database.ReadAsync(session => session.Find(
            """
            select coalesce(sum(delta), 0) from stock_movement indexed by stock_movement_at
            where location = $location and sku = $sku and at > $later_than and kind in ('shipped', 'adjusted')
            """,
            row => row.GetInt64(0), ("$location", key.Location), ("$sku", key.Sku), ("$later_than", laterThan)));

    public async Task<IReadOnlyList<SimilarSku>> FindSimilarAsync(IReadOnlyCollection<StockKey> keys) =>
        await _database.ReadAsync(session => session.List(
            """
            select wanted.value ->> 0, wanted.value ->> 1, s.sku
            from json_each($keys) as wanted
            cross join stock as s indexed by stock_folded
                on s.location = wanted.value ->> 0 and s.sku_folded = wanted.value ->> 2
            where s.sku <> wanted.value ->> 1 and coalesce(s.as_of, s.adjusted_at) is not null
                and not exists (
                    select 1 from stock as own
                    where own.location = s.location and own.sku = wanted.value ->> 1
                        and coalesce(own.as_of, own.adjusted_at) is not null)
            order by wanted.key, s.sku limit 100
            """,
            row => new SimilarSku(new StockKey(row.GetString(0), row.GetString(1)), row.GetString(2)),
            ("$keys", JsonSerializer.Serialize(
                [.. keys.Select(key => new[] { key.Location, key.Sku, SkuFold.Of(key.Sku) })],
                KeysJsonContext.Default.IReadOnlyCollectionStringArray))));

    public Task<StockRow?> FindAsync(StockKey key) => _database.ReadAsync(session => session.Find(
        $"select {Row} from stock as s where s.location = $location and s.sku = $sku",
        ReadRow, ("$location", key.Location), ("$sku", key.Sku)));

    public Task<StockDetail?> FindDetailAsync(StockKey key, int countMax) =>
        _database.ReadAsync(session => SqliteStockDetail.Find(session, key, countMax));

    public async Task<Page<StockRow>> ListAsync(StockFilter filter, PageRequest page)
    {
        var after = page.Cursor is null ? null : Cursor.Parse(page.Cursor, 2);
        var where = new SqlFilter()
            .And(
                "(s.location, s.sku) > ($after_location, $after_sku)",
                ("$after_location", after?[0]), ("$after_sku", after?[1]))
            .And("s.location = $location", ("$location", filter.Location))
            .And("s.sku = $sku", ("$sku", filter.Sku))
            .And(
                "s.sku like $query escape '\\'",
                ("$query", filter.Query is { } text ? LikePattern.Beginning(text) : null));
        var rows = await _database.ReadAsync(session => session.List(
            $"select {Row} from stock as s {where} order by s.location, s.sku limit $limit",
            ReadRow, where.Values(("$limit", Paging.Limit(page) + 1))));
        return Paging.Page(rows, page, row => Cursor.Of(row.Key.Location, row.Key.Sku));
    }

    public Task<StockAudit> AuditAsync(DateTimeOffset heldBefore) => _database.ReadAsync(session => session.Find(
        SqliteUnsettled.Audit,
        row => new StockAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6)),
        ("$held_before", heldBefore)))!;

    public async Task<IReadOnlyList<Allocation>> ListHeldAsync(OrderKey order) =>
        await _heldLoader.LoadAsync(order.ToString()) ?? [];

    public async Task<IReadOnlyList<OrderKey>> ListUnsettledAsync(
        DateTimeOffset from, DateTimeOffset before, bool strangers) =>
        await _database.ReadAsync(session => session.List(
            SqliteUnsettled.Changed, row => OrderKey.Parse(row.GetString(0)),
            ("$from", from), ("$before", before), ("$strangers", strangers ? 1 : 0)));

    public async Task<OrphanPage> ListOrphansAsync(StockKey? after, DateTimeOffset heldBefore, int stocksMax)
    {
        var where = new SqlFilter().And(
            "(s.location, s.sku) > ($after_location, $after_sku)",
            ("$after_location", after?.Location), ("$after_sku", after?.Sku));
        var rows = await _database.ReadAsync(session => session.List(
            SqliteUnsettled.Orphans(where),
            row => (Stock: new StockKey(row.GetString(0), row.GetString(1)), Order: row.FindText(2)),
            where.Values(("$held_before", heldBefore), ("$count", stocksMax))));
        return Paging.Orphans(rows, stocksMax);
    }

    public Task<(long Open, long Waiting)> CountReservationsAsync() => _database.ReadAsync(session => session.Find(
        """
        select count(*) filter (where state = 'open'), count(*) filter (where state = 'waiting')
        from reservation indexed by reservation_held
        where state in ('open', 'waiting')
        """,
        row => (row.GetInt64(0), row.GetInt64(1))));

    public async ValueTask DisposeAsync()
    {
        await _loader.DisposeAsync();
        await _heldLoader.DisposeAsync();
    }

    private async Task<Dictionary<string, List<Allocation>>> ListHeldGroupAsync(IReadOnlyCollection<string> orders)
    {
        var rows = await _database.ReadAsync(session => session.List(
            """
            select r.order_key, r.line_id, r.sku, r.location, r.quantity, r.waiting, r.at_warehouse
            from json_each($orders) as wanted
            cross join reservation as r indexed by reservation_of_order
                on r.order_key = wanted.value and r.state in ('open', 'waiting')
            """,
            row => (Order: row.GetString(0), Held: new Allocation(
                row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5),
                row.GetInt32(6))),
            ("$orders", JsonSerializer.Serialize(orders, KeysJsonContext.Default.IReadOnlyCollectionString))));
        return rows.GroupBy(row => row.Order, row => row.Held, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
    }

    /// <summary>Levels and reservations of one moment: both queries run in one transaction.</summary>
    private Task<Dictionary<StockKey, StoredStock>> LoadGroupAsync(IReadOnlyCollection<StockKey> keys)
    {
        var json = JsonSerializer.Serialize(
            [.. keys.Select(key => new[] { key.Location, key.Sku })],
            KeysJsonContext.Default.IReadOnlyCollectionStringArray);
        return _database.ReadAsync(session =>
        {
            var held = session.List(
                $"""
                select wanted.key, {Held}
                from json_each($keys) as wanted
                cross join reservation as r indexed by reservation_held
                    on r.location = wanted.value ->> 0 and r.sku = wanted.value ->> 1
                    and r.state in ('open', 'waiting')
                """,
                row => (Key: row.GetInt32(0), Reservation: ReadReservation(row, 1)), ("$keys", json))
                .ToLookup(row => row.Key, row => row.Reservation);
            return session.List(
                """
                select s.location, s.sku, s.on_hand, s.reserved, s.version, s.as_of, s.shortfall, s.counted,
                    s.adjusted_at, s.moved_at, wanted.key
                from json_each($keys) as wanted
                cross join stock as s on s.location = wanted.value ->> 0 and s.sku = wanted.value ->> 1
                """,
                row => (
                    Key: new StockKey(row.GetString(0), row.GetString(1)),
                    Stored: new StoredStock(ReadLevel(row), [.. held[row.GetInt32(10)]])),
                ("$keys", json))
                .ToDictionary(row => row.Key, row => row.Stored);
        });
    }

    internal static StockRow ReadRow(DbDataReader row) =>
        new(new StockKey(row.GetString(0), row.GetString(1)), ReadLevel(row), row.GetInt32(10));

    private static StockLevel ReadLevel(DbDataReader row) =>
        new(row.GetInt32(2), row.GetInt32(3), row.GetInt64(4), row.FindTime(5), row.GetInt32(6))
        {
            Counted = row.GetInt32(7),
            AdjustedAt = row.FindTime(8),
            MovedAt = row.FindTime(9),
        };

    internal static Reservation ReadReservation(DbDataReader row, int first) => new()
    {
        Order = OrderKey.Parse(row.GetString(first)),
        LineId = row.GetString(first + 1),
        State = row.GetName<ReservationState>(first + 2),
        Quantity = row.GetInt32(first + 3),
        AtWarehouse = row.GetInt32(first + 4),
        Waiting = row.GetInt32(first + 5),
        Consumed = row.GetInt32(first + 6),
        PlacedAt = row.GetTime(first + 7),
        Move = row.GetName<ReservationMove>(first + 8),
        Moved = row.GetInt32(first + 9),
    };
}
