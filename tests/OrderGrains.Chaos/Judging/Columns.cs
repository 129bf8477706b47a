using System.Data.Common;
using System.Globalization;

namespace OrderGrains.Chaos.Judging;

/// <summary>Both databases' values alike: SQLite keeps times as microseconds since 1970.</summary>
internal static class Columns
{
    public static string Text(this DbDataReader row, int at) => row.GetString(at);

    public static string? FindText(this DbDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    public static int Whole(this DbDataReader row, int at) =>
        Convert.ToInt32(row.GetValue(at), CultureInfo.InvariantCulture);

    public static byte[]? FindBytes(this DbDataReader row, int at) =>
        row.IsDBNull(at) ? null : (byte[])row.GetValue(at);

    public static DateTimeOffset Time(this DbDataReader row, int at) => row.GetValue(at) switch
    {
        long microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond),
        DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        DateTimeOffset time => time.ToUniversalTime(),
        var other => throw new InvalidOperationException($"No time: {other} ({other.GetType()})."),
    };

    public static DateTimeOffset? FindTime(this DbDataReader row, int at) => row.IsDBNull(at) ? null : row.Time(at);
}
