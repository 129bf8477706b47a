using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;
using OrderGrains.Connectors.Shopify.Admin;

namespace OrderGrains.Connectors.Shopify;

/// <summary>A shop on Shopify.</summary>
internal sealed class ShopifyKind : ISourceKind
{
    public string Name => "Shopify";

    public bool IsStorefront => true;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<ShopifyOptions>();
        settings.CheckNotBlank("Secrets", options.Secrets);
        return new ShopifySource(name, options, settings.Part("Shop") is { } shop
            ? new PartFetching(shop.Read<ShopifyShopOptions>()) : null);
    }
}

/// <summary>Settings of a source of kind <c>Shopify</c> (CONTRACT section 1).</summary>
public sealed class ShopifyOptions
{
    /// <summary>Every secret that is live now, newest first: a signature by any of them is authentic.</summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>What becomes of orders that the shop itself calls tests. Default: they are ignored.</summary>
    public TestOrders TestOrders { get; set; } = TestOrders.Ignore;

    /// <summary>
    /// What becomes of orders that a person hands over: local pickup and point of sale. Default: they are held until
    /// the shop says that they are gone.
    /// </summary>
    public HandedOver HandedOver { get; set; } = HandedOver.Hold;

    /// <summary>
    /// Fulfilment services whose lines are ours to send; those of others are not. <c>manual</c>, and a line that names
    /// none, always are. Default: no other.
    /// </summary>
    public IList<string> Services { get; init; } = [];
}

/// <summary>What becomes of a shop's test orders.</summary>
public enum TestOrders
{
    Ignore,

    /// <summary>As any other order.</summary>
    Release,
}
