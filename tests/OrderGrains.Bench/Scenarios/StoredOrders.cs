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
    /// <summary>Orders copied by one statement.</summary>
    private const long ChunkMax = 100_000;

    /// <summary>Of the real order: 18 digits, so that a copy's text is as long.</summary>
    private const long FirstCopyId = 700_000_000_000_000_000;

    private const string Copies = """
        insert into order_state (key, source, order_id, number, status, waiting, version, placed_at, changed_at,
            id_search, number_search, state)
        select o.source || '/' || copy.id, o.source, copy.id, '#' || copy.number, 'shipped', 0, o.version,
            copy.at, copy.at, copy.id, copy.number, replace(o.state, '{id}', copy.id)
        from order_state as o cross join copy where o.key = 'acme/{id}';

        insert into timeline (order_key, at, kind, summary, receipt_id, message_id, actor)
        select 'acme/' || copy.id, copy.at, t.kind, t.summary, t.receipt_id, t.message_id, t.actor
        from timeline as t cross join copy where t.order_key = 'acme/{id}';

        insert into receipt (id, source, topic, delivery_id, received_at, outcome, order_key, settled_at)
        select copy.uuid, r.source, r.topic, copy.uuid::text, copy.at, 'applied', 'acme/' || copy.id, copy.at
        from receipt as r cross join copy where r.order_key = 'acme/{id}';

        insert into message (id, destination, kind, state, order_key, reference, created_at, attempts, next_attempt_at,
            settled_at)
        select copy.uuid, m.destination, m.kind, 'delivered', 'acme/' || copy.id, 'acme-' || copy.id || '-1', copy.at,
            1, copy.at, copy.at
        from message as m cross join copy where m.order_key = 'acme/{id}';

        insert into reservation (location, sku, order_key, line_id, state, quantity, waiting, consumed, placed_at,
            reserved_at)
        select r.location, 'SKU-' || lpad((copy.n * 7 % 1000)::text, 4, '0'), 'acme/' || copy.id, r.line_id, 'consumed',
            0, 0, r.quantity, copy.at, copy.at
        from reservation as r cross join copy where r.order_key = 'acme/{id}';
        """;

    /// <summary>Ids sort by time, as the product's own do: over three years, the newest last.</summary>
    private const string Copy = """
        create temporary table copy on commit drop as
        select n, ({first} + n)::text as id, (20000000 + n)::text as number, at,
            (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
                || '8' || substr(md5(n::text), 4, 15))::uuid as uuid
        from (select n, now() - interval '3 years' * (1 - n::float8 / {all}) as at
            from generate_series({from}, {to}) as n) as numbers;
        """;

    /// <param name="world">With one order, number 0, that is at the warehouse.</param>
    /// <param name="orders">How many copies.</param>
    public static async Task MakeAsync(World world, long orders)
    {
        var real = OrderTemplate.IdOf(0).ToString(CultureInfo.InvariantCulture);
        for (var from = 1L; from <= orders; from += ChunkMax)
        {
            var to = Math.Min(from + ChunkMax - 1, orders);
            var copy = Copy
                .Replace("{first}", FirstCopyId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{all}", (orders + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{from}", from.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{to}", to.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            await world.Database.ExecuteAsync(
                $"begin;\n{copy}\n{Copies.Replace("{id}", real, StringComparison.Ordinal)}\ncommit;");
        }
        await world.Database.ExecuteAsync("vacuum analyze");
        await world.Database.ExecuteAsync("checkpoint");
    }
}
