using System.Data.Common;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>The orders and their timelines.</summary>
internal sealed class PostgresOrderStore : IOrderStore, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly PostgresWriter<OrderCommit, bool> _commits;
    private readonly GroupLoader<string, StoredOrder> _loader;

    public PostgresOrderStore(PostgresDatabase database)
    {
        _database = database;
        _commits = new(
            database.Writers, PostgresOrderCommit.WriteAsync,
            new WriterLimits(WaitingMax: 4_096, BatchMax: 128, Rests: true), commit => commit.Key);
        _loader = new GroupLoader<string, StoredOrder>(LoadGroupAsync, rests: true);
    }

    internal PostgresWriter<OrderCommit, bool> Commits => _commits;

    public Task<StoredOrder?> LoadAsync(OrderKey key) => _loader.LoadAsync(key.ToString());

    public Task<bool> CommitAsync(OrderCommit commit)
    {
        if (commit.Next is null && (commit.Messages.Count > 0 || commit.Superseded.Count > 0))
            throw new ArgumentException("Messages are fenced by the order's version: state Next.", nameof(commit));
        return commit.Redacts ? PostgresRedaction.CommitAsync(_database.Writers, commit) : _commits.WriteAsync(commit);
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
        var statuses = filter.Status is { } only ? [only] : Enum.GetValues<OrderStatus>();
        var where = new SqlFilter()
            .And(filter.Query is null ? "status = one.status" : "status = any(@statuses)")
            .And("(changed_at, key) < (@after_time, @after_key)", ("@after_time", afterTime), ("@after_key", afterKey))
            .And("source = @source", ("@source", filter.Source))
            // Says nothing new: by it the planner finds the few orders of a small source without passing all others.
            .And(
                "key >= @source_first and key < @source_after",
                ("@source_first", filter.Source is { } source ? $"{source}/" : null),
                ("@source_after", filter.Source is { } name ? PrefixRange.After($"{name}/") : null))
            .And("changed_at >= @since", ("@since", filter.Since))
            .And(
                """
                key in (
                    select key from order_state where id_search >= @from and id_search < @below
                    union
                    select key from order_state where number_search >= @from and number_search < @below)
                """,
                ("@from", from), ("@below", below));
        const string Newest = "order by changed_at desc, key desc limit @limit";
        var found = $"""
            select source, order_id, number, status, version, placed_at, changed_at, key
            from order_state {where} {Newest}
            """;
        // Without a search, the newest of each status by the index of statuses, merged.
        var rows = await _database.ListAsync(
            filter.Query is null
                ? $"select o.* from unnest(@statuses) as one (status) cross join lateral ({found}) as o {Newest}"
                : found,
            row => new OrderRow(
                new OrderKey(row.GetString(0), row.GetString(1)), row.FindText(2), row.GetName<OrderStatus>(3),
                row.GetInt64(4), row.FindTime(5), row.GetTime(6)),
            where.Values(
                ("@statuses", Array.ConvertAll(statuses, StoredName.Of)), ("@limit", Paging.Limit(page) + 1)));
        return Paging.Page(
            rows, page, row => Cursor.Of($"{StoredTime.Of(row.ChangedAt)}", row.Key.ToString()));
    }

    public async Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(OrderKey key, int countMax)
    {
        var newest = await _database.ListAsync(
            "select entries from timeline where order_key = @order_key order by seq desc limit @count",
            row => StoredJson.Read<TimelineEntry[]>(row.GetString(0)), ("@order_key", key), ("@count", countMax));
        newest.Reverse();
        return [.. newest.SelectMany(entries => entries).TakeLast(countMax)];
    }

    public async Task<SweepPage> ListServableAsync(
        IReadOnlyList<ShippingPlace> places, SweepPlace? after, int countMax)
    {
        var where = Behind(after, "placed_at").And("waiting > 0 and placed_at is not null");
        var rows = await _database.ListAsync(
            PostgresServable.Sql(where), ReadSwept,
            where.Values(
                ("@sources", places.Select(p => p.Source).ToArray()),
                ("@locations", places.Select(p => p.Location).ToArray()),
                ("@splitting", places.Where(p => p.Splits).Select(p => p.Source).ToArray()), ("@count", countMax)));
        return Paging.Swept(rows, countMax);
    }

    public async Task<SweepPage> ListReservedUntilAsync(DateTimeOffset now, SweepPlace? after, int countMax)
    {
        var where = Behind(after, "reserved_until").And("reserved_until <= @now", ("@now", now));
        var rows = await _database.ListAsync(
            $"""
            select key, reserved_until, true from order_state {where} order by reserved_until, key limit @count
            """,
            ReadSwept, where.Values(("@count", countMax)));
        return Paging.Swept(rows, countMax);
    }

    public async Task<SweepPage> ListUnsettledAsync(OrderStatus status, SweepPlace? after, int countMax)
    {
        var where = Behind(after, "changed_at").And("status = @status", ("@status", StoredName.Of(status)));
        var rows = await _database.ListAsync(
            $"""
            select o.key, o.changed_at, {PostgresUnsettled.Differs}
            from (
                select key, changed_at, state from order_state {where} order by changed_at, key limit @count) as o
            order by o.changed_at, o.key
            """,
            ReadSwept, where.Values(("@count", countMax)));
        return Paging.Swept(rows, countMax);
    }

    public async Task<SourcePage> ListOfSourceAsync(string source, string? email, string? after, int countMax)
    {
        var rows = await _database.ListAsync(
            """
            select order_id, state::json #>> '{storefront,shipTo,email}' from order_state
            where key > @after and key < @below and source = @source order by key limit @count
            """,
            row => (row.GetString(0), row.FindText(1)),
            ("@source", source), ("@after", $"{source}/{after}"),
            ("@below", PrefixRange.After($"{source}/")), ("@count", countMax));
        return Paging.OfSource(source, rows, email, countMax);
    }

    private static SqlFilter Behind(SweepPlace? after, string time) => new SqlFilter().And(
        $"({time}, key) > (@after_time, @after_key)", ("@after_time", after?.At), ("@after_key", after?.Key));

    private static (SweepPlace Place, bool Found) ReadSwept(DbDataReader row) =>
        (new SweepPlace(row.GetTime(1), OrderKey.Parse(row.GetString(0))), row.GetBoolean(2));

    public async Task<IReadOnlyDictionary<OrderStatus, long>> CountByStatusAsync() =>
        (await _database.ListAsync(
            $"""
            select item, sum(count)::bigint from ({PostgresTally.Of("order_state")}) as tally
            where item <> 'all' group by item having sum(count) > 0
            """,
            row => (Status: row.GetName<OrderStatus>(0), Count: row.GetInt64(1))))
        .ToDictionary(count => count.Status, count => count.Count);

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync();
        await _loader.DisposeAsync();
    }

    private async Task<Dictionary<string, StoredOrder>> LoadGroupAsync(IReadOnlyCollection<string> keys)
    {
        var rows = await _database.LookUpAsync(
            "select key, version, state from order_state where key = any(@keys)",
            row => (Key: row.GetString(0), Version: row.GetInt64(1), State: row.GetString(2)),
            ("@keys", keys.ToArray()));
        return rows.ToDictionary(
            row => row.Key, row => new StoredOrder(StoredJson.Read<Order>(row.State), row.Version),
            StringComparer.Ordinal);
    }
}
