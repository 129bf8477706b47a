using OrderGrains.Connectors;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors;

/// <summary>A test is proven as the sender's own webhooks are.</summary>
public sealed class TestCallTests
{
    private const string Secrets = "\"Secrets\":[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]";
    private const string PublicKey = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static readonly Uri Address = new($"https://shop.example{Opened.Path}");

    [Theory]
    [InlineData("\"Kind\":\"Shopify\",\"Secrets\":[\"hush\",\"old\"]", "ordergrains.test")]
    [InlineData("\"Kind\":\"WooCommerce\",\"Secrets\":[\"a&amp;b\"]", "ordergrains.test")]
    [InlineData("\"Kind\":\"StandardWebhooks\"," + Secrets, "", true)]
    [InlineData("\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"" + PublicKey + "\","
        + "\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]", "", true)]
    [InlineData("\"Kind\":\"CloudEvents\"," + Secrets, "", true)]
    [InlineData("\"Kind\":\"CloudEvents\",\"Scheme\":\"Hmac\",\"Secrets\":[\"hush\"],\"Header\":\"X-Sign\","
        + "\"Content\":\"{header:ce-id}.{header:ce-source}.{header:ce-type}.{body}\"", "")]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Stripe\",\"Secrets\":[\"hush\"]", "", true)]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"GitHub\",\"Secrets\":[\"hush\"]", "ordergrains.test")]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Square\",\"Secrets\":[\"hush\"],\"Url\":\"https://a.example/x\"", "")]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Squarespace\",\"Secrets\":[\"68757368\"]", "")]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Fourthwall\",\"Secrets\":[\"hush\"]", "")]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"StandardWebhooks\"," + Secrets, "", true)]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Basic\",\"AllowUnsigned\":true,\"Secrets\":[\"Ada:hush\"]", "")]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Bearer\",\"AllowUnsigned\":true,\"Secrets\":[\"hush\"]", "")]
    [InlineData("\"Kind\":\"Hmac\",\"Secrets\":[\"hush\"],\"Header\":\"X-Sign\",\"Digest\":\"Sha512\","
        + "\"Encoding\":\"Base64Url\",\"TimestampHeader\":\"X-Time\",\"TopicHeader\":\"X-Topic\","
        + "\"Content\":\"{timestamp}{method}{path}{target}{header:X-Topic}{header:Host}{header:X-Other}{body}\"",
        "ordergrains.test", true)]
    public void The_source_of_each_kind_lets_its_own_test_in(string section, string topic, bool statesTime = false)
    {
        var source = Opened.Source(section);
        var call = new TestCall(Address, Deliveries.Now);

        Assert.Null(source.Sign(call));

        var authentic = Assert.IsType<Verification.Authentic>(source.Verify(
            new WebhookRequest(call.Headers, call.Body.Span, Address.PathAndQuery), Deliveries.Now));
        Assert.Equal(topic, authentic.Topic);
        Assert.Equal(statesTime ? Deliveries.Now : null, authentic.StatedAt);
        Assert.True(TestCall.Is(call.Body.Span));
    }

    [Fact]
    public void A_warehouse_lets_its_own_test_in()
    {
        var source = Deliveries.Wms("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var call = new TestCall(Address, Deliveries.Now);

        Assert.Null(source.Sign(call));

        Assert.IsType<Verification.Authentic>(
            source.Verify(new WebhookRequest(call.Headers, call.Body.Span), Deliveries.Now));
    }

    [Fact]
    public void A_public_key_signs_no_test()
    {
        var source = Opened.Source($"\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"{PublicKey}\"]");

        Assert.Equal(
            "its Secrets are public keys (whpk_) alone, and only the sender can sign by those",
            source.Sign(new TestCall(Address, Deliveries.Now)));
    }

    [Theory]
    [InlineData("webhook-timestamp", "\"Kind\":\"StandardWebhooks\"," + Secrets)]
    [InlineData("the timestamp in Stripe-Signature", "\"Kind\":\"Hmac\",\"Scheme\":\"Stripe\",\"Secrets\":[\"hush\"]")]
    public void What_is_turned_away_for_its_time_says_which_time(string where, string section)
    {
        var source = Opened.Source(section);
        var call = new TestCall(Address, Deliveries.Now);
        Assert.Null(source.Sign(call));

        var late = Assert.IsType<Verification.Forged>(source.Verify(
            new WebhookRequest(call.Headers, call.Body.Span), Deliveries.Now.AddMinutes(6)));

        Assert.Equal($"{where} is older than the tolerance of 300 s", late.Rule);
        Assert.Equal(Deliveries.Now, late.StatedAt);
        Assert.Null(source.Verify(new WebhookRequest(call.Headers, "{}"u8), Deliveries.Now).StatedAt);
    }
}
