using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>Where an order stands (CONTRACT section 4). Derived from the facts by the lifecycle.</summary>
public enum OrderStatus
{
    Received,
    Backordered,
    Allocated,
    Released,
    PartiallyShipped,
    Shipped,
    Cancelled,
    OnHold,
}

/// <summary>
/// One order: the facts that we were told, and what we did about them. Stored whole in the order's row.
/// </summary>
public sealed record Order
{
    public required OrderKey Key { get; init; }
    public OrderStatus Status { get; init; } = OrderStatus.Received;

    /// <summary>When the first receipt of this order arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The storefront's newest word; null while only partial events have come.</summary>
    public OrderSnapshot? Storefront { get; init; }

    /// <summary>
    /// Parcels that the storefront stated by themselves, each as it was last, and none older than
    /// <see cref="Storefront"/>.
    /// </summary>
    public IReadOnlyList<StatedFulfilment> Fulfilments { get; init; } = [];

    /// <summary>Refunds and edits that <see cref="Storefront"/> does not show yet, by kind and id.</summary>
    public IReadOnlyList<Amendment> Amendments { get; init; } = [];

    /// <summary>Edits of the second of <see cref="Storefront"/> that it shows.</summary>
    public IReadOnlyList<Amendment> ShownEdits { get; init; } = [];

    /// <summary>
    /// A snapshot of the second of <see cref="Storefront"/> with more units: the newer of the two, should an edit tell
    /// that they were added. Null when there is none.
    /// </summary>
    public OrderSnapshot? Rival { get; init; }

    /// <summary>
    /// Units by line of the newest snapshot of an earlier second than <see cref="Storefront"/>: what tells whether an
    /// edit of that very second is in it. Null when there was none.
    /// </summary>
    public IReadOnlyDictionary<string, int>? EarlierUnits { get; init; }

    /// <summary>The <c>updated_at</c> of that snapshot.</summary>
    public DateTimeOffset? EarlierAt { get; init; }

    /// <summary>
    /// The storefront had put the order away before we heard of it: it is kept, and never released.
    /// </summary>
    public bool ClosedBefore { get; init; }

    /// <summary>Why the order was cancelled other than by its snapshot; final. Null when it was not.</summary>
    public string? CancelReason { get; init; }

    /// <summary>When the storefront put it into its trash last; null when it never did.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>When the storefront took it back out of its trash last; null when it never did.</summary>
    public DateTimeOffset? RestoredAt { get; init; }

    /// <summary>Why a person or the warehouse stopped the order; null when nobody did.</summary>
    public HoldReason? HoldReason { get; init; }

    /// <summary>Parts of the order that the storefront holds or has held, each as it was last.</summary>
    public IReadOnlyList<StorefrontHold> StorefrontHolds { get; init; } = [];

    public IReadOnlyList<Allocation> Allocations { get; init; } = [];
    public IReadOnlyList<Release> Releases { get; init; } = [];
    public IReadOnlyList<Shipment> Shipments { get; init; } = [];

    /// <summary>Units by line that have gone beyond what the buyer should get, as of when they went.</summary>
    public IReadOnlyDictionary<string, int> Excess { get; init; } =
        new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Lines that were not there and are not to be waited for, as the source's rule has it.</summary>
    public IReadOnlyList<UnservedLine> Unserved { get; init; } = [];

    /// <summary>What the order's bundles are made of, by SKU: as it was when the order first named them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<BundlePart>> Bundles { get; init; } =
        new Dictionary<string, IReadOnlyList<BundlePart>>(StringComparer.Ordinal);

    /// <summary>When an unpaid order gives back what it reserved; null when it need not, or has.</summary>
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>Personal data is erased once the order is over; null: nobody has asked for that.</summary>
    public Redaction? Redaction { get; init; }

    /// <summary>Digests of the event keys that took effect.</summary>
    public ProcessedEvents Events { get; init; } = ProcessedEvents.None;
}

/// <summary>A parcel that the storefront stated by itself, and the version of it.</summary>
public sealed record StatedFulfilment(Fulfilment Fulfilment, DateTimeOffset At);

/// <summary>Units of one SKU in one unit of a bundle.</summary>
public sealed record BundlePart(string Sku, int Units);

/// <summary>A storefront's line of which we send fewer units than were sold, for want of stock.</summary>
/// <param name="Kept">Units that are sent all the same.</param>
/// <param name="Of">Units that the line then had: what the storefront adds later is served again.</param>
public sealed record UnservedLine(string LineId, int Kept, int Of);

/// <summary>The part of an order that was handed to one warehouse, under one reference.</summary>
public sealed record Release
{
    public required int Number { get; init; }
    public required string Reference { get; init; }
    public required string Warehouse { get; init; }
    public required string Location { get; init; }
    public required ReleaseStatus Status { get; init; }

    /// <summary>What we asked for last, units that have left since included.</summary>
    public required IReadOnlyList<ReleaseLine> Lines { get; init; }

    /// <summary>
    /// The most units of each line that the warehouse may ship: all that it was asked for since it last agreed. A line
    /// that it was ever asked for stays here, with no units once the warehouse agreed to none.
    /// </summary>
    public IReadOnlyList<ReleaseLine> Asked { get; init; } = [];

    /// <summary>What the warehouse last agreed to; empty until it answered.</summary>
    public IReadOnlyList<ReleaseLine> Confirmed { get; init; } = [];

    /// <summary>
    /// Who gets it, as the warehouse was last told, as <see cref="ReleaseRequests.RecipientOf"/> has it. Empty when it
    /// may have been told one or another.
    /// </summary>
    public string Recipient { get; init; } = "";

    /// <summary>The same, as the warehouse agreed to it; null when that is not known.</summary>
    public string? ConfirmedRecipient { get; init; }

    public string? WarehouseOrderId { get; init; }

    /// <summary>The one message about this release that is not answered yet.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>
    /// The message that the stop superseded. It may have reached the warehouse, and its answer may still come; null
    /// once it is known what the warehouse made of it.
    /// </summary>
    public Guid? SupersededId { get; init; }

    /// <summary>The warehouse said that it is too late to change it.</summary>
    public bool Frozen { get; init; }

    /// <summary>The warehouse said that it is too late to stop it.</summary>
    public bool StopRefused { get; init; }
}

/// <summary>Units of one line in a release.</summary>
public sealed record ReleaseLine(string LineId, string Sku, int Quantity);

/// <summary>Where a release stands.</summary>
public enum ReleaseStatus
{
    Requested,
    Accepted,
    Cancelling,
    Cancelled,
    Refused,
    Shipped,
}
