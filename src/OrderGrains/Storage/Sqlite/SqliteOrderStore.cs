using System.Text.Json;
using Microsoft.Data.Sqlite;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>The orders and their timelines.</summary>
internal sealed class SqliteOrderStore : IOrderStore, IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly GroupLoader<string, StoredOrder> _loader;

    public SqliteOrderStore(SqliteDatabase database)
    {
        _database = database;
        _loader = new GroupLoader<string, StoredOrder>(LoadGroupAsync);
    }

    public Task<StoredOrder?> LoadAsync(OrderKey key) => _loader.LoadAsync(key.ToString());

    public Task<bool> CommitAsync(OrderCommit commit)
    {
        if (commit.Next is null && (commit.Messages.Count > 0 || commit.Superseded.Count > 0))
            throw new ArgumentException("Messages are fenced by the order's version: state Next.", nameof(commit));
        return _database.WriteAsync(session => SqliteOrderCommit.Write(session, commit));
    }

    public async Task<Page<OrderRow>> ListAsync(OrderFilter filter, PageRequest page)
    {
        long? afterTime = null;
        string? afterKey = null;
        if (page.Cursor is not null)
        {
            var parts = Cursor.Parse(page.Cursor, 2);
            (afterTime, afterKey) = (Cursor.ParseNumber(parts[0]), parts[1]);
        }

        var (from, below) = filter.Query is { } query ? OrderSearch.Range(query) : (null, null);
        var where = new SqlFilter()
            .And("(changed_at, key) < ($after_time, $after_key)", ("$after_time", afterTime), ("$after_key", afterKey))
            .And("source = $source", ("$source", filter.Source))
            .And("status = $status", ("$status", filter.Status is { } status ? StoredName.Of(status) : null))
            .And("changed_at >= $since", ("$since", filter.Since))
            .And(
                """
                key in (
                    select key from order_state where id_search >= $from and id_search < $below
                    union
                    select key from order_state where number_search >= $from and number_search < $below)
                """,
                ("$from", from), ("$below", below));
        var rows = await _database.ReadAsync(session => session.List(
            $"""
            select source, order_id, number, status, version, placed_at, changed_at from order_state {where}
            order by changed_at desc, key desc limit $limit
            """,
            row => new OrderRow(
                new OrderKey(row.GetString(0), row.GetString(1)), row.FindText(2), row.GetName<OrderStatus>(3),
                row.GetInt64(4), row.FindTime(5), row.GetTime(6)),
            where.Values(("$limit", Paging.Limit(page) + 1))));
        return Paging.Page(
            rows, page, row => Cursor.Of($"{StoredTime.Of(row.ChangedAt)}", row.Key.ToString()));
    }

    public Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(OrderKey key, int countMax) =>
        _database.ReadAsync(session => SqliteTimeline.List(session, key.ToString(), countMax));

    public async Task<SweepPage> ListServableAsync(
        IReadOnlyList<ShippingPlace> places, SweepPlace? after, int countMax)
    {
        var where = Behind(after, "placed_at").And("waiting > 0 and placed_at is not null");
        var may = JsonSerializer.Serialize(
            [.. places.Select(p => new[] { p.Source, p.Location, p.Splits ? "splits" : "" })],
            KeysJsonContext.Default.IReadOnlyCollectionStringArray);
        var rows = await _database.ReadAsync(session => session.List(
            SqliteServable.Sql(where), ReadSwept, where.Values(("$may", may), ("$count", countMax))));
        return Paging.Swept(rows, countMax);
    }

    public async Task<SweepPage> ListReservedUntilAsync(DateTimeOffset now, SweepPlace? after, int countMax)
    {
        var where = Behind(after, "reserved_until").And("reserved_until <= $now", ("$now", now));
        var rows = await _database.ReadAsync(session => session.List(
            $"select key, reserved_until, 1 from order_state {where} order by reserved_until, key limit $count",
            ReadSwept, where.Values(("$count", countMax))));
        return Paging.Swept(rows, countMax);
    }

    public async Task<SweepPage> ListUnsettledAsync(OrderStatus status, SweepPlace? after, int countMax)
    {
        var where = Behind(after, "changed_at").And("status = $status", ("$status", StoredName.Of(status)));
        var rows = await _database.ReadAsync(session => session.List(
            $"""
            with page as materialized (
                select key, changed_at, state from order_state {where} order by changed_at, key limit $count)
            select o.key, o.changed_at, {SqliteUnsettled.Differs} from page as o order by o.changed_at, o.key
            """,
            ReadSwept, where.Values(("$count", countMax))));
        return Paging.Swept(rows, countMax);
    }

    public async Task<SourcePage> ListOfSourceAsync(string source, string? email, string? after, int countMax)
    {
        var rows = await _database.ReadAsync(session => session.List(
            """
            select order_id, json_extract(state, '$.storefront.shipTo.email') from order_state
            where key > $after and key < $below and source = $source order by key limit $count
            """,
            row => (row.GetString(0), row.FindText(1)),
            ("$source", source), ("$after", $"{source}/{after}"),
            ("$below", PrefixRange.After($"{source}/")), ("$count", countMax)));
        return Paging.OfSource(source, rows, email, countMax);
    }

    private static SqlFilter Behind(SweepPlace? after, string time) => new SqlFilter().And(
        $"({time}, key) > ($after_time, $after_key)", ("$after_time", after?.At), ("$after_key", after?.Key));

    private static (SweepPlace Place, bool Found) ReadSwept(SqliteDataReader row) =>
        (new SweepPlace(row.GetTime(1), OrderKey.Parse(row.GetString(0))), row.GetBoolean(2));

    public async Task<IReadOnlyDictionary<OrderStatus, long>> CountByStatusAsync()
    {
        var counts = await _database.ReadAsync(session => session.List(
            "select item, count from tally where name = 'order_state' and item <> 'all' and count > 0",
            row => (Status: row.GetName<OrderStatus>(0), Count: row.GetInt64(1))));
        return counts.ToDictionary(count => count.Status, count => count.Count);
    }

    public ValueTask DisposeAsync() => _loader.DisposeAsync();

    private async Task<Dictionary<string, StoredOrder>> LoadGroupAsync(IReadOnlyCollection<string> keys)
    {
        var rows = await _database.ReadAsync(session => session.List(
            """
            select o.key, o.version, o.state from json_each($keys) as wanted
            cross join order_state as o on o.key = wanted.value
            """,
            row => (Key: row.GetString(0), Version: row.GetInt64(1), State: row.GetString(2)),
            ("$keys", JsonSerializer.Serialize(keys, KeysJsonContext.Default.IReadOnlyCollectionString))));
        return rows.ToDictionary(
            row => row.Key, row => new StoredOrder(StoredJson.Read<Order>(row.State), row.Version),
            StringComparer.Ordinal);
    }
}
