namespace OrderGrains.Sandbox;

/// <summary>Numbers that depend on a seed and on words alone: the same in each run and each process.</summary>
public static class Draw
{
    /// <summary>Evenly spread, and words that differ a little give numbers that differ a lot.</summary>
    public static uint Of(int seed, string what, string subject)
    {
        // FNV-1a, and the end of MurmurHash3 behind it; string.GetHashCode differs from process to process.
        var hash = Fold(Fold(unchecked(2166136261u ^ (uint)seed), what), subject);
        unchecked
        {
            hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
            hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        }
        return hash ^ (hash >> 16);
    }

    /// <summary>Chance for one subject, which no other draw moves on.</summary>
    public static Random For(int seed, string what, long subject) =>
        new(unchecked((int)Of(seed, what, subject.ToString(System.Globalization.CultureInfo.InvariantCulture))));

    private static uint Fold(uint hash, string text) =>
        text.Aggregate(hash, (sum, letter) => unchecked((sum ^ letter) * 16777619u)) * 16777619u;
}
