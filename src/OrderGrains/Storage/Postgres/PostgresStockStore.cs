using System.Data.Common;
using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>The stock levels and what holds them.</summary>
internal sealed class PostgresStockStore : IStockStore, IAsyncDisposable
{
    private const string Held = """
        r.order_key, r.line_id, r.state, r.quantity, r.at_warehouse, r.waiting, r.consumed, r.placed_at, r.move, r.moved
        """;

    private const string Row = """
        s.location, s.sku, s.on_hand, s.reserved, s.version, s.as_of, s.shortfall, s.counted, s.adjusted_at, s.moved_at,
        (select coalesce(sum(r.waiting), 0)::int from reservation as r
         where r.location = s.location and r.sku = s.sku and r.state in ('open', 'waiting') and r.state = 'waiting')
        """;

    private readonly PostgresDatabase _database;
    private readonly PostgresWriter<StockCommit, bool> _commits;
    private readonly GroupLoader<StockKey, StoredStock> _loader;
    private readonly GroupLoader<string, List<Allocation>> _heldLoader;

    public PostgresStockStore(PostgresDatabase database)
    {
        _database = database;
        _commits = new(
            database.Writers, PostgresStockCommit.WriteAsync,
            new WriterLimits(WaitingMax: 4_096, BatchMax: 256, Rests: true), commit => commit.Key);
        _loader = new GroupLoader<StockKey, StoredStock>(LoadGroupAsync, rests: true);
        _heldLoader = new GroupLoader<string, List<Allocation>>(ListHeldGroupAsync, rests: true);
    }

    internal PostgresWriter<StockCommit, bool> Commits => _commits;

    public async Task<StoredStock> LoadAsync(StockKey key) =>
        await _loader.LoadAsync(key) ?? new StoredStock(default, []);

    public Task<bool> CommitAsync(StockCommit commit) => _commits.WriteAsync(commit);

    public Task<Reservation?> FindReservationAsync(StockKey key, OrderKey order, string lineId) => _database.FindAsync(
        $"""
        select {Held} from reservation as r
        where r.location = @location and r.sku = @sku and r.order_key = @order_key and r.line_id = @line_id
        """,
        row => ReadReservation(row, 0),
        ("@location", key.Location), ("@sku", key.Sku), ("@order_key", order), ("@line_id", lineId));

    public Task<bool> HasMovementAsync(StockKey key, string movementId) => _database.FindAsync(
        "select 1 from stock_movement where location = @location and sku = @sku and movement_id = @movement_id",
        _ => true, ("@location", key.Location), ("@sku", key.Sku), ("@movement_id", movementId));

    public async Task<IReadOnlyCollection<string>> ListMovementIdsAsync(StockKey key, string prefix) =>
        await _database.LookUpAsync(
            """
            select movement_id from stock_movement
            where location = @location and sku = @sku and movement_id >= @prefix and movement_id < @after
            """,
            row => row.GetString(0), ("@location", key.Location), ("@sku", key.Sku), ("@prefix", prefix),
            ("@after", PrefixRange.After(prefix)));

    public async Task<long> SumMovementsAsync(StockKey key, DateTimeOffset laterThan) => (await _database.LookUpAsync(
        """
        select coalesce(sum(delta), 0)::bigint from stock_movement
        where location = @location and sku = @sku and at > @later_than and kind in ('shipped', 'adjusted')
        """,
        row => row.GetInt64(0), ("@location", key.Location), ("@sku", key.Sku), ("@later_than", laterThan)))[0];

