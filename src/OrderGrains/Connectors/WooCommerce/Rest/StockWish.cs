using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>One number that the shop should have, and what comes of it.</summary>
/// <param name="content">What the shop should have.</param>
internal sealed class StockWish(StockContent content)
{
    public StockContent Content => content;

    /// <summary>What the shop has, as it was just read.</summary>
    public ProductAtShop? Found { get; set; }

    public SendResult? Result { get; set; }
}

/// <summary>What a shop has of one SKU: a closed set.</summary>
internal abstract record ProductAtShop
{
    /// <param name="Id">The product's id, or the variation's.</param>
    /// <param name="ParentId">The product whose variation it is; 0: none.</param>
    /// <param name="Quantity">Units; null when the shop says none.</param>
    public sealed record Counted(long Id, long ParentId, decimal? Quantity) : ProductAtShop;

    /// <summary>The shop does not sell it, or does not count it by itself.</summary>
    public sealed record NotCounted : ProductAtShop;

    /// <summary>It cannot be written as things are; a person must look.</summary>
    public sealed record Unclear(string Why) : ProductAtShop;
}
