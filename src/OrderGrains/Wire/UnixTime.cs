using System.Globalization;

namespace OrderGrains.Wire;

/// <summary>The signed timestamp of a webhook: whole seconds since 1970.</summary>
internal static class UnixTime
{
    public const int CharsMax = 12;

    /// <summary>What is wrong with it, to stand behind the name of its header; null when it counts.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="now">Our time.</param>
    /// <param name="tolerance">How far it may lie from our time, either way.</param>
    public static string? Fault(string text, DateTimeOffset now, TimeSpan tolerance) =>
        text.Length <= CharsMax
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? Fault(DateTimeOffset.FromUnixTimeSeconds(seconds), now, tolerance)
            : "must be whole seconds since 1970";

    /// <inheritdoc cref="Fault(string, DateTimeOffset, TimeSpan)"/>
    public static string? Fault(DateTimeOffset time, DateTimeOffset now, TimeSpan tolerance)
    {
        var age = now - time;
        if (age > tolerance)
            return $"is older than the tolerance of {tolerance.TotalSeconds:0} s";
        return age < -tolerance ? $"is ahead by more than the tolerance of {tolerance.TotalSeconds:0} s" : null;
    }
}
