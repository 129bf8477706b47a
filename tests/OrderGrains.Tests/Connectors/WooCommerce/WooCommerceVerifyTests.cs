using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce;

public sealed class WooCommerceVerifyTests
{
    private const string Encoded = "it&#039;s &lt;b&gt;&quot;woo&quot;&lt;/b&gt; &amp; secret";

    /// <summary>Of all that are signed: the topic, and no id, since that of a delivery names nothing.</summary>
    [Theory]
    [InlineData("order.created", "order.created")]
    [InlineData("order.created-same-second-A", "order.created")]
    [InlineData("order.created-permission-error", "order.created")]
    [InlineData("order.updated-on-hold", "order.updated")]
    [InlineData("order.updated-cancelled", "order.updated")]
    [InlineData("order.deleted", "order.deleted")]
    [InlineData("product.updated-stock", "product.updated")]
    public void Each_recording_is_authentic_by_either_form_of_the_key(string recording, string topic)
    {
        var authentic = new Verification.Authentic(topic, null);
        Assert.Equal(authentic, Verify(recording, WooCommerceSample.Secret));
        Assert.Equal(authentic, Verify(recording, Encoded));
        Assert.Equal(authentic, Verify(recording, "a newer one", Encoded));
        Assert.Equal(
            new Verification.Forged("X-WC-Webhook-Signature matches no live secret"), Verify(recording, "another"));
    }

    [Theory]
    [InlineData("a &#38;&#X3c;&#0062; b", "a &<> b", true)]
    [InlineData("a &amp;lt; b", "a &lt; b", true)]
    [InlineData("a &amp;lt; b", "a < b", false)]
    [InlineData("a &copy; b", "a &copy; b", true)]
    [InlineData("a &copy; b", "a \u00A9 b", false)]
    [InlineData("a &nbsp; &amp b", "a &nbsp; &amp b", true)]
    public void Entities_are_resolved_once_and_only_those_that_WordPress_resolves(
        string configured, string key, bool authentic)
    {
        var shop = WooCommerceSample.Shop(options => options.Secrets[0] = configured);
        var headers = Signed(key, "{}"u8);

        Assert.IsType(authentic ? typeof(Verification.Authentic) : typeof(Verification.Forged),
            shop.Verify(new WebhookRequest(headers, "{}"u8), Deliveries.Now));
    }

    [Fact]
    public void The_ping_is_a_greeting_and_needs_no_signature() =>
        Assert.IsType<Verification.Greeting>(Verify("ping", WooCommerceSample.Secret));

    [Theory]
    [InlineData("webhook_id=")]
    [InlineData("webhook_id=1x")]
    [InlineData(" webhook_id=1")]
    [InlineData("webhook_id=1&status=completed")]
    [InlineData("webhook_id=123456789012345678901")]
    [InlineData("{\"webhook_id\":1}")]
    [InlineData("")]
    public void What_is_not_exactly_a_ping_is_none(string body)
    {
        var form = new HeaderDictionary { ["Content-Type"] = "application/x-www-form-urlencoded" };
        Assert.IsType<Verification.WrongMediaType>(Verify(form, body));
        Assert.Equal(
            new Verification.Forged("X-WC-Webhook-Signature is missing"), Verify(new HeaderDictionary(), body));
    }

    [Fact]
    public void A_body_altered_by_one_byte_is_forged()
    {
        var body = WooCommerceSample.Body("order.created");
        body[^2] ^= 1;

        Assert.IsType<Verification.Forged>(WooCommerceSample.Shop().Verify(
            new WebhookRequest(WooCommerceSample.Headers("order.created"), body), Deliveries.Now));
    }

    [Fact]
    public void A_signature_that_is_none_or_is_given_twice_is_forged()
    {
        var headers = WooCommerceSample.Headers("order.created");
        headers[WooCommerceSource.SignatureHeader] = "AAAA";
        Assert.Equal(new Verification.Forged("X-WC-Webhook-Signature is not base64 of 32 bytes"),
            Verify(headers, "{}"));
        headers[WooCommerceSource.SignatureHeader] = new(["AAAA", "AAAA"]);
        Assert.Equal(new Verification.Forged("X-WC-Webhook-Signature is given more than once"), Verify(headers, "{}"));
    }

    [Fact]
    public void A_topic_that_is_no_word_is_not_kept()
    {
        var headers = Signed(WooCommerceSample.Secret, "{}"u8);
        headers[WooCommerceSource.TopicHeader] = new string('t', 129);

        Assert.Equal(new Verification.Authentic("", null), Verify(headers, "{}"));
    }

    private static HeaderDictionary Signed(string key, ReadOnlySpan<byte> body) => new()
    {
        [WooCommerceSource.SignatureHeader] =
            Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body)),
    };

    private static Verification Verify(HeaderDictionary headers, string body) => WooCommerceSample.Shop().Verify(
        new WebhookRequest(headers, Encoding.UTF8.GetBytes(body)), Deliveries.Now);

    private static Verification Verify(string recording, params string[] secrets) =>
        new WooCommerceSource("woo", new WooCommerceOptions { Secrets = secrets }).Verify(
            new WebhookRequest(WooCommerceSample.Headers(recording), WooCommerceSample.Body(recording)),
            Deliveries.Now);
}
