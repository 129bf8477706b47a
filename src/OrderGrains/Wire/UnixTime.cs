using System.Globalization;

namespace OrderGrains.Wire;

/// <summary>The signed timestamp of a webhook: whole seconds since 1970.</summary>
internal static class UnixTime
{
    public const int CharsMax = 12;

    /// <summary>As senders write it.</summary>
    public static string Text(DateTimeOffset time) =>
        time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Null when it is not whole seconds since 1970.</summary>
    public static DateTimeOffset? Find(string text) =>
        text.Length <= CharsMax
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>What is wrong with it, to stand behind the name of its header; null when it counts.</summary>
    /// <param name="time">As it was sent.</param>
    /// <param name="now">Our time.</param>
    /// <param name="tolerance">How far it may lie from our time, either way.</param>
    public static string? Fault(DateTimeOffset time, DateTimeOffset now, TimeSpan tolerance)
    {
        var age = now - time;
        if (age > tolerance)
            return $"is older than the tolerance of {tolerance.TotalSeconds:0} s";
        return age < -tolerance ? $"is ahead by more than the tolerance of {tolerance.TotalSeconds:0} s" : null;
    }
}
