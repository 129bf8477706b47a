namespace OrderGrains.Vocabulary;

/// <summary>Tracking numbers as people and systems write them.</summary>
internal static class TrackingNumbers
{
    /// <summary>Whether two texts are one number: carriers' pages show them in groups, and in any case.</summary>
    public static bool Same(string one, string other) => string.Equals(
        string.Concat(one.Where(c => !char.IsWhiteSpace(c))), string.Concat(other.Where(c => !char.IsWhiteSpace(c))),
        StringComparison.OrdinalIgnoreCase);
}
