using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

public sealed class ShopifyVerifyTests
{
    private static readonly byte[] Body = """{"id":820982911946154508}"""u8.ToArray();

    [Fact]
    public void The_signature_is_that_which_openssl_makes()
    {
        // printf '{"id":820982911946154508}' | openssl dgst -sha256 -hmac hush -binary | base64
        var headers = Signed();
        headers["X-Shopify-Hmac-Sha256"] = "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I=";

        Assert.IsType<Verification.Authentic>(Verify(headers));
    }

    [Fact]
    public void An_authentic_webhook_gives_its_topic_and_id() => Assert.Equal(
        new Verification.Authentic("orders/create", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"), Verify(Signed()));

    [Fact]
    public void Each_live_secret_proves_and_an_old_one_does_not()
    {
        Assert.IsType<Verification.Authentic>(Verify(Signed("old"), "new", "old"));
        Assert.IsType<Verification.Authentic>(Verify(Signed("new"), "new", "old"));
        Assert.Equal(
            "X-Shopify-Hmac-Sha256 matches no live secret", Deliveries.Rule(Verify(Signed("older"), "new", "old")));
    }

    [Fact]
    public void An_empty_secret_admits_nobody() =>
        Assert.IsType<Verification.Forged>(Verify(Signed(""), ""));

    [Fact]
    public void A_body_altered_by_one_byte_is_forged()
    {
        var body = Body.ToArray();
        body[^2] ^= 1;

        Assert.IsType<Verification.Forged>(
            Deliveries.Shop("hush").Verify(new WebhookRequest(Signed(), body), Deliveries.Now));
    }

    [Theory]
    [InlineData(null, "X-Shopify-Hmac-Sha256 is missing")]
    [InlineData("", "X-Shopify-Hmac-Sha256 is not base64 of 32 bytes")]
    [InlineData("AAAA", "X-Shopify-Hmac-Sha256 is not base64 of 32 bytes")]
    [InlineData("????????????????????????????????????????????", "X-Shopify-Hmac-Sha256 is not base64 of 32 bytes")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "X-Shopify-Hmac-Sha256 matches no live secret")]
    public void A_missing_or_misshapen_signature_is_forged(string? signature, string rule)
    {
        var headers = Signed();
        headers.Remove("X-Shopify-Hmac-Sha256");
        if (signature is not null)
            headers["X-Shopify-Hmac-Sha256"] = signature;

        Assert.Equal(new Verification.Forged(rule), Verify(headers));
    }

    [Fact]
    public void A_signature_given_twice_is_forged()
    {
        var headers = Signed();
        headers["X-Shopify-Hmac-Sha256"] = new([headers["X-Shopify-Hmac-Sha256"].ToString(), "AAAA"]);

        Assert.Equal("X-Shopify-Hmac-Sha256 is given more than once", Deliveries.Rule(Verify(headers)));
    }

    [Fact]
    public void Without_a_topic_or_an_id_it_is_authentic_still()
    {
        var headers = Signed();
        headers.Remove("X-Shopify-Topic");
        headers.Remove("X-Shopify-Webhook-Id");
        Assert.Equal(new Verification.Authentic("", null), Verify(headers));

        headers["X-Shopify-Event-Id"] = "e-1";
        Assert.Equal(new Verification.Authentic("", "e-1"), Verify(headers));
    }

    [Fact]
    public void Headers_that_are_not_signed_are_bounded()
    {
        var headers = Signed();
        headers["X-Shopify-Topic"] = new string('t', 129);
        headers["X-Shopify-Webhook-Id"] = "a\tb";

        Assert.Equal(new Verification.Authentic("", null), Verify(headers));
    }

    [Fact]
    public void The_headers_of_Events_do_as_well_and_may_stand_beside_the_others()
    {
        var expected = new Verification.Authentic("orders/create", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043");
        var plain = new HeaderDictionary();
        var both = Signed();
        foreach (var (name, value) in Signed())
        {
            plain[name.StartsWith("X-", StringComparison.Ordinal) ? name[2..] : name] = value;
            both[name.StartsWith("X-", StringComparison.Ordinal) ? name[2..] : name] = value;
        }

        Assert.False(plain.ContainsKey("X-Shopify-Topic"));
        Assert.Equal(expected, Verify(plain));
        Assert.Equal(expected, Verify(both));
        Assert.Equal("X-Shopify-Hmac-Sha256 matches no live secret", Deliveries.Rule(Verify(plain, "another")));
    }

    [Fact]
    public void Headers_of_both_kinds_that_differ_count_as_given_twice()
    {
        var headers = Signed();
        headers["Shopify-Topic"] = "orders/delete";
        headers["Shopify-Webhook-Id"] = "another";
        Assert.Equal(new Verification.Authentic("", null), Verify(headers));

        headers["Shopify-Hmac-Sha256"] = "AAAA";
        Assert.Equal("X-Shopify-Hmac-Sha256 is given more than once", Deliveries.Rule(Verify(headers)));
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; charset=utf-8", true)]
    [InlineData(null, true)]
    [InlineData("text/plain", false)]
    [InlineData("application/json, text/plain", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    public void Only_JSON_is_taken(string? type, bool taken)
    {
        var headers = Signed();
        headers["Content-Type"] = type;

        Assert.IsType(
            taken ? typeof(Verification.Authentic) : typeof(Verification.WrongMediaType), Verify(headers));
    }

    private static HeaderDictionary Signed(string secret = "hush") => Deliveries.SignedByShopify(secret, Body);

    private static Verification Verify(HeaderDictionary headers, params string[] secrets) =>
        Deliveries.Shop(secrets is [] ? ["hush"] : secrets).Verify(new WebhookRequest(headers, Body), Deliveries.Now);
}
