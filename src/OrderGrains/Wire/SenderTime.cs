using System.Globalization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <summary>
/// When a sender says that something was. A time that has not come yet would hide all that is told until it has, so it
/// counts as of its arrival.
/// </summary>
/// <param name="Counts">The time that counts, in UTC.</param>
/// <param name="IsGiven">The sender gave one.</param>
/// <param name="Note">What a person should know, if anything.</param>
internal readonly record struct SenderTime(DateTimeOffset Counts, bool IsGiven, string? Note)
{
    /// <summary>Beyond it no zone explains the difference.</summary>
    private static readonly TimeSpan ZoneMax = TimeSpan.FromHours(14);

    public static SenderTime Read(JsonFields data, string name, DateTimeOffset arrivedAt)
    {
        if (data.OptionalTime(name) is not { } time)
            return new SenderTime(arrivedAt, false, $"{name} is missing and counts as of the arrival");
        var ahead = time - arrivedAt;
        if (ahead <= ConnectorLimits.AheadMax)
            return new SenderTime(time, true, null);
        var written = time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var guess = ahead < ZoneMax + ConnectorLimits.AheadMax ? ": local time written as UTC?" : "";
        return new SenderTime(arrivedAt, true,
            $"{name} {written} is {Rough(ahead)} ahead of its arrival and counts as of the arrival{guess}");
    }

    private static string Rough(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{Math.Round(time.TotalDays)} days",
        { TotalMinutes: >= 59.5 } => $"{Math.Round(time.TotalHours, 1)} h",
        _ => $"{Math.Round(time.TotalMinutes)} min",
    };
}
