namespace OrderGrains.Connectors;

/// <summary>
/// One whole order as the storefront had it at <see cref="UpdatedAt"/>, reduced to what fulfilment needs.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderSnapshot")]
public sealed record OrderSnapshot
{
    /// <summary>The storefront's version of the order; often of one-second granularity.</summary>
    [Id(0)] public required DateTimeOffset UpdatedAt { get; init; }

    [Id(1)] public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>What people call the order, such as <c>#1001</c>.</summary>
    [Id(2)] public required string Number { get; init; }

    /// <summary>The money is there, or was there and is partly given back.</summary>
    [Id(3)] public bool Paid { get; init; }

    [Id(4)] public bool Cancelled { get; init; }

    [Id(5)] public string? CancelReason { get; init; }

    /// <summary>The storefront itself asks to wait.</summary>
    [Id(6)] public bool Held { get; init; }

    [Id(7)] public required IReadOnlyList<SnapshotLine> Lines { get; init; }

    [Id(8)] public ShipTo? ShipTo { get; init; }

    [Id(9)] public string? ShippingMethod { get; init; }

    /// <summary>
    /// Refunds that <see cref="Lines"/> already reflect; null when the storefront does not list them.
    /// </summary>
    [Id(10)] public IReadOnlyList<string>? RefundIds { get; init; }
}

/// <summary>One line of a snapshot.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.SnapshotLine")]
public sealed record SnapshotLine
{
    [Id(0)] public required string LineId { get; init; }

    /// <summary>Null when the storefront knows none: such a line needs a person.</summary>
    [Id(1)] public string? Sku { get; init; }

    /// <summary>Units the buyer should get in all: sold, less what was removed or refunded before shipping.</summary>
    [Id(2)] public required int Quantity { get; init; }

    /// <summary>Units that the storefront says have been fulfilled, by us or by others.</summary>
    [Id(3)] public int Fulfilled { get; init; }

    /// <summary>False for gift cards and services: nothing goes to a warehouse.</summary>
    [Id(4)] public bool Shippable { get; init; } = true;
}

/// <summary>Where the parcel goes. Personal data: never in logs, errors or metrics.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ShipTo")]
public sealed record ShipTo
{
    [Id(0)] public string Name { get; init; } = "";
    [Id(1)] public string? Company { get; init; }
    [Id(2)] public string Address1 { get; init; } = "";
    [Id(3)] public string? Address2 { get; init; }
    [Id(4)] public string City { get; init; } = "";
    [Id(5)] public string? Province { get; init; }
    [Id(6)] public string PostalCode { get; init; } = "";
    [Id(7)] public string CountryCode { get; init; } = "";
    [Id(8)] public string? Phone { get; init; }
    [Id(9)] public string? Email { get; init; }

    /// <summary>Says nothing of the person, so that a careless log line cannot either.</summary>
    public override string ToString() => "ShipTo { … }";
}

/// <summary>
/// A difference to the lines of an order, known by its own id: a set of them is the same in any order.
/// </summary>
/// <param name="Id"><c>refund:…</c> or <c>edit:…</c>, unique within the order.</param>
/// <param name="At">When the storefront made it; a snapshot of this time or later shows it already.</param>
/// <param name="Lines">Units by line; negative when taken away.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.Amendment")]
public sealed record Amendment(
    [property: Id(0)] string Id,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] IReadOnlyList<AmendedLine> Lines);

/// <summary>Units added to (or, negative, taken from) one line.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.AmendedLine")]
public sealed record AmendedLine([property: Id(0)] string LineId, [property: Id(1)] int Delta);

/// <summary>One parcel or pallet that left a warehouse.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.Shipment")]
public sealed record Shipment
{
    [Id(0)] public required string ShipmentId { get; init; }

    /// <summary>The release that it fulfils.</summary>
    [Id(1)] public required string Reference { get; init; }

    [Id(2)] public string? Carrier { get; init; }
    [Id(3)] public string? TrackingNumber { get; init; }
    [Id(4)] public string? TrackingUrl { get; init; }
    [Id(5)] public required IReadOnlyList<ShippedLine> Lines { get; init; }
    [Id(6)] public required DateTimeOffset ShippedAt { get; init; }
}

/// <summary>Units of one order line in a shipment.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ShippedLine")]
public sealed record ShippedLine([property: Id(0)] string LineId, [property: Id(1)] int Quantity);
