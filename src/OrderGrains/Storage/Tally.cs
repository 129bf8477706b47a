namespace OrderGrains.Storage;

/// <summary>Reads counts that the database keeps as rows change: no row is counted when somebody asks.</summary>
internal static class Tally
{
    /// <summary>The count of each item, as columns of one row; an item that there never was has 0.</summary>
    public static string Columns(params string[] items) => string.Join(
        ", ", items.Select(item => $"cast(coalesce(sum(count) filter (where item = '{item}'), 0) as bigint)"));
}
