using System.Globalization;
using System.Text.RegularExpressions;

namespace OrderGrains.Vocabulary;

/// <summary>What is wrong with a time.</summary>
internal enum TimeFault
{
    None,
    NoTime,
    NoZone,
}

/// <summary>
/// Reads ISO 8601 times as systems write them: fractions of any length, a space for the T, zones with and without
/// colon or minutes.
/// </summary>
internal static partial class IsoTime
{
    /// <summary>The time in UTC; one without a zone is read as if it were in UTC.</summary>
    public static TimeFault Read(string text, out DateTimeOffset time)
    {
        time = default;
        var match = Pattern().Match(text);
        if (!match.Success || !DateTime.TryParseExact(
            match.Groups["date"].Value, "yyyy-MM-dd", null, DateTimeStyles.None, out var date))
            return TimeFault.NoTime;
        var ofDay = new TimeSpan(
            Number(match, "hours"), Number(match, "minutes"), Number(match, "seconds"));
        var (zoneHours, zoneMinutes) = (Number(match, "zoneHours"), Number(match, "zoneMinutes"));
        if (Number(match, "hours") > 23 || Number(match, "minutes") > 59 || Number(match, "seconds") > 60
            || zoneHours > 23 || zoneMinutes > 59)
            return TimeFault.NoTime;
        var zone = new TimeSpan(zoneHours, zoneMinutes, 0);
        var ticks = date.Ticks + ofDay.Ticks + Fraction(match.Groups["fraction"].ValueSpan)
            - (match.Groups["sign"].Value == "-" ? -zone.Ticks : zone.Ticks);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return TimeFault.NoTime;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return match.Groups["zone"].Success ? TimeFault.None : TimeFault.NoZone;
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found ? int.Parse(found.ValueSpan) : 0;

    /// <summary>Ticks; what is finer is cut.</summary>
    private static long Fraction(ReadOnlySpan<char> digits)
    {
        long ticks = 0;
        for (var at = 0; at < 7; at++)
            ticks = ticks * 10 + (at < digits.Length ? digits[at] - '0' : 0);
        return ticks;
    }

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
        + @"([Tt ](?<hours>[0-9]{2}):(?<minutes>[0-9]{2})(:(?<seconds>[0-9]{2})([.,](?<fraction>[0-9]+))?)?"
        + @"( ?(?<zone>[Zz]|(?<sign>[+-])(?<zoneHours>[0-9]{2})(:?(?<zoneMinutes>[0-9]{2}))?))?)?\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
