namespace OrderGrains.Storage;

/// <summary>Text for SQL's LIKE, escaped by a backslash.</summary>
internal static class LikePattern
{
    public static string Beginning(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
