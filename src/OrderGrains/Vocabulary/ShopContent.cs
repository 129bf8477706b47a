namespace OrderGrains.Vocabulary;

/// <summary>A parcel as its storefront should know it. Holds no personal data but the tracking number.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ParcelContent")]
public sealed record ParcelContent : MessageContent
{
    /// <summary>The storefront's own id of the order.</summary>
    [Id(0)] public required string OrderId { get; init; }

    /// <summary>Our name for the parcel, unique within the order: <c>{reference}/{shipment id}</c>.</summary>
    [Id(1)] public required string Parcel { get; init; }

    [Id(2)] public string? Carrier { get; init; }
    [Id(3)] public string? TrackingNumber { get; init; }
    [Id(4)] public string? TrackingUrl { get; init; }

    /// <summary>Tracking numbers that it had before: the storefront may still know it by one of them.</summary>
    [Id(5)] public IReadOnlyList<string> EarlierNumbers { get; init; } = [];

    [Id(6)] public required DateTimeOffset ShippedAt { get; init; }

    /// <summary>
    /// Units by the storefront's own line, each line once. Of a bundle whose parts left in several parcels, a unit
    /// belongs to the parcel that completed it, so that it may be none.
    /// </summary>
    [Id(7)] public required IReadOnlyList<ShippedLine> Lines { get; init; }

    /// <summary>The storefront's id of the fulfilment that records it; null when none is known.</summary>
    [Id(8)] public string? FulfilmentId { get; init; }

    /// <summary>
    /// Fulfilments of the storefront's that record other parcels of the order: none of them is this one's.
    /// </summary>
    [Id(9)] public IReadOnlyList<string> OtherFulfilmentIds { get; init; } = [];

    /// <summary>The storefront's name for the place that it left from; null when the settings name none.</summary>
    [Id(10)] public string? Place { get; init; }

    /// <summary>Nothing of the order is left to send.</summary>
    [Id(11)] public bool AllGone { get; init; }

    /// <summary>The storefront's record of it is to be taken back: a person asked for that.</summary>
    [Id(12)] public bool TakenBack { get; init; }
}

/// <summary>What a shop may sell of one SKU at one of its places, as of now.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.StockContent")]
public sealed record StockContent : MessageContent
{
    [Id(0)] public required string Sku { get; init; }

    /// <summary>The shop's own name for the place; empty where its settings name no places.</summary>
    [Id(1)] public required string Place { get; init; }

    /// <summary>Units; 0 or more.</summary>
    [Id(2)] public required int Quantity { get; init; }

    /// <summary>What the units are.</summary>
    [Id(3)] public required StockMeaning Meaning { get; init; }
}

/// <summary>What a number that is told to a shop counts.</summary>
public enum StockMeaning
{
    /// <summary>Units that can still be sold: what orders of any source have reserved is taken off.</summary>
    Available,

    /// <summary>Units in the building: the shop takes off what its own orders have.</summary>
    OnHand,
}
