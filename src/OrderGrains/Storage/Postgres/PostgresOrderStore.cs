using OrderGrains.Connectors;
using OrderGrains.Orders;

namespace OrderGrains.Storage.Postgres;

/// <summary>The orders and their timelines.</summary>
internal sealed class PostgresOrderStore : IOrderStore, IAsyncDisposable
{
    private readonly PostgresDatabase database;
    private readonly PostgresWriter<OrderCommit, bool> commits;
    private readonly GroupLoader<string, StoredOrder> loader;

    public PostgresOrderStore(PostgresDatabase database)
    {
        this.database = database;
        commits = new(
            database.Writers, PostgresOrderCommit.WriteAsync,
            new WriterLimits(WaitingMax: 4_096, BatchMax: 128), commit => commit.Key);
        loader = new GroupLoader<string, StoredOrder>(LoadGroupAsync);
    }

    internal PostgresWriter<OrderCommit, bool> Commits => commits;

    public Task<StoredOrder?> LoadAsync(OrderKey key) => loader.LoadAsync(key.ToString());

    public async Task<bool> CommitAsync(OrderCommit commit)
    {
        if (commit.Next is null && (commit.Messages.Count > 0 || commit.Superseded.Count > 0))
            throw new ArgumentException("Messages are fenced by the order's version: state Next.", nameof(commit));
        return await commits.WriteAsync(commit);
    }

    public async Task<Page<OrderRow>> ListAsync(OrderFilter filter, PageRequest page)
    {
        DateTimeOffset? afterTime = null;
        string? afterKey = null;
        if (page.Cursor is not null)
        {
            var parts = Cursor.Parse(page.Cursor, 2);
            (afterTime, afterKey) = (StoredTime.Parse(Cursor.ParseNumber(parts[0])), parts[1]);
        }

        var (from, below) = filter.Query is { } query ? OrderSearch.Range(query) : (null, null);
        var where = new SqlFilter()
            .And("(changed_at, key) < (@after_time, @after_key)", ("@after_time", afterTime), ("@after_key", afterKey))
            .And("source = @source", ("@source", filter.Source))
            .And("status = @status", ("@status", filter.Status is { } status ? StoredName.Of(status) : null))
            .And("changed_at >= @since", ("@since", filter.Since))
            .And(
                """
                key in (
                    select key from order_state where id_search >= @from and id_search < @below
                    union
                    select key from order_state where number_search >= @from and number_search < @below)
                """,
                ("@from", from), ("@below", below));
        var rows = await database.ListAsync(
            $"""
            select source, order_id, number, status, version, placed_at, changed_at from order_state {where}
            order by changed_at desc, key desc limit @limit
            """,
            row => new OrderRow(
                new OrderKey(row.GetString(0), row.GetString(1)), row.FindText(2), row.GetName<OrderStatus>(3),
                row.GetInt64(4), row.FindTime(5), row.GetTime(6)),
            where.Values(("@limit", Paging.Limit(page) + 1)));
        return Paging.Page(
            rows, page, row => Cursor.Of($"{StoredTime.Of(row.ChangedAt)}", row.Key.ToString()));
    }

    public async Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(OrderKey key, int countMax)
    {
        var entries = await database.ListAsync(
            """
            select at, kind, summary, receipt_id, message_id, actor from timeline
            where order_key = @order_key order by seq desc limit @count
            """,
            row => new TimelineEntry(
                row.GetTime(0), row.GetString(1), row.GetString(2), row.FindId(3), row.FindId(4), row.FindText(5)),
            ("@order_key", key), ("@count", countMax));
        entries.Reverse();
        return entries;
    }

    public async Task<IReadOnlyList<OrderKey>> ListServableAsync(IReadOnlyList<string> splitting, int countMax) =>
        await database.ListAsync(
        """
        with place as materialized (select distinct location from stock)
        select o.key from order_state as o
        where o.waiting > 0 and (
            not exists (
                select 1 from reservation as r where r.order_key = o.key and r.state = 'waiting')
            or exists (
                select 1 from place as p
                where not exists (
                    select 1 from reservation as r
                    left join stock as s on s.location = p.location and s.sku = r.sku
                    where r.order_key = o.key and r.state in ('open', 'waiting')
                      and (r.location = p.location
                          or r.quantity + r.waiting > coalesce(s.on_hand - s.reserved, 0))))
            or (o.source = any(@splitting) and not exists (
                select 1 from reservation as r
                where r.order_key = o.key and r.state in ('open', 'waiting') and r.waiting > (
                    select coalesce(sum(s.on_hand - s.reserved), 0) from place as p
                    join stock as s on s.location = p.location and s.sku = r.sku))))
        order by o.placed_at, o.key limit @count
        """,
        row => OrderKey.Parse(row.GetString(0)), ("@splitting", splitting.ToArray()), ("@count", countMax));

    public async Task<IReadOnlyList<OrderKey>> ListReservedUntilAsync(DateTimeOffset now, int countMax) =>
        await database.ListAsync(
            "select key from order_state where reserved_until <= @now order by reserved_until limit @count",
            row => OrderKey.Parse(row.GetString(0)), ("@now", now), ("@count", countMax));

    public async Task<IReadOnlyDictionary<OrderStatus, long>> CountByStatusAsync() =>
        (await database.ListAsync(
            "select status, count(*) from order_state group by status",
            row => (Status: row.GetName<OrderStatus>(0), Count: row.GetInt64(1))))
        .ToDictionary(count => count.Status, count => count.Count);

    public async ValueTask DisposeAsync()
    {
        await commits.DisposeAsync();
        await loader.DisposeAsync();
    }

    private async Task<Dictionary<string, StoredOrder>> LoadGroupAsync(IReadOnlyCollection<string> keys)
    {
        var rows = await database.ListAsync(
            "select key, version, state from order_state where key = any(@keys)",
            row => (Key: row.GetString(0), Version: row.GetInt64(1), State: row.GetString(2)),
            ("@keys", keys.ToArray()));
        return rows.ToDictionary(
            row => row.Key, row => new StoredOrder(OrderJson.Read(row.State), row.Version), StringComparer.Ordinal);
    }
}
