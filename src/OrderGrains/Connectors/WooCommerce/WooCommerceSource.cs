using System.Net;
using System.Text.RegularExpressions;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.WooCommerce;

/// <summary>
/// WooCommerce's webhooks (WooCommerce REST API, "Webhooks"; <c>WC_Webhook</c> in its source, 11.0.1).
/// </summary>
/// <remarks>
/// The signature covers the body alone, and a delivery id is the same for all that one webhook sends in a second, so
/// what a body means, and which event it is, rests on the body. A body is made when it is sent, not when its event
/// was: it tells the newest state, and the moment in which it comes is as good as the moment of its making.
/// </remarks>
public sealed partial class WooCommerceSource : IWebhookSource
{
    public const string SignatureHeader = "X-WC-Webhook-Signature";
    public const string TopicHeader = "X-WC-Webhook-Topic";

    private const int WebhookIdDigitsMax = 20;
    private const int UnitsCharsMax = 20;

    private readonly string _name;
    private readonly byte[][] _keys;
    private readonly WooCommerceOrder _orders;

    /// <param name="name">The source's name: the beginning of its order keys.</param>
    /// <param name="options">Its settings.</param>
    public WooCommerceSource(string name, WooCommerceOptions options)
    {
        _name = name;
        // The shop resolves entities before it signs, so that a secret may stand with us in either form.
        _keys = BodySignature.Keys(options.Secrets.SelectMany(secret => new[] { secret, Resolved(secret) }).Distinct(
            StringComparer.Ordinal));
        _orders = new WooCommerceOrder(name, options);
    }

    public Verification Verify(WebhookRequest request, DateTimeOffset now) =>
        IsPing(request.Body) ? new Verification.Greeting()
        : (Verification?)BodyMedia.Fault(request.Headers)
            ?? (Verification?)BodySignature.Fault(
                request.Headers[SignatureHeader], SignatureHeader, _keys, request.Body)
            ?? new Verification.Authentic(HeaderText.Bounded(request.Headers[TopicHeader]) ?? "", null);

    public string? Sign(TestCall call)
    {
        call.Headers[TopicHeader] = TestCall.Topic;
        call.Headers[SignatureHeader] = BodySignature.Of(_keys[0], call.Body.Span);
        return null;
    }

    public Reading Read(Receipt receipt) => receipt.Topic switch
    {
        "order.created" or "order.updated" or "order.restored" =>
            JsonBody.Read(receipt, root => _orders.Read(receipt, root)),
        "order.deleted" => JsonBody.Read(receipt, root => Trashed(receipt, root)),
        "product.created" or "product.updated" or "product.restored" or "product.published" =>
            JsonBody.Read(receipt, ReadProduct),
        "" => new Reading.Unreadable(HeaderText.BoundedFault(TopicHeader)),
        var topic => new Reading.Ignored($"topic {topic} is not one that we act on"),
    };

    /// <summary>
    /// Only the bare body that WooCommerce sends: a captured whole order must not delete itself. It is the same for
    /// each deletion of the order, so that its arrival tells which one it is; WooCommerce sends nothing twice.
    /// </summary>
    private Reading.Understood Trashed(Receipt receipt, JsonFields root)
    {
        var order = new OrderKey(_name, root.DigitsId("id"));
        if (!root.HasOnly("id"))
            root.Fault("the body of order.deleted has more than an id: it belongs to another topic");
        return new Reading.Understood(new OrderTrashed(order, receipt.ReceivedAt), $"order.deleted:{receipt.Id:N}");
    }

    /// <summary>The shop takes units off at the checkout and we when they leave, so its count is none for us.</summary>
    private static Reading.Ignored ReadProduct(JsonFields root)
    {
        var what = root.FindSku("sku") is { } sku ? $"product {sku}" : "a product without a SKU";
        return new Reading.Ignored(root.Text("manage_stock") == "true" && root.Text("stock_quantity") is { } units
            ? $"{what}: the shop has {Printable.Of(units, UnitsCharsMax)} in stock; that is noted and never taken as a "
                + "count, since the warehouse counts"
            : $"{what}: the shop does not manage its stock, and nothing else of a product concerns us");
    }

    /// <summary>
    /// The call that the shop makes when a webhook is saved: <c>webhook_id=1</c>, unsigned, and it wants exactly 200.
    /// </summary>
    private static bool IsPing(ReadOnlySpan<byte> body) => body.StartsWith("webhook_id="u8)
        && body["webhook_id=".Length..] is { Length: > 0 and <= WebhookIdDigitsMax } id
        && !id.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>These five alone, as WordPress does it (<c>wp_specialchars_decode</c>, <c>ENT_QUOTES</c>).</summary>
    private static string Resolved(string secret) =>
        Entities().Replace(secret, entity => WebUtility.HtmlDecode(entity.Value));

    [GeneratedRegex(
        "&(lt|gt|amp|quot|#0*(34|38|39|60|62)|#[xX]0*(22|26|27|3[cCeE]));", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entities();
}
