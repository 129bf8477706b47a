using OrderGrains.Connectors.Wms;

namespace OrderGrains.Outbound;

/// <summary>Whoever sent a message and must learn what became of it; keyed by the order key.</summary>
/// <remarks>
/// Awaited, so that a call's slot is free only when its result is durable. No cycle: an order only nudges, one-way.
/// </remarks>
[Alias("OrderGrains.IAnswerReceiver")]
public interface IAnswerReceiver : IGrainWithStringKey
{
    /// <summary>
    /// What a message that asks for a release says, as of now; null when it is not to be sent any more.
    /// </summary>
    [Alias("GetRequestAsync")]
    Task<ReleaseRequest?> GetRequestAsync(Guid messageId);

    /// <summary>Takes a final answer and settles the message with it, in one commit.</summary>
    [Alias("AnswerAsync")]
    Task AnswerAsync(DeliveredMessage message, WarehouseAnswer answer);

    /// <summary>A person decided that a parked message is not to be sent; asked before it leaves the outbox.</summary>
    [Alias("DiscardedAsync")]
    Task DiscardedAsync(Guid messageId, string actor);
}

/// <summary>What identifies the message that was answered.</summary>
/// <param name="Recipient">Who gets the order as it was sent now (<see cref="ReleaseRequest.Recipient"/>); null when it
/// was there already, and so was not sent.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.DeliveredMessage")]
public sealed record DeliveredMessage(
    [property: Id(0)] Guid MessageId,
    [property: Id(1)] MessageKind Kind,
    [property: Id(2)] string Reference,
    [property: Id(3)] DateTimeOffset? CausedAt,
    [property: Id(4)] string? Recipient = null);
