namespace OrderGrains.Storage.Sqlite;

/// <summary>Looks through orders that wait for stock, and says of each whether it would find it now.</summary>
internal static class SqliteServable
{
    /// <summary>
    /// What an order may use is where its source ships from. Units that a warehouse has bind an order to it, unless it
    /// may be split.
    /// </summary>
    /// <param name="page">Which orders are looked at; the earliest placed first.</param>
    internal static string Sql(SqlFilter page) => $"""
        with may as materialized (
            select value ->> 0 as source, value ->> 1 as location, value ->> 2 = 'splits' as splits
            from json_each($may)),
        page as materialized (
            select key, source, status, placed_at from order_state {page} order by placed_at, key limit $count)
        select o.key, o.placed_at, o.status <> 'onHold' and (
            not exists (
                select 1 from reservation as r indexed by reservation_of_order
                where r.order_key = o.key and r.state in ('open', 'waiting') and r.state = 'waiting')
            or exists (
                select 1 from may as m
                where m.source = o.source and not exists (
                    select 1 from reservation as r indexed by reservation_of_order
                    left join stock as s on s.location = m.location and s.sku = r.sku
                    where r.order_key = o.key and r.state in ('open', 'waiting')
                      and (r.location = m.location or (r.at_warehouse > 0 and not m.splits)
                          or r.quantity - r.at_warehouse + r.waiting > coalesce(s.on_hand - s.reserved, 0))))
            or (exists (select 1 from may as m where m.source = o.source and m.splits) and not exists (
                select 1 from reservation as r indexed by reservation_of_order
                where r.order_key = o.key and r.state in ('open', 'waiting') and r.waiting > (
                    select coalesce(sum(s.on_hand - s.reserved), 0) from may as m
                    cross join stock as s on s.location = m.location and s.sku = r.sku
                    where m.source = o.source))))
        from page as o order by o.placed_at, o.key
        """;
}
