using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Whose data a request is about (shopify.dev, "Privacy law compliance"). It names orders, and none when the buyer has
/// none.
/// </summary>
internal static class ShopifyBuyer
{
    private const int EmailCharsMax = 320;

    /// <param name="root">The body.</param>
    /// <param name="orders">The name of its list of orders, which tells one request from the other.</param>
    public static Buyer Of(JsonFields root, string orders) => new(
        root.DigitsIds(orders, Buyer.OrdersMax), root.Object("customer")?.OptionalCode("email", EmailCharsMax));
}
