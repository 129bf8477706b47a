using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>A product, or a variation of one.</summary>
/// <param name="id">Its id.</param>
/// <param name="sku">Its SKU.</param>
/// <param name="parent">The product that it is a variation of; 0: none.</param>
public sealed class WooProduct(long id, string sku, long parent)
{
    public long Id => id;

    public string Sku => sku;

    public long Parent => parent;

    /// <summary><c>true</c>, <c>false</c> or <c>parent</c>.</summary>
    public string ManageStock { get; set; } = "true";

    public int Quantity { get; internal set; }
}

public sealed record WooLine(long Id, string Sku, int Quantity);

/// <summary>An order in the shop.</summary>
public sealed class WooOrder(long id, IReadOnlyList<WooLine> lines)
{
    public long Id => id;

    public IReadOnlyList<WooLine> Lines => lines;

    public string Status { get; internal set; } = "processing";

    /// <summary>How often a status was written.</summary>
    public int StatusWrites { get; internal set; }

    public DateTimeOffset CreatedAt { get; internal init; }

    public DateTimeOffset ModifiedAt { get; internal set; }

    internal List<WooNote> Notes { get; } = [];

    internal List<WooTracking> Trackings { get; } = [];

    internal List<WooFulfillment> Fulfillments { get; } = [];
}

public sealed record WooNote(long Id, string Text, bool ToBuyer);

public sealed record WooTracking(string Id, string Number, string Provider, string Link, string ShippedOn);

/// <summary>A parcel that the shop knows of.</summary>
public sealed class WooFulfillment(long id)
{
    public long Id => id;

    public bool IsFulfilled { get; internal set; }

    public bool IsDeleted { get; internal set; }

    /// <summary>Mails to the buyer.</summary>
    public int Mails { get; internal set; }

    /// <summary>Units by the order's line.</summary>
    public IReadOnlyDictionary<long, int> Items => ((Meta["_items"] as JsonArray) ?? []).ToDictionary(
        item => (long)item!["item_id"]!, item => (int)item!["qty"]!);

    public string? this[string key] => (string?)Meta[key];

    internal JsonObject Meta { get; set; } = [];
}
