namespace OrderGrains.Vocabulary;

/// <summary>A receipt in our own vocabulary: what a connector understood. A closed set.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.Change")]
public abstract record Change;

/// <summary>A change to one order.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderChange")]
public abstract record OrderChange([property: Id(0)] OrderKey Order) : Change;

/// <summary>
/// The storefront states the whole order as it now is. Created, updated, paid, cancelled and fulfilled webhooks all
/// carry the same whole order, so they are one change: the newest version wins, and any of them may come first.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderStated")]
public sealed record OrderStated(OrderKey Order, [property: Id(0)] OrderSnapshot Snapshot) : OrderChange(Order)
{
    /// <summary>When it was taken back out of the storefront's trash; null when this does not say so.</summary>
    [Id(1)] public DateTimeOffset? RestoredAt { get; init; }
}

/// <summary>A refund or an edit: a difference that no snapshot has shown yet.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderAmended")]
public sealed record OrderAmended(OrderKey Order, [property: Id(0)] Amendment Amendment) : OrderChange(Order);

/// <summary>
/// The storefront states one parcel without its order. What a snapshot of a later time says of it counts instead.
/// </summary>
/// <param name="Order">The order.</param>
/// <param name="Fulfilment">The parcel; without lines once it was taken back.</param>
/// <param name="At">Its version.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.FulfilmentStated")]
public sealed record FulfilmentStated(
    OrderKey Order, [property: Id(0)] Fulfilment Fulfilment, [property: Id(1)] DateTimeOffset At) : OrderChange(Order);

/// <summary>
/// The storefront says how all the parts of the order stand that it means to send by themselves. The newest word holds,
/// and a part that it does not name is none any more.
/// </summary>
/// <param name="Order">The order.</param>
/// <param name="Parts">All of them.</param>
/// <param name="What">What is said, in our words.</param>
/// <param name="At">When it was so.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.PartsStated")]
public sealed record PartsStated(
    OrderKey Order, [property: Id(0)] IReadOnlyList<StatedPart> Parts, [property: Id(1)] string What,
    [property: Id(2)] DateTimeOffset At) : OrderChange(Order);

/// <summary>A part of an order at its storefront.</summary>
/// <param name="Id">The storefront's own id of it.</param>
/// <param name="IsHeld">It is not to be sent for now.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.StatedPart")]
public sealed record StatedPart([property: Id(0)] string Id, [property: Id(1)] bool IsHeld)
{
    /// <summary>Why it is held, in the storefront's own words, if any: they may hold personal data.</summary>
    [Id(2)] public string? Said { get; init; }
}

/// <summary>The storefront cancelled or deleted the order and does not restate it. Final.</summary>
/// <param name="Order">The order.</param>
/// <param name="Reason">Why, in our words.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderCancelled")]
public sealed record OrderCancelled(OrderKey Order, [property: Id(0)] string Reason) : OrderChange(Order)
{
    /// <summary>The storefront's own words, if any: they may hold personal data.</summary>
    [Id(1)] public string? Said { get; init; }
}

/// <summary>
/// The storefront put the order into its trash and does not restate it. <see cref="OrderStated.RestoredAt"/> takes it
/// back: the later of the two holds, in whatever order they come.
/// </summary>
/// <param name="Order">The order.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderTrashed")]
public sealed record OrderTrashed(OrderKey Order, [property: Id(0)] DateTimeOffset At) : OrderChange(Order);

/// <summary>A buyer asks for a copy of what is held of them. A person makes it.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.BuyerAsked")]
public sealed record BuyerAsked([property: Id(0)] Buyer Buyer) : Change;

/// <summary>What is held of a buyer is to be erased.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.BuyerErased")]
public sealed record BuyerErased([property: Id(0)] Buyer Buyer) : Change;

/// <summary>The warehouse shipped units of a release.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ShipmentMade")]
public sealed record ShipmentMade(OrderKey Order, [property: Id(0)] Shipment Shipment) : OrderChange(Order);

/// <summary>The warehouse refused a release that it had taken.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReleaseRefused")]
public sealed record ReleaseRefused(OrderKey Order, [property: Id(0)] string Reference, [property: Id(1)] string Reason)
    : OrderChange(Order);

/// <summary>The warehouse cancelled a release: at our word, or of its own accord.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReleaseCancelled")]
public sealed record ReleaseCancelled(OrderKey Order, [property: Id(0)] string Reference) : OrderChange(Order);

/// <summary>The warehouse counted: absolute units on hand at <paramref name="AsOf"/>.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.StockCounted")]
public sealed record StockCounted(
    [property: Id(0)] string Location,
    [property: Id(1)] DateTimeOffset AsOf,
    [property: Id(2)] IReadOnlyList<StockItem> Items) : Change
{
    /// <summary>
    /// The warehouse's own time, which is the same at each delivery. False: that of the arrival, so that only the
    /// event's key tells a redelivery from another count.
    /// </summary>
    [Id(3)] public bool IsDated { get; init; } = true;
}

/// <summary>Units of one SKU.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.StockItem")]
public sealed record StockItem([property: Id(0)] string Sku, [property: Id(1)] int OnHand);

/// <summary>The warehouse found or lost units: <paramref name="Delta"/> takes effect once per adjustment id.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.StockAdjusted")]
public sealed record StockAdjusted(
    [property: Id(0)] StockKey Stock,
    [property: Id(1)] string AdjustmentId,
    [property: Id(2)] int Delta,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset At) : Change;
