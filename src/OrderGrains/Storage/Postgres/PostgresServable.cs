namespace OrderGrains.Storage.Postgres;

/// <summary>Looks through orders that wait for stock, and says of each whether it would find it now.</summary>
internal static class PostgresServable
{
    /// <summary>
    /// What an order may use is where its source ships from. Units that a warehouse has bind an order to it, unless it
    /// may be split. The fences (<c>offset 0</c>) keep the planner from answering for all orders at once, and the sums
    /// with nothing from any index but that of the order.
    /// </summary>
    /// <param name="page">Which orders are looked at; the earliest placed first.</param>
    internal static string Sql(SqlFilter page) => $"""
        with may as materialized (
            select source, location, source = any(@splitting) as splits
            from unnest(@sources, @locations) as m (source, location)),
        page as materialized (
            select key, source, status, placed_at from order_state {page} order by placed_at, key limit @count)
        select o.key, o.placed_at, o.status <> 'onHold' and (
            not exists (
                select from reservation as r where r.order_key = o.key and r.state || '' = 'waiting' offset 0)
            or exists (
                select from may as m
                where m.source = o.source and not exists (
                    select from reservation as r
                    left join stock as s on s.location = m.location and s.sku = r.sku
                    where r.order_key = o.key and r.state || '' in ('open', 'waiting')
                      and (r.location = m.location or (r.at_warehouse > 0 and not m.splits)
                          or r.quantity - r.at_warehouse + r.waiting > coalesce(s.on_hand - s.reserved, 0))
                    offset 0)
                offset 0)
            or (o.source = any(@splitting) and not exists (
                select from reservation as r
                where r.order_key = o.key and r.state || '' in ('open', 'waiting') and r.waiting > (
                    select coalesce(sum(s.on_hand - s.reserved), 0) from may as m
                    join stock as s on s.location = m.location and s.sku = r.sku
                    where m.source = o.source)
                offset 0)))
        from page as o order by o.placed_at, o.key
        """;
}
