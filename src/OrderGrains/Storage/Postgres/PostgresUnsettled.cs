namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Statements that compare what orders count on (in their state) with what the stock holds for them (in rows). A fence
/// (<c>offset 0</c>) stands around each step that must go by index, row by row. Left to itself the planner expects
/// other numbers of rows than there are: with a million orders stored it fetched 11 million in 9 s, and the dead rows
/// that it kept from being cleaned up meanwhile slowed down everything else.
/// </summary>
internal static class PostgresUnsettled
{
    private const string Allocations = """
        json_to_recordset(o.state::json -> 'allocations') as a (
            "lineId" text, sku text, location text, quantity int, waiting int, "atWarehouse" int)
        """;

    /// <summary>The sum with nothing keeps the planner from any index but that of the orders.</summary>
    private const string HeldByOrder = """
        select r.line_id, r.sku, r.location, r.quantity, r.waiting, r.at_warehouse from reservation as r
        where r.order_key = o.key and r.state || '' in ('open', 'waiting')
        """;

    /// <summary>
    /// What is held for some orders, by the primary key. The plan is made once, maybe over an empty table.
    /// </summary>
    internal const string Held = """
        select order_key, line_id, sku, location, quantity, waiting, at_warehouse from reservation
        where order_key = any(@orders) and state || '' in ('open', 'waiting')
        """;

    /// <summary>
    /// An order <c>o</c> counts on other units than are held for it. They are counted, where <c>exists</c> would have
    /// the planner look for the quickest way to a first row: without statistics that is a scan of the whole table.
    /// </summary>
    internal const string Differs = $"""
        0 < (
            select count(*) from ({HeldByOrder}) as h
            full join {Allocations}
                on a."lineId" = h.line_id and a.sku = h.sku and a.location = h.location
            where (h.quantity, h.waiting, h.at_warehouse) is distinct from (a.quantity, a.waiting, a."atWarehouse"))
        """;

    /// <summary>
    /// Orders whose reservations changed within a time, and differ. One pass over the small level rows finds the
    /// stocks; clocks of silos differ, so a level may look older than its reservations. A finished order counts on
    /// nothing, and its state need not be read.
    /// </summary>
    internal const string Changed = $"""
        with changed as materialized (
            select distinct r.order_key as key
            from (
                select location, sku from stock where changed_at >= @from - interval '10 s' offset 0) as s
            cross join lateral (
                select m.order_key from reservation as m
                where m.location = s.location and m.sku = s.sku and m.reserved_at >= @from and m.reserved_at < @before
                offset 0) as r)
        select c.key
        from changed as c
        left join lateral (
            select key, status, state from order_state where key = c.key offset 0) as o on true
        where case
            when o.key is null or o.status in ('shipped', 'cancelled') then
                (o.key is not null or @strangers) and 0 < (
                    select count(*) from reservation as r
                    where r.order_key = c.key and r.state || '' in ('open', 'waiting'))
            else {Differs} end
        """;

    /// <summary>
    /// Which of some stocks' open reservations are of no order, or of a finished one; the stocks themselves too, to
    /// know where the page ends.
    /// </summary>
    internal static string Orphans(SqlFilter where) => $"""
        select s.location, s.sku, orphan.order_key
        from (
            select s.location, s.sku from stock as s {where} order by s.location, s.sku limit @count) as s
        left join lateral (
            select r.order_key
            from reservation as r
            left join lateral (select key, status from order_state where key = r.order_key offset 0) as o on true
            where r.location = s.location and r.sku = s.sku and r.state in ('open', 'waiting')
                and r.reserved_at < @held_before and (o.key is null or o.status in ('shipped', 'cancelled'))
            offset 0) as orphan on true
        order by s.location, s.sku
        """;

    internal static readonly string Audit = $"""
        with held as materialized (
            select location, sku, order_key, line_id, quantity, at_warehouse, quantity + waiting as units, reserved_at
            from reservation where state in ('open', 'waiting')),
        counted as materialized (
            select o.key, a."lineId" as line_id, a.sku, a.location, a.quantity + a.waiting as units
            from order_state as o cross join lateral {Allocations}
            where o.status in ({LiveOrders.Statuses})),
        {HistorySql.Sums("'-infinity'")}
        select
            (select count(*) from stock where reserved > on_hand),
            {HistorySql.Uneven},
            (select count(*) from held as h left join order_state as o on o.key = h.order_key
             where h.reserved_at < @held_before and (o.key is null or o.status in ('shipped', 'cancelled'))),
            (select coalesce(sum(greatest(0, t.at_warehouse - greatest(0, u.units))), 0)::bigint
             from total as t join units as u on u.location = t.location and u.sku = t.sku),
            (select coalesce(sum(greatest(0, h.units - coalesce(c.units, 0))), 0)::bigint
             from held as h left join counted as c
                on c.key = h.order_key and c.location = h.location and c.sku = h.sku and c.line_id = h.line_id
             where h.reserved_at < @held_before),
            (select coalesce(sum(greatest(0, c.units - coalesce(h.units, 0))), 0)::bigint
             from counted as c left join held as h
                on h.order_key = c.key and h.location = c.location and h.sku = c.sku and h.line_id = c.line_id
             where c.units > coalesce(h.units, 0) and not exists (
                select from reservation as r
                where r.order_key = c.key and r.location = c.location and r.sku = c.sku and r.line_id = c.line_id
                    and r.reserved_at >= @held_before)),
            (select count(*) from units where units < 0)
        """;
}
