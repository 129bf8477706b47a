using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage;

/// <summary>Keyset pages: a query asks for one row more than the page holds, to tell whether there is a next.</summary>
internal static class Paging
{
    public static int Limit(PageRequest page) => Math.Clamp(page.Limit, 1, PageRequest.LimitMax);

    public static Page<T> Page<T>(IReadOnlyList<T> rows, PageRequest page, Func<T, string> cursorOf)
    {
        var limit = Limit(page);
        return rows.Count <= limit
            ? new Page<T>(rows, null)
            : new Page<T>([.. rows.Take(limit)], cursorOf(rows[limit - 1]));
    }

    /// <summary>A sweep's page: it goes on behind all that it looked at, and not behind what it found.</summary>
    /// <param name="rows">All that was looked at.</param>
    /// <param name="countMax">So many were asked for; fewer are the last.</param>
    public static SweepPage Swept(IReadOnlyList<(SweepPlace Place, bool Found)> rows, int countMax) => new(
        [.. rows.Where(row => row.Found).Select(row => row.Place.Key)], rows.Count < countMax ? null : rows[^1].Place);

    /// <param name="source">Whose orders they are.</param>
    /// <param name="rows">The ids of all that was looked at, and the address of each.</param>
    /// <param name="email">The address that is wanted, in whatever case; null: all.</param>
    /// <param name="countMax">So many were asked for; fewer are the last.</param>
    public static SourcePage OfSource(
        string source, IReadOnlyList<(string Id, string? Email)> rows, string? email, int countMax) => new(
        [
            .. rows.Where(row => email is null
                || string.Equals(row.Email?.Trim(), email.Trim(), StringComparison.OrdinalIgnoreCase))
                .Select(row => new OrderKey(source, row.Id)),
        ],
        rows.Count < countMax ? null : rows[^1].Id);

    /// <param name="rows">Each stock that was looked at, once for each of its orphans or once without one.</param>
    /// <param name="stocksMax">So many were asked for; fewer are the last.</param>
    public static OrphanPage Orphans(IReadOnlyList<(StockKey Stock, string? Order)> rows, int stocksMax) => new(
        [.. rows.Select(row => row.Order).OfType<string>().Distinct(StringComparer.Ordinal).Select(OrderKey.Parse)],
        rows.Select(row => row.Stock).Distinct().Count() < stocksMax ? null : rows[^1].Stock);
}
