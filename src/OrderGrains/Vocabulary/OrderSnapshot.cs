
namespace OrderGrains.Vocabulary;

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

    [Id(3)] public Payment Payment { get; init; }

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

    /// <summary>Parcels that the storefront knows of, be they ours or others'.</summary>
    [Id(11)] public IReadOnlyList<Fulfilment> Fulfilments { get; init; } = [];

    /// <summary>The storefront has put the order away: there is nothing more to do for it.</summary>
    [Id(12)] public bool Closed { get; init; }

    /// <summary>The buyer takes or took the goods in a shop: nothing is to be sent.</summary>
    [Id(13)] public bool HandedOver { get; init; }

    /// <summary>
    /// When the storefront decided to send this, finer than <see cref="UpdatedAt"/>; null when it does not say. Tells
    /// apart two snapshots of one second, and no more.
    /// </summary>
    [Id(14)] public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>
    /// All of it has gone, and the storefront does not say who sent it: what our warehouses have not, others did.
    /// </summary>
    [Id(15)] public bool AllGone { get; init; }
}

/// <summary>Where an order's money is. In the order in which it comes about.</summary>
public enum Payment
{
    /// <summary>It may come yet.</summary>
    Pending,

    /// <summary>It is there, or was there and is partly given back.</summary>
    Paid,

    /// <summary>Given back whole, voided or expired: none is there, and none will come.</summary>
    Ended,
}

/// <summary>One parcel as the storefront has it.</summary>
/// <param name="Id">The storefront's own id of it.</param>
/// <param name="TrackingNumbers">By which a parcel of ours is known.</param>
/// <param name="Lines">Units by line.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.Fulfilment")]
public sealed record Fulfilment(
    [property: Id(0)] string Id,
    [property: Id(1)] IReadOnlyList<string> TrackingNumbers,
    [property: Id(2)] IReadOnlyList<ShippedLine> Lines);

/// <summary>One line of a snapshot.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.SnapshotLine")]
public sealed record SnapshotLine
{
    [Id(0)] public required string LineId { get; init; }

    /// <summary>Null when the storefront knows none: such a line needs a person.</summary>
    [Id(1)] public string? Sku { get; init; }

    /// <summary>Units the buyer should get in all: sold, less what was removed or refunded before shipping.</summary>
    [Id(2)] public required int Quantity { get; init; }

    /// <summary>False for gift cards, and for what another sends: nothing goes to a warehouse of ours.</summary>
    [Id(3)] public bool Shippable { get; init; } = true;

    /// <summary>Units that were sold and then taken off by an edit; 0 when the storefront does not tell.</summary>
    [Id(4)] public int Removed { get; init; }
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

    /// <summary>Of a postal code this much names a district and no street.</summary>
    private const int PostalCodeShown = 2;

    /// <summary>As much as tells a district and no person: an initial, the city, the beginning of its code.</summary>
    public ShipTo Masked() => new()
    {
        Name = Beginning(Name, 1),
        City = City,
        Province = Province,
        PostalCode = Beginning(PostalCode, PostalCodeShown),
        CountryCode = CountryCode,
    };

    /// <summary>Says nothing of the person, so that a careless log line cannot either.</summary>
    public override string ToString() => "ShipTo { … }";

    /// <summary>By whole characters as people count them, so that no half of one is left.</summary>
    private static string Beginning(string text, int shown)
    {
        var letters = new System.Globalization.StringInfo(text.Trim());
        return letters.LengthInTextElements == 0
            ? ""
            : $"{letters.SubstringByTextElements(0, Math.Min(shown, letters.LengthInTextElements))}…";
    }
}

/// <summary>
/// A difference to the lines of an order, known by its own id: a set of them is the same in any order.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The storefront's id of it, unique within the order and kind.</param>
/// <param name="At">When the storefront made it; a snapshot of a later second shows it already.</param>
/// <param name="Lines">Units by line; negative when taken away.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.Amendment")]
public sealed record Amendment(
    [property: Id(0)] AmendmentKind Kind,
    [property: Id(1)] string Id,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] IReadOnlyList<AmendedLine> Lines);

/// <summary>Kinds of amendment. Stored by name.</summary>
public enum AmendmentKind
{
    Refund,
    Edit,
}

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

    /// <summary>Tracking numbers that it had before: a storefront may still know it by one of them.</summary>
    [Id(7)] public IReadOnlyList<string> EarlierNumbers { get; init; } = [];

    /// <summary>The message that tells the storefront of it, until that is answered; null: there is none.</summary>
    [Id(8)] public Guid? MessageId { get; init; }

    /// <summary>The storefront's own id of the fulfilment that records it; null when none is known.</summary>
    [Id(9)] public string? FulfilmentId { get; init; }

    /// <summary>Units of it are not recorded at the storefront, which had fewer open when it was told last.</summary>
    [Id(10)] public bool Unrecorded { get; init; }

    /// <summary>
    /// The storefront has stated the order anew since the message was written: its answer may be older than that.
    /// </summary>
    [Id(11)] public bool Restated { get; init; }

    /// <summary>
    /// The storefront took its record of it back, or a person asked for that: it is told of it no more.
    /// </summary>
    [Id(12)] public bool TakenBack { get; init; }

    /// <summary>When its tracking number came about; null where the warehouse does not say.</summary>
    [Id(13)] public DateTimeOffset? NumberedAt { get; init; }

    /// <summary>
    /// Units of its lines that the storefront had open when it was told again for their sake, or fewer where it has had
    /// fewer since. It is told again once there are more.
    /// </summary>
    [Id(14)] public int OpenWhenTold { get; init; }

    /// <summary>
    /// Something of it has changed that the storefront does not know, since it was to take its record back.
    /// </summary>
    [Id(15)] public bool Untold { get; init; }
}

/// <summary>Units of one order line in a shipment.</summary>
/// <param name="LineId">Empty while a warehouse has told the SKU alone: its order finds the line.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Sku">What left; null when nobody knows such a line, so that no stock is known to have fallen.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.ShippedLine")]
public sealed record ShippedLine(
    [property: Id(0)] string LineId, [property: Id(1)] int Quantity, [property: Id(2)] string? Sku = null);
