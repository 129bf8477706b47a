using System.Globalization;
using OrderGrains.Bench.Load;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>
/// Makes the product's database as large as after years: copies of one real order, shipped long ago, written straight
/// into its tables. The bodies of old receipts are purged by then, so copies have none.
/// </summary>
internal static class StoredOrders
{
    /// <summary>Orders copied in one transaction.</summary>
    private const long ChunkMax = 100_000;

    /// <summary>As many digits as a real id has, so that a copy's text is as long.</summary>
    private const long FirstCopyId = 700_000_000_000_000_000;

    /// <summary>Ids sort by time, as the product's own do: over three years, the newest last.</summary>
    private const string Copy = """
        create temporary table copy on commit drop as
        select n, ({first} + n)::text as id, (20000000 + n)::text as number, 'acme/' || ({first} + n) as key, at,
            (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
                || '8' || substr(md5(n::text), 4, 15))::uuid as uuid
        from (select n, now() - interval '3 years' * (1 - n::float8 / {all}) as at
            from generate_series({from}, {to}) as n) as numbers
        """;

    /// <summary>
    /// Where a copy differs from the real order's row; a column that is null here is left to its default.
    /// </summary>
    private static readonly (string Table, string OrderColumn, Dictionary<string, string?> Columns)[] Tables =
    [
        ("order_state", "key", new(StringComparer.Ordinal)
        {
            ["key"] = "copy.key", ["order_id"] = "copy.id", ["id_search"] = "copy.id", ["status"] = "'shipped'",
            ["number"] = "'#' || copy.number", ["number_search"] = "copy.number", ["placed_at"] = "copy.at",
            ["changed_at"] = "copy.at", ["state"] = "replace(one.state, one.order_id, copy.id)",
        }),
        ("timeline", "order_key", new(StringComparer.Ordinal)
        {
            ["seq"] = null, ["order_key"] = "copy.key", ["at"] = "copy.at",
        }),
        ("receipt", "order_key", new(StringComparer.Ordinal)
        {
            ["id"] = "copy.uuid", ["order_key"] = "copy.key", ["delivery_id"] = "copy.uuid::text",
            ["received_at"] = "copy.at", ["settled_at"] = "copy.at", ["body"] = "null",
        }),
        ("message", "subject", new(StringComparer.Ordinal)
        {
            ["id"] = "copy.uuid", ["written"] = null, ["subject"] = "copy.key",
            ["sequence_key"] = "'acme-' || copy.id || '-1'",
            ["created_at"] = "copy.at", ["next_attempt_at"] = "copy.at", ["settled_at"] = "copy.at",
        }),
        ("reservation", "order_key", new(StringComparer.Ordinal)
        {
            ["order_key"] = "copy.key", ["sku"] = "'SKU-' || lpad((copy.n * 7 % 1000)::text, 4, '0')",
            ["state"] = "'consumed'", ["quantity"] = "0", ["at_warehouse"] = "0", ["consumed"] = "one.quantity",
            ["placed_at"] = "copy.at", ["reserved_at"] = "copy.at",
        }),
    ];

    /// <param name="world">With one order, number 0, that is at the warehouse.</param>
    /// <param name="orders">How many copies.</param>
    public static async Task MakeAsync(World world, long orders)
    {
        var key = $"acme/{OrderTemplate.IdOf(0)}";
        var inserts = new List<string>();
        foreach (var (table, orderColumn, columns) in Tables)
            inserts.Add(await InsertAsync(world.Database, table, orderColumn, columns, key));
        for (var from = 1L; from <= orders; from += ChunkMax)
        {
            var copy = Put(Put(Put(Put(Copy,
                "{first}", FirstCopyId), "{all}", orders + 1), "{from}", from),
                "{to}", Math.Min(from + ChunkMax - 1, orders));
            await world.Database.ExecuteAsync($"begin;\n{copy};\n{string.Join(";\n", inserts)};\ncommit");
        }
        await world.Database.ExecuteAsync("vacuum analyze");
        await world.Database.ExecuteAsync("checkpoint");
    }

    /// <summary>All columns that the table has now are copied, those named here changed.</summary>
    private static async Task<string> InsertAsync(
        Database database, string table, string orderColumn, Dictionary<string, string?> changed, string key)
    {
        var all = await database.TextAsync(
            $"""
            select string_agg(attname, ',' order by attnum) from pg_attribute
            where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped
            """);
        var columns = all.Split(',').Where(name => changed.GetValueOrDefault(name, "") is not null).ToList();
        var values = columns.Select(name => changed.GetValueOrDefault(name) ?? $"one.{name}");
        return $"""
            insert into {table} ({string.Join(", ", columns)}) select {string.Join(", ", values)}
            from {table} as one cross join copy where one.{orderColumn} = '{key}'
            """;
    }

    private static string Put(string text, string name, long value) =>
        text.Replace(name, value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
