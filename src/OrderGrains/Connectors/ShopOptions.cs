namespace OrderGrains.Connectors;

/// <summary>What a storefront is told, in its section <c>Shop</c>: docs/shops.md.</summary>
public sealed class ShopOptions
{
    /// <summary>
    /// Our locations that it sells from, each with the shop's own id of the place; none where a shop has one stock
    /// alone. Default: none.
    /// </summary>
    public IDictionary<string, string> Locations { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it is told of each parcel that leaves. Default: it is.</summary>
    public ShopFulfilments Fulfilments { get; set; } = ShopFulfilments.Write;

    /// <summary>Which numbers of stock it is told. Default: none.</summary>
    public ShopStock Stock { get; set; } = ShopStock.Off;
}

/// <summary>Whether a storefront is told of parcels.</summary>
public enum ShopFulfilments
{
    Write,
    Off,
}

/// <summary>What a storefront is told of stock.</summary>
public enum ShopStock
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>Units that can still be sold: orders of every source are taken off.</summary>
    Available,

    /// <summary>Units in the building; the shop takes its own orders off.</summary>
    OnHand,
}

/// <summary>How much of the stock a storefront may sell, in its section beside <c>Shop</c>.</summary>
public sealed class ShopShareOptions
{
    /// <summary>Held back: units such as <c>2</c>, or a part such as <c>10%</c>. Default: none.</summary>
    public string Buffer { get; set; } = "0";

    /// <summary>
    /// Percent of what can be sold that this storefront may offer, where several sell the same stock. Default: all.
    /// </summary>
    [System.ComponentModel.DataAnnotations.Range(1, 100)]
    public int Share { get; set; } = 100;
}
