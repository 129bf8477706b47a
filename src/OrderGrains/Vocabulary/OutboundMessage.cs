namespace OrderGrains.Vocabulary;

/// <summary>
/// One message to a destination, durable until it is delivered, superseded or parked. It names what is asked. What is
/// said stands in <see cref="Event"/>, or is made by its subject when it is sent, so that it is never older than that.
/// </summary>
public sealed record OutboundMessage
{
    /// <summary>UUIDv7: messages of one destination sort by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The configured name of the endpoint.</summary>
    public required string Destination { get; init; }

    public required MessageKind Kind { get; init; }

    /// <summary>What it is about.</summary>
    public required Subject Subject { get; init; }

    /// <summary>
    /// Messages to one destination with the same key go out one after the other: a release's reference, an event's
    /// subject.
    /// </summary>
    public required string SequenceKey { get; init; }

    /// <summary>
    /// Where its place is among those of its key: none goes out before one with a lower number that is still due. Null:
    /// any place will do.
    /// </summary>
    public long? Sequence { get; init; }

    /// <summary>
    /// Of messages to one destination with the same key one at most is open: a newer one supersedes the older. Null:
    /// all are sent.
    /// </summary>
    public string? CoalescingKey { get; init; }

    /// <summary>What happened; null for what is no <see cref="MessageKind.Event"/>.</summary>
    public EventFacts? Event { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the receipt that caused it arrived: the start of the time to release.</summary>
    public DateTimeOffset? CausedAt { get; init; }

    /// <summary>W3C trace context of that receipt.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Attempts that failed so far.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>
    /// Its place in the order in which messages are written: the outbox gives it, so that no clock is needed.
    /// </summary>
    public long Written { get; init; }

    /// <summary>An attempt has failed at some time, be it before a person resumed it.</summary>
    public bool Tried { get; init; }
}

/// <summary>What a message asks of its destination. Stored by name.</summary>
public enum MessageKind
{
    /// <summary>Take this order.</summary>
    Release,

    /// <summary>Its lines are now these.</summary>
    Change,

    /// <summary>Stop it.</summary>
    Cancel,

    /// <summary>Hear of this: its content is an <see cref="EventContent"/>.</summary>
    Event,

    /// <summary>Record this parcel at the storefront: its content is a <see cref="ParcelContent"/>.</summary>
    Parcel,

    /// <summary>Offer so many units: its content is a <see cref="StockContent"/>.</summary>
    Stock,
}
