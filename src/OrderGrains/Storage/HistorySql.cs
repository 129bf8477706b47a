namespace OrderGrains.Storage;

/// <summary>What both databases say alike of a stock's history.</summary>
internal static class HistorySql
{
    /// <summary>Units of a stock <c>s</c> that are there: its newest count, and what moved later than it.</summary>
    public const string Units = """
        s.counted + coalesce((
            select sum(m.delta) from stock_movement as m
            where m.location = s.location and m.sku = s.sku and m.kind in ('shipped', 'adjusted')
                and (s.as_of is null or m.at > s.as_of)), 0)
        """;
}
