using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>Whoever sent a message and must learn what became of it; keyed by the order key.</summary>
/// <remarks>
/// Awaited, so that a call's slot is free only when its result is durable. No cycle: an order only nudges, one-way.
/// </remarks>
[Alias("OrderGrains.IAnswerReceiver")]
public interface IAnswerReceiver : IGrainWithStringKey
{
    /// <summary>
    /// What a message says, as of now; null when it is not to be sent any more.
    /// </summary>
    [Alias("GetContentAsync")]
    Task<MessageContent?> GetContentAsync(Guid messageId);

    /// <summary>Who gets the goods, as of now; null when nobody is known. Personal data.</summary>
    [Alias("GetShipToAsync")]
    Task<ShipTo?> GetShipToAsync();

    /// <summary>Takes a final answer and settles the message with it, in one commit.</summary>
    [Alias("AnswerAsync")]
    Task AnswerAsync(DeliveredMessage message, Answer answer);

    /// <summary>A person decided that a parked message is not to be sent; asked before it leaves the outbox.</summary>
    [Alias("DiscardedAsync")]
    Task DiscardedAsync(Guid messageId, string actor);
}

/// <summary>A stock, which says itself what has come of it; keyed by the subject's key.</summary>
[Alias("OrderGrains.IContentSource")]
public interface IContentSource : IGrainWithStringKey
{
    /// <summary>The facts as of now: a JSON object.</summary>
    [Alias("GetFactsAsync")]
    Task<string> GetFactsAsync();

    /// <summary>Its units as of now; null when it was never counted nor adjusted.</summary>
    [Alias("FindUnitsAsync")]
    Task<StockUnits?> FindUnitsAsync();
}

/// <summary>Units of one SKU at one location.</summary>
/// <param name="OnHand">In the building, as far as we were told; below 0 where more was shipped than counted.</param>
/// <param name="Available">Of those, units that no order has reserved.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.StockUnits")]
public sealed record StockUnits([property: Id(0)] int OnHand, [property: Id(1)] int Available);

/// <summary>What identifies the message that was answered.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.DeliveredMessage")]
public sealed record DeliveredMessage(
    [property: Id(0)] Guid MessageId,
    [property: Id(1)] MessageKind Kind,
    [property: Id(2)] string Reference,
    [property: Id(3)] DateTimeOffset? CausedAt);
