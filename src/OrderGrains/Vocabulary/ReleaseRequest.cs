using System.Text.Json.Serialization;

namespace OrderGrains.Vocabulary;

/// <summary>What a message says, made by its subject in the moment in which it is sent.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.MessageContent")]
public abstract record MessageContent;

/// <summary>A release as a warehouse should have it. Carries personal data.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReleaseRequest")]
public sealed record ReleaseRequest : MessageContent
{
    /// <summary>Our idempotency key, <c>{source}-{orderId}-{release number}</c>.</summary>
    [Id(0)] public required string Reference { get; init; }
    [Id(1)] public required string Source { get; init; }
    [Id(2)] public required string OrderId { get; init; }
    [Id(3)] public required string OrderNumber { get; init; }
    [Id(4)] public required string Location { get; init; }
    [Id(5)] public required DateTimeOffset PlacedAt { get; init; }
    [Id(6)] public ShipTo? ShipTo { get; init; }
    [Id(7)] public string? ShippingMethod { get; init; }

    /// <summary>The release as it should be, units that have left already included.</summary>
    [Id(8)] public required IReadOnlyList<ReleaseRequestLine> Lines { get; init; }

    /// <summary>
    /// The order's version with us: it rises with each change. What a warehouse gets with a lower one than it has was
    /// late on its way, and must not undo the newer.
    /// </summary>
    [Id(10)] public long Revision { get; init; }

    /// <summary>A digest of who gets it; not sent. It comes back to the order with the answer.</summary>
    [JsonIgnore, Id(9)] public string Recipient { get; init; } = "";

    /// <summary>Says nothing of the person.</summary>
    public override string ToString() => $"ReleaseRequest {{ {Reference} }}";
}

/// <summary>Units of one order line to pick.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReleaseRequestLine")]
public sealed record ReleaseRequestLine(
    [property: Id(0)] string LineId, [property: Id(1)] string Sku, [property: Id(2)] int Quantity);
