namespace OrderGrains.Vocabulary;

/// <summary>
/// One message to a destination, durable until it is delivered, superseded or parked. It names what is asked; what is
/// said is made from the order when it is sent, so that it is never older than the order.
/// </summary>
public sealed record OutboundMessage
{
    /// <summary>UUIDv7: messages of one destination sort by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The configured name of the endpoint.</summary>
    public required string Destination { get; init; }

    public required MessageKind Kind { get; init; }

    public required OrderKey OrderKey { get; init; }

    /// <summary>The release that it is about: messages of one reference go out one after the other.</summary>
    public required string Reference { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the receipt that caused it arrived: the start of the time to release.</summary>
    public DateTimeOffset? CausedAt { get; init; }

    /// <summary>W3C trace context of that receipt.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Attempts that failed so far.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset NextAttemptAt { get; init; }
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
}
