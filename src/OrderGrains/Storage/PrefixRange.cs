namespace OrderGrains.Storage;

/// <summary>Texts that begin alike, as a range of an index in the order of code points.</summary>
internal static class PrefixRange
{
    /// <summary>The first text after all of them.</summary>
    public static string After(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);
}
