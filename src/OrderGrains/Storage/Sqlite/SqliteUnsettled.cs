namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// Statements that compare what orders count on (in their state) with what the stock holds for them (in rows). Each
/// reservation is reached by the index that is named, whatever the planner thinks of it.
/// </summary>
internal static class SqliteUnsettled
{
    private const string HeldByOrder = """
        select r.line_id, r.sku, r.location, r.quantity, r.waiting, r.at_warehouse
        from reservation as r indexed by reservation_of_order
        where r.order_key = o.key and r.state in ('open', 'waiting')
        """;

    private const string CountedByOrder = """
        select a.value ->> 'lineId', a.value ->> 'sku', a.value ->> 'location', a.value ->> 'quantity',
            a.value ->> 'waiting', a.value ->> 'atWarehouse'
        from json_each(o.state, '$.allocations') as a
        """;

    /// <summary>An order <c>o</c> counts on other units than are held for it.</summary>
    internal const string Differs = $"""
        (exists ({HeldByOrder} except {CountedByOrder}) or exists ({CountedByOrder} except {HeldByOrder}))
        """;

    /// <summary>
    /// Orders whose reservations changed within a time, and differ. A clock may be set back by up to 10 s (in
    /// microseconds), so a level may look older than its reservations.
    /// </summary>
    internal const string Changed = $"""
        with changed as materialized (
            select distinct r.order_key as key
            from stock as s
            cross join reservation as r indexed by reservation_moved
                on r.location = s.location and r.sku = s.sku and r.reserved_at >= $from and r.reserved_at < $before
            where s.changed_at >= $from - 10000000)
        select c.key
        from changed as c left join order_state as o on o.key = c.key
        where case
            when o.key is null or o.status in ('shipped', 'cancelled') then
                (o.key is not null or $strangers) and exists (
                    select 1 from reservation as r indexed by reservation_of_order
                    where r.order_key = c.key and r.state in ('open', 'waiting'))
            else {Differs} end
        """;

    /// <summary>
    /// Which of some stocks' open reservations are of no order, or of a finished one; the stocks themselves too, to
    /// know where the page ends.
    /// </summary>
    internal static string Orphans(SqlFilter where) => $"""
        with page as materialized (
            select s.location, s.sku from stock as s {where} order by s.location, s.sku limit $count),
        orphan as materialized (
            select r.location, r.sku, r.order_key
            from page as p
            cross join reservation as r indexed by reservation_held
                on r.location = p.location and r.sku = p.sku and r.state in ('open', 'waiting')
            left join order_state as o on o.key = r.order_key
            where r.reserved_at < $held_before and (o.key is null or o.status in ('shipped', 'cancelled')))
        select p.location, p.sku, orphan.order_key
        from page as p left join orphan on orphan.location = p.location and orphan.sku = p.sku
        order by p.location, p.sku
        """;

    internal static readonly string Audit = $"""
        with held as materialized (
            select location, sku, order_key, line_id, quantity, at_warehouse, quantity + waiting as units, reserved_at
            from reservation as r indexed by reservation_held where r.state in ('open', 'waiting')),
        counted as materialized (
            select o.key, a.value ->> 'lineId' as line_id, a.value ->> 'sku' as sku, a.value ->> 'location' as location,
                (a.value ->> 'quantity') + (a.value ->> 'waiting') as units
            from order_state as o cross join json_each(o.state, '$.allocations') as a
            where o.status in ({LiveOrders.Statuses})),
        {HistorySql.Sums("-9223372036854775808")}
        select
            (select count(*) from stock where reserved > on_hand),
            {HistorySql.Uneven},
            (select count(*) from held as h left join order_state as o on o.key = h.order_key
             where h.reserved_at < $held_before and (o.key is null or o.status in ('shipped', 'cancelled'))),
            (select coalesce(sum(max(0, t.at_warehouse - max(0, u.units))), 0)
             from total as t join units as u on u.location = t.location and u.sku = t.sku),
            (select coalesce(sum(max(0, h.units - coalesce(c.units, 0))), 0)
             from held as h left join counted as c
                on c.key = h.order_key and c.location = h.location and c.sku = h.sku and c.line_id = h.line_id
             where h.reserved_at < $held_before),
            (select coalesce(sum(max(0, c.units - coalesce(h.units, 0))), 0)
             from counted as c left join held as h
                on h.order_key = c.key and h.location = c.location and h.sku = c.sku and h.line_id = c.line_id
             where c.units > coalesce(h.units, 0) and not exists (
                select 1 from reservation as r
                where r.order_key = c.key and r.location = c.location and r.sku = c.sku and r.line_id = c.line_id
                    and r.reserved_at >= $held_before)),
            (select count(*) from units where units < 0)
        """;
}
