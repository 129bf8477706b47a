using System.Text.Json;
using OrderGrains.Storage;
using OrderGrains.Storage.Postgres;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

public sealed class PostgresSweepTests(SharedPostgres server)
{
    private static readonly string[] Sources = ["acme", "acme"];
    private static readonly string[] Locations = ["main", "west"];

    private const string LongAgo = "2026-10-25 12:00Z";
    private const string Today = "2026-11-25 12:00Z";

    /// <summary>
    /// 20,000 orders that shipped long ago, which the statistics know, and 1,000 that came since, which they do
    /// not. One more reservation is of no order.
    /// </summary>
    private static readonly string Shop = $"""
        insert into stock (location, sku, sku_folded, on_hand, reserved, shortfall, counted, version, changed_at)
        select 'main', 'SKU-' || n, 'SKU-' || n, 10, 1, 0, 0, 1, timestamptz '{Today}' from generate_series(0, 19) as n;
        {Orders("old-", 20_000, "shipped", LongAgo)}
        {Reservations("old-", 20_000, "consumed", quantity: 0, LongAgo)}
        analyze;
        {Orders("new-", 1_000, "released", Today)}
        {Reservations("new-", 1_001, "open", quantity: 1, Today)}
        {Orders("waits-", 1_000, "backordered", LongAgo)}
        update order_state set waiting = 1, placed_at = timestamptz '{LongAgo}' where order_id like 'waits-%';
        {Reservations("waits-", 1_000, "open", quantity: 1, LongAgo)}
        update reservation set state = 'waiting', quantity = 0, waiting = 1 where order_key like 'acme/waits-%';
        """;

    [Fact]
    public async Task The_sweep_for_reservations_reads_what_changed_and_not_what_is_stored()
    {
        await using var storage = await PostgresTestStorage.OpenAsync(server);
        await storage.Database.ExecuteAsync(Shop);

        var changed = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
        using var plan = JsonDocument.Parse((await storage.Database.FindAsync(
            Explain(PostgresUnsettled.Changed), row => row.GetString(0),
            ("@from", changed), ("@before", changed.AddMinutes(1)), ("@strangers", true)))!);
        var root = plan.RootElement[0].GetProperty("Plan");

        Assert.Equal(1, root.GetProperty("Actual Rows").GetDouble());
        Assert.InRange(RowsRead(root), 3_000, 5_000);
    }

    /// <summary>
    /// In its first minutes a database has no statistics, and the planner takes a scan of a table for the quickest
    /// way to a first row.
    /// </summary>
    [Fact]
    public async Task The_sweep_for_reservations_goes_by_index_in_a_young_database_too()
    {
        await using var storage = await PostgresTestStorage.OpenAsync(server);
        await storage.Database.ExecuteAsync($"""
            insert into stock (
                location, sku, sku_folded, on_hand, reserved, shortfall, counted, version, changed_at)
            select 'main', 'SKU-' || n, 'SKU-' || n, 10, 1, 0, 0, 1, timestamptz '{Today}'
            from generate_series(0, 19) as n;
            {Orders("first-", 20_000, "released", LongAgo)}
            {Reservations("first-", 20_000, "open", quantity: 1, LongAgo)}
            {Orders("new-", 500, "released", Today)}
            {Reservations("new-", 500, "open", quantity: 1, Today)}
            """);

        var changed = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
        using var plan = JsonDocument.Parse((await storage.Database.FindAsync(
            Explain(PostgresUnsettled.Changed), row => row.GetString(0),
            ("@from", changed), ("@before", changed.AddMinutes(1)), ("@strangers", true)))!);

        Assert.InRange(RowsRead(plan.RootElement[0].GetProperty("Plan")), 1_500, 10_000);
    }

    [Fact]
    public async Task The_sweep_for_waiting_orders_reads_one_page_of_them()
    {
        await using var storage = await PostgresTestStorage.OpenAsync(server);
        await storage.Database.ExecuteAsync(Shop);

        var where = new SqlFilter().And("waiting > 0 and placed_at is not null");
        using var plan = JsonDocument.Parse((await storage.Database.FindAsync(
            Explain(PostgresServable.Sql(where)), row => row.GetString(0),
            ("@sources", Sources), ("@locations", Locations),
            ("@splitting", Sources), ("@count", 100)))!);
        var root = plan.RootElement[0].GetProperty("Plan");

        Assert.Equal(100, root.GetProperty("Actual Rows").GetDouble());
        // The tiny table of levels is read whole for each of them, which is 64 rows an order.
        Assert.InRange(RowsRead(root), 200, 7_000);
    }

    [Fact]
    public async Task What_an_order_holds_is_looked_up_by_its_key_though_the_plan_was_made_over_an_empty_table()
    {
        await using var storage = await PostgresTestStorage.OpenAsync(server);
        using var plan = JsonDocument.Parse((await storage.Database.LookUpAsync(
            $"explain (format json) {PostgresUnsettled.Held}", row => row.GetString(0),
            ("@orders", Sources)))[0]);
        Assert.Contains("reservation_identity", $"{plan.RootElement}", StringComparison.Ordinal);
        Assert.DoesNotContain("reservation_held", $"{plan.RootElement}", StringComparison.Ordinal);
    }

    private static string Explain(string sql) => $"explain (analyze, format json) {sql}";

    private static string Orders(string ids, int count, string status, string at) =>
        FormattableString.Invariant($$"""
        insert into order_state (
            key, source, order_id, status, waiting, version, changed_at, id_search, state)
        select 'acme/{{ids}}' || n, 'acme', '{{ids}}' || n, '{{status}}', 0, 1, timestamptz '{{at}}', n,
            json_build_object('allocations', json_build_array(json_build_object('lineId', '1', 'sku',
                'SKU-' || n % 20, 'location', 'main', 'quantity', 1, 'waiting', 0, 'atWarehouse', 0)))
        from generate_series(1, {{count}}) as n;
        """);

    private static string Reservations(string ids, int count, string state, int quantity, string at) =>
        FormattableString.Invariant($"""
        insert into reservation (
            location, sku, order_key, line_id, state, quantity, at_warehouse, waiting, consumed, placed_at, move,
            moved, reserved_at)
        select 'main', 'SKU-' || n % 20, 'acme/{ids}' || n, '1', '{state}', {quantity}, 0, 0, {1 - quantity},
            timestamptz '{at}', 'reserved', 1, timestamptz '{at}'
        from generate_series(1, {count}) as n;
        """);

    /// <summary>Rows of tables that a plan looked at, in all its loops.</summary>
    private static double RowsRead(JsonElement node)
    {
        var rows = 0d;
        if (node.TryGetProperty("Relation Name", out _))
        {
            rows = node.GetProperty("Actual Loops").GetDouble() * (node.GetProperty("Actual Rows").GetDouble()
                + (node.TryGetProperty("Rows Removed by Filter", out var removed) ? removed.GetDouble() : 0));
        }

        return node.TryGetProperty("Plans", out var children)
            ? rows + children.EnumerateArray().Sum(RowsRead)
            : rows;
    }
}
