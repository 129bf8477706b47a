using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// What changes nothing here, and is shown: to a person where one must act, else in the webhook log (webhook reference,
/// "fulfillment_orders/placed_on_hold" and its like, "inventory_levels/update", "inventory_items/update",
/// "products/update").
/// </summary>
/// <remarks>
/// No body of <c>fulfillment_orders/*</c> names its order, in any version up to 2026-07. Only the shop knows whose it
/// is.
/// </remarks>
internal static class ShopifyNotices
{
    private const int NumberCharsMax = 20;
    private const int SkuCharsMax = 64;
    private const int VariantsShownMax = 5;

    private const string NoCount = "that is noted and never taken as a count, since the warehouse counts";

    /// <summary>The body and not the topic says whether it is held, since the topic is not signed.</summary>
    public static Reading Hold(JsonFields root)
    {
        var (id, status) = FulfilmentOrder(root, "fulfillment_order");
        return new Reading.Unreadable(status == "on_hold"
            ? $"fulfilment order {id} is on hold in the shop, which does not say of which order it is: find it among "
                + "the shop's orders that are on hold, put that on hold here, then discard this"
            : $"fulfilment order {id} is no longer on hold in the shop, which does not say of which order it is: "
                + "if one is on hold here for its sake, resume it, then discard this");
    }

    /// <summary>Where the shop wants it sent from is not asked for here, but there another may send it too.</summary>
    public static Reading Move(JsonFields root)
    {
        var (id, _) = FulfilmentOrder(root, "moved_fulfillment_order");
        var location = ShopifyId.Number(root, "destination_location_id", "Location");
        return new Reading.Unreadable(
            $"fulfilment order {id} was moved to location {location} in the shop, which does not say of which order it "
            + "is: if others send from there, cancel it here or put it on hold, then discard this");
    }

    public static Reading Cancellation(JsonFields root)
    {
        var (id, _) = FulfilmentOrder(root, "fulfillment_order");
        return new Reading.Ignored(
            $"fulfilment order {id} was cancelled: what is still to be sent of an order, its own webhooks say");
    }

    public static Reading Level(JsonFields root) => new Reading.Ignored(
        $"inventory item {Number(root, "inventory_item_id")} at location {Number(root, "location_id")}: the shop has "
        + $"{Number(root, "available")} available; {NoCount}");

    public static Reading Item(JsonFields root) => new Reading.Ignored(
        $"inventory item {Number(root, "id")} has {SkuOf(root)}: orders have the SKUs that they state themselves, and "
        + "the warehouse counts");

    public static Reading Product(JsonFields root)
    {
        var variants = root.Items("variants", ConnectorLimits.LinesMax) ?? [];
        var shown = variants.Take(VariantsShownMax).Select(v => $"{Number(v, "inventory_quantity")} of {SkuOf(v)}");
        var more = variants.Length > VariantsShownMax ? $" and {variants.Length - VariantsShownMax} more variants" : "";
        return new Reading.Ignored(
            $"product {Number(root, "id")}: the shop has {string.Join(", ", shown)}{more}; {NoCount}");
    }

    private static (string Id, string Status) FulfilmentOrder(JsonFields root, string name)
    {
        if (root.Object(name) is { } order)
            return (ShopifyId.Number(order, "id", "FulfillmentOrder"), order.Code("status", NumberCharsMax));
        root.Missing(name);
        return ("", "");
    }

    /// <summary>Digits alone, so that no words are repeated.</summary>
    private static string Number(JsonFields fields, string name) =>
        fields.Text(name, NumberCharsMax) is { } text
            && !text.AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9') ? text : "an unknown number";

    private static string SkuOf(JsonFields fields) =>
        fields.FindSku("sku") is { } sku ? $"SKU {Printable.Of(sku, SkuCharsMax)}" : "no SKU";
}