    public async Task<IReadOnlyList<SimilarSku>> FindSimilarAsync(IReadOnlyCollection<StockKey> keys) =>
        await _database.LookUpAsync(
            """
            select wanted.location, wanted.sku, s.sku
            from unnest(@locations, @skus, @folded) with ordinality as wanted (location, sku, folded, n)
            join stock as s on s.location = wanted.location and s.sku_folded = wanted.folded
            where s.sku <> wanted.sku and coalesce(s.as_of, s.adjusted_at) is not null
                and not exists (
                    select 1 from stock as own
                    where own.location = wanted.location and own.sku = wanted.sku
                        and coalesce(own.as_of, own.adjusted_at) is not null)
            order by wanted.n, s.sku limit 100
            """,
            row => new SimilarSku(new StockKey(row.GetString(0), row.GetString(1)), row.GetString(2)),
            ("@locations", keys.Select(key => key.Location).ToArray()),
            ("@skus", keys.Select(key => key.Sku).ToArray()),
            ("@folded", keys.Select(key => SkuFold.Of(key.Sku)).ToArray()));

    public Task<StockRow?> FindAsync(StockKey key) => _database.FindAsync(
        $"select {Row} from stock as s where s.location = @location and s.sku = @sku",
        ReadRow, ("@location", key.Location), ("@sku", key.Sku));

    public async Task<StockDetail?> FindDetailAsync(StockKey key, int countMax)
    {
        if (await FindAsync(key) is not { } row)
            return null;
        (string, object?)[] of = [("@location", key.Location), ("@sku", key.Sku), ("@count", countMax)];
        return new StockDetail(
            row, await CountAsync("open", of), await CountAsync("waiting", of),
            await ListHeldAsync("open", "desc", of), await ListHeldAsync("waiting", "asc", of),
            await _database.ListAsync(
                """
                select * from (
                    (select at, kind, delta, reason, order_key, line_id from stock_movement
                     where location = @location and sku = @sku order by at desc limit @count)
                    union all
                    select reserved_at, move, moved, null, order_key, line_id from (
                        select * from reservation
                        where location = @location and sku = @sku order by reserved_at desc limit @count) as newest
                    where move <> 'shipped') as move
                order by at desc limit @count
                """,
                move => new StockMove(
                    move.GetTime(0), move.GetString(1), move.GetInt32(2), move.FindText(3),
                    move.FindText(4) is { } order ? OrderKey.Parse(order) : null, move.FindText(5)),
                of));
    }

    private Task<int> CountAsync(string state, (string, object?)[] of) => _database.FindAsync(
        $"""
        select count(*)::int from reservation
        where location = @location and sku = @sku and state in ('open', 'waiting') and state = '{state}'
            and @count > 0
        """,
        row => row.GetInt32(0), of);

    private Task<List<Reservation>> ListHeldAsync(string state, string direction, (string, object?)[] of) =>
        _database.ListAsync(
            $"""
            select {Held} from reservation as r
            where r.location = @location and r.sku = @sku
                and r.state in ('open', 'waiting') and r.state = '{state}'
            order by r.placed_at {direction}, r.order_key {direction}, r.line_id {direction} limit @count
            """,
            row => ReadReservation(row, 0), of);

    public async Task<Page<StockRow>> ListAsync(StockFilter filter, PageRequest page)
    {
        var after = page.Cursor is null ? null : Cursor.Parse(page.Cursor, 2);
        var where = new SqlFilter()
            .And(
                "(s.location, s.sku) > (@after_location, @after_sku)",
                ("@after_location", after?[0]), ("@after_sku", after?[1]))
            .And("s.location = @location", ("@location", filter.Location))
            .And("s.sku = @sku", ("@sku", filter.Sku))
            .And("s.sku ilike @query", ("@query", filter.Query is { } text ? LikePattern.Beginning(text) : null));
        var rows = await _database.ListAsync(
            $"select {Row} from stock as s {where} order by s.location, s.sku limit @limit",
            ReadRow, where.Values(("@limit", Paging.Limit(page) + 1)));
        return Paging.Page(rows, page, row => Cursor.Of(row.Key.Location, row.Key.Sku));
    }

