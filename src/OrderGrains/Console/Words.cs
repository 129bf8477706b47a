using System.Text.Json;
using OrderGrains.Orders;

namespace OrderGrains.Console;

/// <summary>How people and programs spell our enums and times.</summary>
internal static class Words
{
    /// <summary>As in JSON and in queries: <c>partiallyShipped</c>.</summary>
    public static string Word<T>(this T value) where T : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>As on a page: <c>Partially shipped</c>.</summary>
    public static string Label<T>(this T value) where T : struct, Enum => Label(value.ToString());

    public static string Label(string name) => string.Concat(name.Select((letter, at) =>
        at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));

    /// <summary>Whether a timeline entry tells of good, of trouble, or of the ordinary course.</summary>
    public static string Tone(TimelineKind kind) => kind switch
    {
        TimelineKind.OrderShipped or TimelineKind.OrderPartiallyShipped or TimelineKind.ReleaseAccepted
            or TimelineKind.ParcelRecorded => "good",
        TimelineKind.ReceiptParked or TimelineKind.MessageParked or TimelineKind.AttemptFailed
            or TimelineKind.StockShort or TimelineKind.LineExcess => "bad",
        TimelineKind.OrderBackordered or TimelineKind.OrderOnHold or TimelineKind.ReservationTakenBack
            or TimelineKind.ReleaseTooLate or TimelineKind.ReceiptNoted or TimelineKind.ParcelNotRecorded
            or TimelineKind.MessageWaiting or TimelineKind.ParcelNotTakenBack => "warn",
        TimelineKind.OrderCancelled or TimelineKind.LineCancelled or TimelineKind.ReleaseCancelled
            or TimelineKind.ReceiptDuplicate or TimelineKind.ReceiptStale or TimelineKind.MessageDiscarded
            or TimelineKind.OrderRedacted or TimelineKind.ParcelTakenBack => "mute",
        _ => "busy",
    };

    /// <summary>The same for what moved a stock, by its kind.</summary>
    public static string Tone(string move) => move switch
    {
        "shipped" => "good",
        "waiting" or "takenBack" => "warn",
        _ => "busy",
    };

    /// <summary>Full precision for machines.</summary>
    public static string Iso(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>To the second, for people; always UTC, so that two people speak of the same moment.</summary>
    public static string Absolute(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'");

    /// <summary>How long ago, or how soon, in one unit.</summary>
    public static string Relative(this DateTimeOffset time, DateTimeOffset now)
    {
        var span = now - time;
        var text = Duration(span.Duration());
        return text.Length == 0 ? "just now" : span < TimeSpan.Zero ? $"in {text}" : $"{text} ago";
    }

    /// <summary>One unit, rounded down; empty under 5 seconds.</summary>
    public static string Duration(TimeSpan span) => span.TotalSeconds switch
    {
        < 5 => "",
        < 60 => $"{(int)span.TotalSeconds} s",
        < 3600 => $"{(int)span.TotalMinutes} min",
        < 86_400 => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} d",
    };

    public static string Units(int count) => count == 1 ? "1 unit" : $"{count:N0} units";

    public static string Bytes(int count) => count switch
    {
        < 1024 => $"{count} B",
        < 1024 * 1024 => $"{count / 1024.0:0.#} KB",
        _ => $"{count / 1048576.0:0.#} MB",
    };
}
