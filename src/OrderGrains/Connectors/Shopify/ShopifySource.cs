using System.Globalization;
using Microsoft.Extensions.Primitives;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Shopify's webhooks (shopify.dev, "Webhooks", "Webhooks delivery structure", "Events delivery structure"; REST Admin
/// API, "Order", "Refund", "Fulfillment").
/// </summary>
/// <remarks>
/// The signature covers the body alone, so a captured body can come back under another topic or delivery id. What a
/// body means therefore rests on the body: a whole order says the same under each <c>orders/*</c> topic, and the other
/// topics take only the shape that is theirs. What only a topic says changes nothing here: a person is told.
/// </remarks>
/// <param name="name">The source's name: the beginning of its order keys.</param>
/// <param name="options">Its settings.</param>
/// <param name="fetch">Asks the shop how the fulfilment orders of an order stand; null: it cannot be asked.</param>
public sealed class ShopifySource(string name, ShopifyOptions options, IFetching? fetch = null) : IWebhookSource
{
    public const string SignatureHeader = "X-Shopify-Hmac-Sha256";
    public const string TopicHeader = "X-Shopify-Topic";
    public const string WebhookIdHeader = "X-Shopify-Webhook-Id";
    public const string EventIdHeader = "X-Shopify-Event-Id";

    public const string TriggeredAtHeader = "X-Shopify-Triggered-At";

    private readonly ShopifyParts _parts = new(name);
    private readonly byte[][] _keys = BodySignature.Keys(options.Secrets);

    public IFetching? Fetch => fetch;

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        var headers = request.Headers;
        return (Verification?)BodyMedia.Fault(headers)
            ?? (Verification?)BodySignature.Fault(Of(headers, SignatureHeader), SignatureHeader, _keys, request.Body)
            ?? new Verification.Authentic(
                HeaderText.Bounded(Of(headers, TopicHeader)) ?? "",
                HeaderText.Bounded(Of(headers, WebhookIdHeader)) ?? HeaderText.Bounded(Of(headers, EventIdHeader)),
                TimeOf(HeaderText.Bounded(Of(headers, TriggeredAtHeader))));
    }

    public string? Sign(TestCall call)
    {
        call.Headers[TopicHeader] = TestCall.Topic;
        call.Headers[SignatureHeader] = BodySignature.Of(_keys[0], call.Body.Span);
        return null;
    }

    public Reading Read(Receipt receipt) => receipt.Topic switch
    {
        "orders/create" or "orders/updated" or "orders/paid" or "orders/cancelled" or "orders/fulfilled"
            or "orders/partially_fulfilled" => JsonBody.Read(receipt, root =>
            ShopifyOrder.FindIgnored(options, root) is { } reason
                ? new Reading.Ignored(reason)
                : Understood(receipt, ShopifyOrder.Stated(name, options, receipt, root))),
        "orders/edited" => JsonBody.Read(
            receipt, root => Understood(receipt, ShopifyAmendments.Edited(name, receipt, root))),
        "refunds/create" => JsonBody.Read(
            receipt, root => Understood(receipt, ShopifyAmendments.Refunded(name, root))),
        "orders/delete" => JsonBody.Read(receipt, root => Understood(receipt, ShopifyOrder.Deleted(name, root))),
        "fulfillments/create" or "fulfillments/update" => JsonBody.Read(receipt, root =>
            ShopifyFulfilments.Stated(name, root, receipt.ReceivedAt) is { } stated
                ? Understood(receipt, stated)
                : new Reading.Ignored("the fulfilment is neither a success nor cancelled: nothing has gone by it")),
        "fulfillment_orders/placed_on_hold" or "fulfillment_orders/hold_released" or "fulfillment_orders/cancelled"
            when fetch is not null => JsonBody.Read(receipt, root => _parts.Read(receipt, root, "fulfillment_order")),
        "fulfillment_orders/moved" when fetch is not null =>
            JsonBody.Read(receipt, root => _parts.Read(receipt, root, "moved_fulfillment_order")),
        "fulfillment_orders/placed_on_hold" or "fulfillment_orders/hold_released" =>
            JsonBody.Read(receipt, ShopifyNotices.Hold),
        "fulfillment_orders/moved" => JsonBody.Read(receipt, ShopifyNotices.Move),
        "fulfillment_orders/cancelled" => JsonBody.Read(receipt, ShopifyNotices.Cancellation),
        "inventory_levels/update" or "inventory_levels/connect" => JsonBody.Read(receipt, ShopifyNotices.Level),
        "inventory_items/create" or "inventory_items/update" => JsonBody.Read(receipt, ShopifyNotices.Item),
        "products/create" or "products/update" => JsonBody.Read(receipt, ShopifyNotices.Product),
        // With the app its webhooks are gone (shopify.dev, "Uninstall a Shopify app with an API request").
        "app/uninstalled" => new Reading.Unreadable(
            "the shop has uninstalled the app, and no webhook of it comes any more: install it again and subscribe "
            + "its webhooks, or take the source out of the configuration, then discard this"),
        "customers/data_request" => JsonBody.Read(receipt, root => Understood(
            receipt, new BuyerAsked(ShopifyBuyer.Of(root, "orders_requested")))),
        "customers/redact" => JsonBody.Read(receipt, root => Understood(
            receipt, new BuyerErased(ShopifyBuyer.Of(root, "orders_to_redact")))),
        "shop/redact" => new Reading.Unreadable(
            "the shop is gone, and asks that all of its data be erased: erase all orders of this source, then discard "
            + "this (Shopify, \"Privacy law compliance\": within 30 days)"),
        // As Events name it: they tell what has changed of an order, and not what it now is.
        "Order" => new Reading.Unreadable(
            "it is of Shopify's Events, which do not state whole orders: subscribe the webhooks orders/* instead"),
        "" => new Reading.Unreadable(HeaderText.BoundedFault(TopicHeader)),
        var topic => new Reading.Ignored($"topic {topic} is not one that we act on"),
    };

    /// <summary>
    /// Webhooks come with <c>X-Shopify-…</c>, Events with <c>Shopify-…</c>. Where both stand and differ, it is as if
    /// one were given twice.
    /// </summary>
    private static StringValues Of(IHeaderDictionary headers, string name)
    {
        var (webhook, plain) = (headers[name], headers[name["X-".Length..]]);
        return webhook.Count == 0 || webhook == plain ? plain
            : plain.Count == 0 ? webhook : StringValues.Concat(webhook, plain);
    }

    private static Reading.Understood Understood(Receipt receipt, Change change) =>
        new(change, EventKey.Of(receipt.Topic, receipt));

    /// <summary>To the microsecond, as databases keep it.</summary>
    private static DateTimeOffset? TimeOf(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var time) ? time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)) : null;
}
