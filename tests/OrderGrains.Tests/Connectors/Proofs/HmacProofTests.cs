using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Proofs;

/// <summary>Signatures as a section of kind Hmac describes them.</summary>
public sealed class HmacProofTests
{
    private const string Body = """{"type":"order.cancelled","data":{"orderId":"7"}}""";
    private const string Plain = "\"Kind\":\"Hmac\",\"Secrets\":[\"hush\"],\"Header\":\"X-Signature\"";

    [Fact]
    public void The_signature_is_that_which_openssl_makes()
    {
        // printf '{}' | openssl dgst -sha256 -hmac hush
        var headers = Header(
            "505c20ac604f662945b662a1f13a9ca2f03bf0b1986f505d5aef48e10da8c918");
        Assert.Equal(new Verification.Authentic("", null), Opened.Source(Plain).Verify(headers, "{}"));
        headers = Header(headers["X-Signature"].ToString().ToUpperInvariant());
        Assert.IsType<Verification.Authentic>(Opened.Source(Plain).Verify(headers, "{}"));
    }

    [Theory]
    [InlineData("Sha1", "Hex")]
    [InlineData("Sha1", "Base64Url")]
    [InlineData("Sha256", "Base64")]
    [InlineData("Sha384", "Hex")]
    [InlineData("Sha512", "Base64")]
    [InlineData("Sha512", "Base64Url")]
    public void Each_hash_and_each_way_of_writing_it_is_read(string digest, string encoding)
    {
        var source = Opened.Source($"{Plain},\"Digest\":\"{digest}\",\"Encoding\":\"{encoding}\"");
        var name = new HashAlgorithmName(digest.ToUpperInvariant());
        using var hash = IncrementalHash.CreateHMAC(name, "hush"u8);
        hash.AppendData(Encoding.UTF8.GetBytes(Body));
        var bytes = hash.GetHashAndReset();
        var written = encoding switch
        {
            "Hex" => Convert.ToHexStringLower(bytes),
            "Base64" => Convert.ToBase64String(bytes),
            _ => Base64Url.EncodeToString(bytes),
        };

        Assert.IsType<Verification.Authentic>(source.Verify(Header(written), Body));
        Assert.IsType<Verification.Forged>(source.Verify(Header(written), Body + " "));
        Assert.Equal(
            $"X-Signature holds no {encoding} of {bytes.Length} bytes",
            Deliveries.Rule(source.Verify(Header(written[..^2]), Body)));
    }

    [Theory]
    [InlineData("{method} {path} {body}", "POST /webhooks/v1/shop BODY")]
    [InlineData("{target}:{body}", "/webhooks/v1/shop?from=test:BODY")]
    [InlineData("{url}{body}", "https://shop.example/hooks?x=1BODY")]
    [InlineData("v0:{header:X-Id}:{header:X-Topic}:{body}", "v0:id-1:order.placed:BODY")]
    [InlineData("{body}{body}", "BODYBODY")]
    public void What_is_signed_is_what_the_template_says(string template, string content)
    {
        var source = Opened.Source(
            $"{Plain},\"Content\":\"{template}\",\"Url\":\"https://shop.example/hooks?x=1\"");
        var headers = Header(Hex("hush", content.Replace("BODY", Body, StringComparison.Ordinal)));
        headers["X-Id"] = "id-1";
        headers["X-Topic"] = "order.placed";

        Assert.IsType<Verification.Authentic>(source.Verify(headers, Body));
        headers = Header(Hex("hush", Body));
        Assert.IsType<Verification.Forged>(source.Verify(headers, Body));
    }

    [Fact]
    public void A_signed_header_that_is_missing_is_named()
    {
        var source = Opened.Source($"{Plain},\"Content\":\"{{header:X-Id}}{{body}}\"");

        Assert.Equal("X-Id is missing", Deliveries.Rule(source.Verify(Header(Hex("hush", Body)), Body)));
    }

