using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
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

    private const int HeaderCharsMax = 128;
    private const int DigestBytes = HMACSHA256.HashSizeInBytes;
    private const int DigestChars = 44;

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        var headers = request.Headers;
        if (BodyMedia.Fault(headers) is { } wrong)
            return wrong;
        var signature = headers[SignatureHeader];
        if (signature.Count != 1)
        {
            var rule = signature.Count == 0 ? "is missing" : "is given more than once";
            return new Verification.Forged($"{SignatureHeader} {rule}");
        }

        Span<byte> claim = stackalloc byte[DigestBytes];
        if (signature[0] is not { Length: DigestChars } text
            || !Convert.TryFromBase64String(text, claim, out var written) || written != DigestBytes)
            return new Verification.Forged($"{SignatureHeader} is not base64 of {DigestBytes} bytes");
        if (!AnyMatches(options.Secrets, request.Body, claim))
            return new Verification.Forged($"{SignatureHeader} matches no live secret");
        return new Verification.Authentic(
            Bounded(headers[TopicHeader]) ?? "",
            Bounded(headers[WebhookIdHeader]) ?? Bounded(headers[EventIdHeader]),
            TimeOf(Bounded(headers[TriggeredAtHeader])));
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
        "" => new Reading.Unreadable($"{TopicHeader} is missing, longer than {HeaderCharsMax} or not visible ASCII"),
        var topic => new Reading.Ignored($"topic {topic} is not one that we act on"),
    };

    private static Reading.Understood Understood(Receipt receipt, Change change) =>
        new(change, EventKey.Of(receipt.Topic, receipt));

    /// <summary>Tries every secret, so that the time taken tells nothing of which came close.</summary>
    private static bool AnyMatches(IEnumerable<string> secrets, ReadOnlySpan<byte> body, ReadOnlySpan<byte> claim)
    {
        Span<byte> digest = stackalloc byte[DigestBytes];
        var matched = false;
        foreach (var secret in secrets)
        {
            // An empty key would let anyone sign.
            if (secret.Length == 0)
                continue;
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, digest);
            matched |= CryptographicOperations.FixedTimeEquals(digest, claim);
        }

        return matched;
    }

    /// <summary>To the microsecond, as databases keep it.</summary>
    private static DateTimeOffset? TimeOf(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var time) ? time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)) : null;

    /// <summary>Unsigned headers are kept whole or not at all: a cut id could equal another's.</summary>
    private static string? Bounded(StringValues values) =>
        values.Count == 1 && values[0] is { Length: > 0 and <= HeaderCharsMax } text
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? text
            : null;
}
