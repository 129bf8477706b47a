using OrderGrains.Inventory;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>One order, keyed by <see cref="OrderKey"/>: one change at a time.</summary>
[Alias("OrderGrains.IOrderGrain")]
public interface IOrderGrain : IAnswerReceiver, IStockWaiter
{
    /// <summary>Applies a change, or recognizes that it must not; the receipt's outcome is committed with it.</summary>
    [Alias("ApplyAsync")]
    Task<ReceiptOutcome> ApplyAsync(OrderChange change, ReceiptRef receipt);

    /// <summary>
    /// Compares what the stock holds for the order with what the order counts on, and settles the difference: what it
    /// does not need is given back, what it lacks is reserved or waited for.
    /// </summary>
    /// <returns>True when there was a difference.</returns>
    [Alias("ReviewAsync")]
    Task<bool> ReviewAsync();

    /// <summary>Does what an operator asks, if the rules allow it.</summary>
    [Alias("ActAsync")]
    Task<ActAnswer> ActAsync(OrderAct act, string actor, string? reason);

    /// <summary>Has the storefront take its record of a parcel back, if the rules allow it.</summary>
    [Alias("TakeBackAsync")]
    Task<ActAnswer> TakeBackAsync(string reference, string shipmentId, string actor);

    /// <summary>
    /// Erases the personal data of the order, once it is over: its address, what others said of it, and the bodies of
    /// its receipts. What comes later is erased as well. Again is allowed.
    /// </summary>
    [Alias("RedactAsync")]
    Task<RedactAnswer> RedactAsync(string actor);
}

/// <summary>What became of a request to erase.</summary>
public enum RedactAnswer
{
    /// <summary>There is no such order.</summary>
    Unknown,

    Done,

    /// <summary>The order is still open: it is done when that is over.</summary>
    WhenOver,
}

/// <summary>The receipt that a change came from.</summary>
/// <param name="Topic">For the timeline.</param>
/// <param name="EventKey">By which redeliveries are known.</param>
/// <param name="Warehouse">The warehouse whose word it is; null for a storefront's.</param>
/// <param name="Note">What a person should know, though the change takes effect; null when nothing.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReceiptRef")]
public sealed record ReceiptRef(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Topic,
    [property: Id(2)] string EventKey,
    [property: Id(3)] DateTimeOffset ReceivedAt,
    [property: Id(4)] string? Warehouse,
    [property: Id(5)] string? Note = null);

/// <summary>What an operator can do to an order.</summary>
public enum OrderAct
{
    Hold,
    Resume,
    Cancel,
}

/// <summary>Whether an act was done.</summary>
/// <param name="Known">False: there is no such order.</param>
/// <param name="Refusal">Why the rules forbid it; null when it was done.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.ActAnswer")]
public sealed record ActAnswer([property: Id(0)] bool Known, [property: Id(1)] string? Refusal);