    [Theory]
    [InlineData("1785585600")]
    [InlineData("1785585600000")]
    [InlineData("2026-08-01T12:00:00Z")]
    [InlineData("2026-08-01T14:00:00.5+02:00")]
    public void A_timestamp_may_be_seconds_milliseconds_or_a_time(string timestamp)
    {
        var source = Opened.Source($"{Plain},\"Content\":\"{{timestamp}}.{{body}}\",\"TimestampHeader\":\"X-At\"");
        var headers = Header(Hex("hush", $"{timestamp}.{Body}"));
        headers["X-At"] = timestamp;

        Assert.IsType<Verification.Authentic>(source.Verify(headers, Body, Deliveries.Now.AddSeconds(300)));
        Assert.IsType<Verification.Authentic>(source.Verify(headers, Body, Deliveries.Now.AddSeconds(-299)));
        Assert.Equal(
            "X-At is older than the tolerance of 300 s",
            Deliveries.Rule(source.Verify(headers, Body, Deliveries.Now.AddSeconds(301))));
        Assert.Equal(
            "X-At is ahead by more than the tolerance of 300 s",
            Deliveries.Rule(source.Verify(headers, Body, Deliveries.Now.AddSeconds(-301))));
        headers["X-At"] = "1785585601";
        Assert.Equal("X-Signature matches no live secret", Deliveries.Rule(source.Verify(headers, Body)));
    }

    [Theory]
    [InlineData(null, "X-At is missing")]
    [InlineData("", "X-At is missing")]
    [InlineData("-1", "X-At must be seconds or milliseconds since 1970, or an ISO 8601 time with its zone")]
    [InlineData("2026-08-01T12:00:00",
        "X-At must be seconds or milliseconds since 1970, or an ISO 8601 time with its zone")]
    [InlineData("999999999999999999",
        "X-At must be seconds or milliseconds since 1970, or an ISO 8601 time with its zone")]
    [InlineData("0", "X-At is older than the tolerance of 300 s")]
    public void A_timestamp_that_is_none_is_named(string? timestamp, string rule)
    {
        var source = Opened.Source($"{Plain},\"Content\":\"{{timestamp}}.{{body}}\",\"TimestampHeader\":\"X-At\"");
        var headers = Header(Hex("hush", $"{timestamp}.{Body}"));
        headers["X-At"] = timestamp;

        Assert.Equal(rule, Deliveries.Rule(source.Verify(headers, Body)));
    }

    [Fact]
    public void Any_live_secret_and_any_of_several_signatures_will_do()
    {
        var source = Opened.Source(
            "\"Kind\":\"Hmac\",\"Secrets\":[\"new\",\"old\"],\"Header\":\"X-Signature\",\"Prefix\":\"v1=\","
            + "\"Separator\":\",\"");
        var (right, wrong) = ($"v1={Hex("old", Body)}", $"v1={Hex("older", Body)}");

        Assert.IsType<Verification.Authentic>(source.Verify(Header(right), Body));
        Assert.IsType<Verification.Authentic>(source.Verify(Header($"v0=1, {wrong}, v1=zz, {right}"), Body));
        Assert.Equal("X-Signature matches no live secret", Deliveries.Rule(source.Verify(Header(wrong), Body)));
        Assert.Equal(
            "X-Signature holds no Hex of 32 bytes",
            Deliveries.Rule(source.Verify(Header(right.Replace("v1", "v2", StringComparison.Ordinal)), Body)));
        Assert.Equal(
            "X-Signature holds more than 16 signatures",
            Deliveries.Rule(source.Verify(Header(string.Join(',', Enumerable.Repeat(right, 17))), Body)));
    }

    [Fact]
    public void A_signature_that_is_missing_or_given_twice_is_forged()
    {
        var source = Opened.Source(Plain);

        Assert.Equal("X-Signature is missing", Deliveries.Rule(source.Verify(new HeaderDictionary(), Body)));
        var headers = Header(Hex("hush", Body));
        headers["X-Signature"] = new([headers["X-Signature"].ToString(), "00"]);
        Assert.Equal("X-Signature is given more than once", Deliveries.Rule(source.Verify(headers, Body)));
    }

    [Theory]
    [InlineData("Hex", "68757368")]
    [InlineData("Base64", "aHVzaA==")]
    public void A_secret_may_be_written_as_bytes(string encoding, string secret)
    {
        var source = Opened.Source($"\"Kind\":\"Hmac\",\"Secrets\":[\"{secret}\"],"
            + $"\"SecretEncoding\":\"{encoding}\",\"Header\":\"X-Signature\"");

        Assert.IsType<Verification.Authentic>(source.Verify(Header(Hex("hush", Body)), Body));
    }

