namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>An order in the shop.</summary>
public sealed class ShopifyOrder(long id, IReadOnlyList<ShopifyOrderLine> lines)
{
    public long Id => id;

    public IReadOnlyList<ShopifyOrderLine> Lines => lines;

    internal List<ShopifyFulfilmentOrder> FulfilmentOrders { get; } = [];

    internal List<ShopifyFulfilment> Fulfilments { get; } = [];
}

public sealed record ShopifyOrderLine(long Id, string Sku, int Quantity);

/// <summary>What the shop means to send from one location.</summary>
internal sealed class ShopifyFulfilmentOrder(long id, long location)
{
    public long Id => id;

    public long Location { get; set; } = location;

    public string Status { get; set; } = "OPEN";

    public string RequestStatus { get; set; } = "UNSUBMITTED";

    public List<ShopifyFulfilmentOrderLine> Lines { get; } = [];

    public bool MayFulfil => Status is "OPEN" or "IN_PROGRESS" && RequestStatus == "UNSUBMITTED";
}

internal sealed class ShopifyFulfilmentOrderLine(long id, ShopifyOrderLine line, int units)
{
    public long Id => id;

    public ShopifyOrderLine Line => line;

    public int Total { get; } = units;

    public int Remaining { get; set; } = units;
}

/// <summary>A parcel that the shop knows of.</summary>
public sealed class ShopifyFulfilment(long id, long location, IReadOnlyDictionary<long, int> units)
{
    public long Id => id;

    public long Location => location;

    /// <summary>By the order's line.</summary>
    public IReadOnlyDictionary<long, int> Units => units;

    public string Status { get; internal set; } = "SUCCESS";

    public string? Number { get; internal set; }

    public string? Company { get; internal set; }

    public string? Url { get; internal set; }

    /// <summary>Mails to the buyer.</summary>
    public int Mails { get; internal set; }

    internal List<long> FulfilmentOrders { get; } = [];
}
