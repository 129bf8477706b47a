namespace OrderGrains.Storage;

/// <summary>What both databases say alike of a stock's history.</summary>
internal static class HistorySql
{
    /// <summary>
    /// Units of a stock <c>s</c> that are there: its newest count, and what moved later than it. The bound is one
    /// comparison, so that an index leads to what is later and nothing older is read.
    /// </summary>
    private static string Units(string earliest) => $"""
        s.counted + coalesce((
            select sum(m.delta) from stock_movement as m
            where m.location = s.location and m.sku = s.sku and m.kind in ('shipped', 'adjusted')
                and m.at > coalesce(s.as_of, {earliest})), 0)
        """;

    /// <summary>
    /// For each stock, what <c>held</c> (its open reservations) comes to, as <c>total</c>, and its <c>units</c>.
    /// </summary>
    /// <param name="earliest">A time before all others, as the database writes it.</param>
    public static string Sums(string earliest) => $"""
        total as materialized (
            select location, sku, sum(quantity) as quantity, sum(at_warehouse) as at_warehouse
            from held group by location, sku),
        units as materialized (select s.location, s.sku, {Units(earliest)} as units from stock as s)
        """;

    /// <summary>How many stocks are not what <see cref="Sums"/> come to.</summary>
    public const string Uneven = """
        (select count(*) from stock as s
         join units as u on u.location = s.location and u.sku = s.sku
         left join total as t on t.location = s.location and t.sku = s.sku
         where s.reserved <> coalesce(t.quantity, 0) or s.on_hand - s.shortfall <> u.units)
        """;
}
