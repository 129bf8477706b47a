using System.Globalization;
using OrderGrains.Orders;
using OrderGrains.Outbound;

namespace OrderGrains.Storage;

/// <summary>What the outbox writes into an order's timeline.</summary>
internal static class OutboxTimeline
{
    /// <summary>A warehouse's answer may be a page; the message keeps it whole.</summary>
    public const int AnswerLengthMax = 300;

    private static readonly string Over = string.Join(", ", Enum.GetValues<OrderStatus>()
        .Where(OrderStatusRules.IsOver).Select(status => $"'{StoredName.Of(status)}'"));

    public static TimelineEntry Postponed(Guid id, string destination, Attempt attempt, DateTimeOffset nextAttemptAt) =>
        new(attempt.At, attempt.Failed ? TimelineKind.AttemptFailed : TimelineKind.MessageWaiting,
            attempt.Failed ? $"{destination}: attempt {attempt.Number} failed; next try at {Text(nextAttemptAt)}"
                : $"{destination}: not yet; next look at {Text(nextAttemptAt)}",
            MessageId: id, Said: Short(attempt.Answer));

    public static TimelineEntry Parked(Guid id, string destination, Attempt attempt, string reason) =>
        new(attempt.At, TimelineKind.MessageParked, $"{destination}: parked: {Short(reason)}",
            MessageId: id, Said: Short(attempt.Answer));

    public static TimelineEntry Resumed(Guid id, string destination, string actor, DateTimeOffset at) =>
        new(at, TimelineKind.MessageResumed, $"{destination}: resumed by {actor}", MessageId: id, Actor: actor);

    public static TimelineEntry Discarded(
        Guid id, string destination, string actor, string reason, DateTimeOffset at) =>
        new(at, TimelineKind.MessageDiscarded, $"{destination}: discarded by {actor}: {Short(reason)}",
            MessageId: id, Actor: actor);

    /// <summary>
    /// A message <c>m</c> is of an order whose personal data is erased: what a destination answers late is not kept.
    /// </summary>
    /// <param name="redaction">How this database reads that from an order's state.</param>
    public static string OfErased(string redaction) =>
        "(subject_kind = 'order' and exists (select 1 from order_state as o where o.key = m.subject "
        + $"and o.status in ({Over}) and {redaction} is not null))";

    /// <summary>
    /// Each failed try of a release is told; an order with many subscribers would drown in theirs.
    /// </summary>
    public static bool Tells(TimelineEntry entry, bool isEvent) =>
        !isEvent || entry.Kind != TimelineKind.AttemptFailed;

    private static string Short(string text) => text.Length <= AnswerLengthMax ? text : text[..AnswerLengthMax] + "…";

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
