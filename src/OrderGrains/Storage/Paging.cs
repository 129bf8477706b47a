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
}