    public async Task<StockAudit> AuditAsync(DateTimeOffset heldBefore) => (await _database.FindAsync(
        PostgresUnsettled.Audit,
        row => new StockAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6)),
        ("@held_before", heldBefore)))!;

    public async Task<IReadOnlyList<Allocation>> ListHeldAsync(OrderKey order) =>
        await _heldLoader.LoadAsync(order.ToString()) ?? [];

    public async Task<IReadOnlyList<OrderKey>> ListUnsettledAsync(
        DateTimeOffset from, DateTimeOffset before, bool strangers) => await _database.ListAsync(
            PostgresUnsettled.Changed, row => OrderKey.Parse(row.GetString(0)),
            ("@from", from), ("@before", before), ("@strangers", strangers));

    public async Task<OrphanPage> ListOrphansAsync(StockKey? after, DateTimeOffset heldBefore, int stocksMax)
    {
        var where = new SqlFilter().And(
            "(s.location, s.sku) > (@after_location, @after_sku)",
            ("@after_location", after?.Location), ("@after_sku", after?.Sku));
        var rows = await _database.ListAsync(
            PostgresUnsettled.Orphans(where),
            row => (Stock: new StockKey(row.GetString(0), row.GetString(1)), Order: row.FindText(2)),
            where.Values(("@held_before", heldBefore), ("@count", stocksMax)));
        return Paging.Orphans(rows, stocksMax);
    }

    public Task<(long Open, long Waiting)> CountReservationsAsync() => _database.FindAsync(
        """
        select count(*) filter (where state = 'open'), count(*) filter (where state = 'waiting')
        from reservation where state in ('open', 'waiting')
        """,
        row => (row.GetInt64(0), row.GetInt64(1)));

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync();
        await _loader.DisposeAsync();
        await _heldLoader.DisposeAsync();
    }

    private async Task<Dictionary<string, List<Allocation>>> ListHeldGroupAsync(IReadOnlyCollection<string> orders)
    {
        var rows = await _database.LookUpAsync(
            PostgresUnsettled.Held,
            row => (Order: row.GetString(0), Held: new Allocation(
                row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5),
                row.GetInt32(6))),
            ("@orders", orders.ToArray()));
        return rows.GroupBy(row => row.Order, row => row.Held, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
    }

    /// <summary>Levels and reservations of one moment: one statement sees one state of the database.</summary>
    private async Task<Dictionary<StockKey, StoredStock>> LoadGroupAsync(IReadOnlyCollection<StockKey> keys)
    {
        var rows = await _database.ListAsync(
            $"""
            select s.location, s.sku, s.on_hand, s.reserved, s.version, s.as_of, s.shortfall, s.counted, s.adjusted_at,
                s.moved_at, {Held}
            from unnest(@locations, @skus) as wanted (location, sku)
            join stock as s on s.location = wanted.location and s.sku = wanted.sku
            left join reservation as r
                on r.location = s.location and r.sku = s.sku and r.state in ('open', 'waiting')
            """,
            row => (
                Key: new StockKey(row.GetString(0), row.GetString(1)), Level: ReadLevel(row),
                Held: row.IsDBNull(10) ? null : ReadReservation(row, 10)),
            ("@locations", keys.Select(key => key.Location).ToArray()),
            ("@skus", keys.Select(key => key.Sku).ToArray()));
        return rows.GroupBy(row => row.Key).ToDictionary(
            group => group.Key,
            group => new StoredStock(group.First().Level, [.. group.Select(row => row.Held).OfType<Reservation>()]));
    }

    private static StockRow ReadRow(DbDataReader row) =>
        new(new StockKey(row.GetString(0), row.GetString(1)), ReadLevel(row), row.GetInt32(10));

    private static StockLevel ReadLevel(DbDataReader row) =>
        new(row.GetInt32(2), row.GetInt32(3), row.GetInt64(4), row.FindTime(5), row.GetInt32(6))
        {
            Counted = row.GetInt32(7),
            AdjustedAt = row.FindTime(8),
            MovedAt = row.FindTime(9),
        };

    private static Reservation ReadReservation(DbDataReader row, int first) => new()
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
