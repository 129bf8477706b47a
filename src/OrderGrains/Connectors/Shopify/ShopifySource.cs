using System.Globalization;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Shopify's webhooks (shopify.dev, "Webhooks", "Deliver webhooks through HTTPS"; REST Admin API, "Order", "Refund").
/// </summary>
/// <remarks>
/// The signature covers the body alone, so a captured body can come back under another topic or delivery id. What a
/// body means therefore rests on the body: a whole order says the same under each <c>orders/*</c> topic, and the other
/// topics take only the shape that is theirs.
/// </remarks>
/// <param name="name">The source's name: the beginning of its order keys.</param>
/// <param name="options">Its settings.</param>
public sealed class ShopifySource(string name, ShopifyOptions options) : IWebhookSource
{
    public const string SignatureHeader = "X-Shopify-Hmac-Sha256";
    public const string TopicHeader = "X-Shopify-Topic";
    public const string WebhookIdHeader = "X-Shopify-Webhook-Id";
    public const string EventIdHeader = "X-Shopify-Event-Id";

    public const string TriggeredAtHeader = "X-Shopify-Triggered-At";

    private readonly byte[][] keys = BodySignature.Keys(options.Secrets);

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        var headers = request.Headers;
        return (Verification?)BodyMedia.Fault(headers)
            ?? (Verification?)BodySignature.Fault(headers, SignatureHeader, keys, request.Body)
            ?? new Verification.Authentic(
                HeaderText.Bounded(headers[TopicHeader]) ?? "",
                HeaderText.Bounded(headers[WebhookIdHeader]) ?? HeaderText.Bounded(headers[EventIdHeader]),
                TimeOf(HeaderText.Bounded(headers[TriggeredAtHeader])));
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
        "customers/data_request" or "customers/redact" or "shop/redact" => new Reading.Unreadable(
            $"{receipt.Topic} is a request under privacy law that this version does not carry out: act on it by hand, "
            + "within 30 days (Shopify, \"Privacy law compliance\"), then discard it"),
        "" => new Reading.Unreadable(HeaderText.BoundedFault(TopicHeader)),
        var topic => new Reading.Ignored($"topic {topic} is not one that we act on"),
    };

    private static Reading.Understood Understood(Receipt receipt, Change change) =>
        new(change, EventKey.Of(receipt.Topic, receipt));

    /// <summary>To the microsecond, as databases keep it.</summary>
    private static DateTimeOffset? TimeOf(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var time) ? time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)) : null;
}
