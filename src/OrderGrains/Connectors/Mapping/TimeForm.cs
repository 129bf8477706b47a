using System.Globalization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Mapping;

/// <summary>How a sender writes times.</summary>
/// <param name="Pattern">
/// <c>unix</c> or <c>unixMilliseconds</c>, or a pattern of .NET ("Custom date and time format strings"); null: ISO
/// 8601.
/// </param>
/// <param name="Zone">The zone of times that name none; null: they must.</param>
internal sealed record TimeForm(string? Pattern, TimeZoneInfo? Zone)
{
    public const string Unix = "unix";
    public const string UnixMilliseconds = "unixMilliseconds";

    /// <summary>What a time must be, for people.</summary>
    public string Rule => $"expected {Pattern ?? "ISO 8601"}{(Zone is null && !IsUnix ? " with its zone" : "")}";

    private bool IsUnix => Pattern is Unix or UnixMilliseconds;

    /// <summary>False when it is no such time, or one that the clocks of its zone skip.</summary>
    public bool Read(string text, out DateTimeOffset time)
    {
        if (IsUnix)
            return ReadUnix(text, out time);
        if (Pattern is null && IsoTime.Read(text, out time) is not TimeFault.NoZone and var fault)
            return fault == TimeFault.None;
        time = default;
        if (Pattern is null)
            return Zone is not null && IsoTime.Read($"{text}Z", out var local) == TimeFault.None
                && InZone(local.DateTime, out time);
        // A pattern with a zone gives a time with its kind.
        if (!DateTimeOffset.TryParseExact(
            text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
            return false;
        if (!HasZone(Pattern))
            return Zone is not null && InZone(read.DateTime, out time);
        time = read.ToUniversalTime();
        return true;
    }

    /// <summary>Whether times of the pattern name their zone.</summary>
    public static bool HasZone(string pattern) => pattern.Contains('z', StringComparison.Ordinal)
        || pattern.Contains('K', StringComparison.Ordinal) || pattern is Unix or UnixMilliseconds;

    /// <summary>An hour that comes twice is the first of the two, as clocks show it first.</summary>
    private bool InZone(DateTime local, out DateTimeOffset time)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        time = default;
        if (Zone!.IsInvalidTime(local))
            return false;
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        if (local.Ticks - offset.Ticks < 0 || local.Ticks - offset.Ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(local, offset).ToUniversalTime();
        return true;
    }

    private bool ReadUnix(string text, out DateTimeOffset time)
    {
        time = default;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var unit = Pattern == Unix ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
        // A number may be so large that no product of it is one.
        if (number > (decimal)(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / unit)
            return false;
        time = new DateTimeOffset(DateTime.UnixEpoch.Ticks + (long)(number * unit), TimeSpan.Zero);
        return true;
    }
}

/// <summary>Times as our own form has them (RFC 3339), to the microsecond, as databases keep them.</summary>
internal static class Rfc3339
{
    public static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