    [Fact]
    public void The_type_of_an_event_may_stand_in_a_header_or_deep_in_the_body()
    {
        var byHeader = Opened.Source($"{Plain},\"TopicHeader\":\"X-Topic\"");
        var body = """{"data":{"orderId":"7"}}""";
        var headers = Header(Hex("hush", body));
        Assert.Equal(
            "X-Topic is missing, longer than 128 or not visible ASCII",
            Opened.Reason(byHeader.Accept(headers, body)));
        headers["X-Topic"] = "order.cancelled";
        Assert.Equal(
            "data.cancelled must be true: the type is not signed, so the data must say it too",
            Opened.Reason(byHeader.Accept(headers, body)));
        var saysSo = """{"data":{"orderId":"7","cancelled":true}}""";
        headers["X-Signature"] = Hex("hush", saysSo);
        Assert.IsType<OrderCancelled>(Opened.Understood(byHeader.Accept(headers, saysSo)).Change);

        var signed = Opened.Source(
            $"{Plain},\"TopicHeader\":\"X-Topic\",\"Content\":\"{{header:x-topic}}.{{body}}\"");
        headers["X-Signature"] = Hex("hush", $"order.cancelled.{body}");
        Assert.IsType<OrderCancelled>(Opened.Understood(signed.Accept(headers, body)).Change);

        var byPath = Opened.Source($"{Plain},\"TopicField\":\"meta.event.name\"");
        body = """{"meta":{"event":{"name":"order.cancelled"}},"data":{"orderId":"7"}}""";
        Assert.IsType<OrderCancelled>(
            Opened.Understood(byPath.Accept(Header(Hex("hush", body)), body)).Change);
        body = """{"meta":{"event":"order.cancelled"},"data":{"orderId":"7"}}""";
        Assert.Equal(
            "meta.event is a JSON text, expected an object",
            Opened.Reason(byPath.Accept(Header(Hex("hush", body)), body)));
    }

    [Fact]
    public void Without_a_signed_id_an_event_is_known_by_its_body()
    {
        var source = Opened.Source(Plain);
        var key = Opened.Understood(source.Accept(Header(Hex("hush", Body)), Body)).EventKey;

        Assert.Equal(
            $"order.cancelled:sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)))}", key);
    }

    [Fact]
    public void No_header_makes_it_throw()
    {
        IWebhookSource[] sources =
        [
            Opened.Source("\"Kind\":\"Hmac\",\"Scheme\":\"Stripe\",\"Secrets\":[\"hush\"]"),
            Opened.Source($"{Plain},\"Encoding\":\"Base64Url\",\"Content\":\"{{timestamp}}{{header:X-Id}}{{body}}\","
                + "\"TimestampHeader\":\"X-At\",\"TopicHeader\":\"X-Id\""),
            Opened.Source($"{Plain},\"Encoding\":\"Base64\",\"Separator\":\" \""),
            Opened.Source("\"Kind\":\"Hmac\",\"Scheme\":\"Basic\",\"Secrets\":[\"a:b\"],\"AllowUnsigned\":true"),
        ];
        var text = Gen.OneOf<string>(
            Gen.String, Gen.String["0123456789abcdefABCDEF=,.v1t-_:TZ "], Gen.Long.Select(number => $"{number}"),
            Gen.Const("t=1785585600,v1=00"), Gen.Const("Basic QUJD"));
        Gen.Select(Gen.OneOf(sources), text, text, text).Sample(
            (source, signature, at, id) =>
            {
                var headers = new HeaderDictionary
                {
                    ["X-Signature"] = signature,
                    ["Stripe-Signature"] = signature,
                    ["Authorization"] = signature,
                    ["X-At"] = at,
                    ["X-Id"] = id,
                };
                return source.Verify(headers, Body) is Verification.Forged;
            },
            iter: 5000);
    }

    private static HeaderDictionary Header(string signature) => new() { ["X-Signature"] = signature };

    private static string Hex(string secret, string signed) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
}
