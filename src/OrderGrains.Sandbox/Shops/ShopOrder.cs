using System.Collections.Immutable;

namespace OrderGrains.Sandbox.Shops;

/// <summary>A line as the shop holds it, in Shopify's words.</summary>
public sealed class ShopLine
{
    public required long Id { get; init; }

    public required CatalogueItem Item { get; init; }

    /// <summary>Units ever bought: an edit upwards raises it, nothing lowers it.</summary>
    public int Quantity { get; set; }

    /// <summary>Units still wanted after edits and refunds.</summary>
    public int CurrentQuantity
    {
        get;
        set
        {
            field = value;
            QuantityMax = Math.Max(QuantityMax, value);
            QuantityMin = Math.Min(QuantityMin, value);
        }
    }

    /// <summary>
    /// The most units ever wanted: a warehouse that picked before an edit may rightly have shipped these.
    /// </summary>
    public int QuantityMax { get; private set; }

    public int QuantityMin { get; private set; } = int.MaxValue;
}

/// <summary>Units taken off an order and paid back.</summary>
public sealed record ShopRefund(long Id, DateTimeOffset CreatedAt, IReadOnlyList<ShopRefundLine> Lines);

public sealed record ShopRefundLine(long Id, ShopLine Line, int Quantity);

/// <summary>A webhook that the shop made of an order, and what the order was then.</summary>
/// <param name="At">When it was made; it may be sent later.</param>
/// <param name="Topic">Such as <c>orders/updated</c>.</param>
/// <param name="WebhookId">Its own; a replay has another.</param>
/// <param name="Version">The order's <c>updated_at</c>.</param>
/// <param name="Wanted">By line, the units that were wanted after it.</param>
public sealed record ShopTold(
    DateTimeOffset At, string Topic, string WebhookId, DateTimeOffset Version, IReadOnlyList<int> Wanted);

/// <summary>The shop's own truth of one order. Only <see cref="Shop"/> changes it, under its lock.</summary>
public sealed class ShopOrder
{
    /// <summary>
    /// Draws everything about this order, so that orders sent side by side stay the same for the same seed.
    /// </summary>
    internal Random Random { get; init; } = null!;

    public required long Id { get; init; }

    /// <summary>1001, 1002 …; people see it as <c>#1001</c>.</summary>
    public required long Number { get; init; }

    public required Buyer Buyer { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// One-second granularity; strictly later with each change unless the caller asks for the same second.
    /// </summary>
    public DateTimeOffset UpdatedAt { get; internal set; }

    /// <summary>Null while unpaid.</summary>
    public DateTimeOffset? PaidAt { get; internal set; }

    public DateTimeOffset? CancelledAt { get; internal set; }

    public string? CancelReason { get; internal set; }

    public bool Deleted { get; internal set; }

    public string? Note { get; internal set; }

    public IList<ShopLine> Lines { get; } = [];

    public IReadOnlyList<ShopRefund> Refunds { get; internal set; } = [];

    /// <summary>How often it was edited; the id of each edit follows from it.</summary>
    public int Edits { get; internal set; }

    /// <summary>Every webhook of it, replays aside, as they were made: its story.</summary>
    public ImmutableList<ShopTold> Told { get; internal set; } = [];

    public string Name => $"#{Number}";

    public string FinancialStatus =>
        CancelledAt is not null ? PaidAt is null ? "voided" : "refunded"
        : PaidAt is null ? "pending"
        : Refunds.Count == 0 ? "paid"
        : Lines.All(line => line.CurrentQuantity == 0) ? "refunded" : "partially_refunded";
}
