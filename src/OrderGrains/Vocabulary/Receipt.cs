
namespace OrderGrains.Vocabulary;

/// <summary>One webhook as it arrived.</summary>
public sealed record Receipt
{
    /// <summary>UUIDv7 of the arrival: receipts sort by time.</summary>
    public required Guid Id { get; init; }

    public required string Source { get; init; }

    /// <summary>The sender's name of the event, such as <c>orders/create</c>; empty when only the body tells.</summary>
    public required string Topic { get; init; }

    /// <summary>The sender's id of this event, the same on each redelivery; null when it sends none.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>The exact bytes received. Personal data.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The order, where the body only says from where it is to be fetched; null until it is.</summary>
    public FetchedDocument? Fetched { get; init; }

    /// <summary>
    /// When the sender decided to send it; null when it does not say. Not signed: a word among equals, and no proof.
    /// </summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>W3C trace context of the request, so that the work after the 200 joins its trace.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A part of what a receipt tells, as the receipt that it becomes.</summary>
/// <param name="Topic">As of <see cref="Receipt"/>.</param>
/// <param name="DeliveryId">As of <see cref="Receipt"/>; it must be there.</param>
/// <param name="Body">As of <see cref="Receipt"/>.</param>
public sealed record ReceiptPart(string Topic, string DeliveryId, ReadOnlyMemory<byte> Body);

/// <summary>What was fetched for a receipt.</summary>
/// <param name="Body">The exact bytes of the answer. Personal data.</param>
/// <param name="At">When.</param>
public sealed record FetchedDocument(ReadOnlyMemory<byte> Body, DateTimeOffset At);

/// <summary>How a receipt ends, or where it stands. Stored by name.</summary>
public enum ReceiptOutcome
{
    Pending,
    Applied,
    Duplicate,
    Stale,
    Ignored,
    Parked,
}

/// <summary>How one receipt ended.</summary>
/// <param name="ReceiptId">The receipt.</param>
/// <param name="Outcome">Anything but pending.</param>
/// <param name="Reason">For people; required unless applied or duplicate.</param>
/// <param name="OrderKey">The order that it belonged to, if any.</param>
/// <param name="At">When.</param>
public sealed record ReceiptSettlement(
    Guid ReceiptId, ReceiptOutcome Outcome, string? Reason, OrderKey? OrderKey, DateTimeOffset At);
