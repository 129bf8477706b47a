namespace OrderGrains.Tests.Console;

/// <summary>Pages of an in-memory list; the cursor is the last row's key, as the databases do it.</summary>
internal static class Paging
{
    public static Page<T> Page<T, TKey>(
        this IEnumerable<T> rows, PageRequest page, Func<T, TKey> key, Func<string, TKey> parse)
        where TKey : IComparable<TKey>
    {
        var sorted = rows.OrderByDescending(key).ToList();
        if (page.Cursor is { } cursor)
        {
            var after = parse(cursor);
            sorted = [.. sorted.Where(row => key(row).CompareTo(after) < 0)];
        }

        var items = sorted.Take(page.Limit).ToList();
        return new Page<T>(items, items.Count < sorted.Count ? key(items[^1]).ToString() : null);
    }
}
