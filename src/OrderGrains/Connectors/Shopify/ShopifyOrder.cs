using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>Translates the bodies of the <c>orders/*</c> topics (REST Admin API, "Order").</summary>
internal static class ShopifyOrder
{
    /// <summary>A whole order, under whichever topic it came.</summary>
    public static OrderStated Stated(string sourceName, ShopifyOptions source, Receipt receipt, JsonFields root)
    {
        var order = new OrderKey(sourceName, root.DigitsId("id"));
        RefuseOtherKinds(root);
        var handedOver = source.HandedOver != HandedOver.Release && (IsPointOfSale(root) || IsPickup(root));
        var fulfilments = ShopifyFulfilments.Read(root);
        return new OrderStated(order, new OrderSnapshot
        {
            UpdatedAt = root.Version("updated_at", receipt.ReceivedAt),
            PlacedAt = root.Time("created_at"),
            Number = root.Text("name") ?? Numbered(root),
            Payment = PaymentOf(root.Text("financial_status")),
            Cancelled = root.OptionalTime("cancelled_at") is not null,
            CancelReason = root.Text("cancel_reason"),
            Closed = root.OptionalTime("closed_at") is not null,
            HandedOver = handedOver && source.HandedOver == HandedOver.Hold,
            Fulfilments = fulfilments,
            Lines = ShopifyLines.Read(
                root, source, fulfilments, noneIsOurs: handedOver && source.HandedOver == HandedOver.Ignore,
                out var refundIds),
            RefundIds = refundIds,
            ShipTo = root.Object("shipping_address") is { } address ? Address(root, address) : null,
            ShippingMethod = ShippingMethod(root),
            TriggeredAt = receipt.TriggeredAt,
        });
    }

    /// <summary>Why a whole order is no concern of ours, whatever else it says; null when it is one.</summary>
    public static string? FindIgnored(ShopifyOptions source, JsonFields root) =>
        source.TestOrders == TestOrders.Ignore && root.Flag("test") == true
            ? "it is a test order (TestOrders: Ignore)"
        : source.HandedOver == HandedOver.Ignore && IsPointOfSale(root)
            ? "it was sold at a point of sale (HandedOver: Ignore)" : null;

    /// <summary>The states of <c>financial_status</c> (REST Admin API, "Order").</summary>
    private static Payment PaymentOf(string? status) => status switch
    {
        "paid" or "partially_refunded" => Payment.Paid,
        "refunded" or "voided" or "expired" => Payment.Ended,
        _ => Payment.Pending,
    };

    private static bool IsPointOfSale(JsonFields root) => root.Text("source_name") == "pos";

    /// <summary>
    /// The rates of an order that is collected say so in <c>delivery_category</c>, where they say anything; an order
    /// that does not is held for want of an address.
    /// </summary>
    private static bool IsPickup(JsonFields root) => Rates(root) is { Length: > 0 } rates && rates.All(rate =>
        rate.Text("delivery_category")?.Contains("pick", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Only the bare body that Shopify sends: a captured whole order must not cancel itself.</summary>
    public static Change Deleted(string source, JsonFields root)
    {
        var order = new OrderKey(source, root.DigitsId("id"));
        if (!root.HasOnly("id") && !root.HasOnly("id", "admin_graphql_api_id"))
            root.Fault("the body of orders/delete has more than an id: it belongs to another topic");
        ShopifyId.RequireKind(root, "Order", "an order");
        return new OrderCancelled(order, "deleted in the storefront");
    }

    /// <summary>Fulfilments, refunds and draft orders have ids, times and lines too, under the same secret.</summary>
    private static void RefuseOtherKinds(JsonFields root)
    {
        if (root.Exists("order_id"))
            root.Fault("the body is not a whole order: it has order_id");
        if (!root.Exists("financial_status") && !root.Exists("order_number"))
            root.Fault("the body is not a whole order: it has neither financial_status nor order_number");
        ShopifyId.RequireKind(root, "Order", "an order");
    }

    private static string Numbered(JsonFields root) =>
        root.Has("order_number") ? $"#{root.DigitsId("order_number")}" : root.Missing("name");

    private static ShipTo Address(JsonFields root, JsonFields address) => new()
    {
        Name = address.Text("name") ?? $"{address.Text("first_name")} {address.Text("last_name")}".Trim(),
        Company = address.Text("company"),
        Address1 = address.Text("address1") ?? "",
        Address2 = address.Text("address2"),
        City = address.Text("city") ?? "",
        Province = address.Text("province") ?? address.Text("province_code"),
        PostalCode = address.Text("zip") ?? "",
        CountryCode = address.Text("country_code") ?? "",
        Phone = address.Text("phone") ?? root.Text("phone"),
        Email = root.Text("email") ?? root.Text("contact_email"),
    };

    private static string? ShippingMethod(JsonFields root) =>
        Rates(root) is [var first, ..] ? first.Text("title") : null;

    /// <summary>A rate that was removed stays in the list.</summary>
    private static JsonFields[] Rates(JsonFields root) =>
        [.. (root.Items("shipping_lines", ConnectorLimits.LinesMax) ?? []).Where(r => r.Flag("is_removed") != true)];
}
