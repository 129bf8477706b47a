using System.Text;
using Microsoft.AspNetCore.Http;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Proofs;

/// <summary>Schemes that have a name. Vendors' own libraries sign for <c>NodeSignerTests</c>.</summary>
public sealed class SchemeTests
{
    [Fact]
    public void GitHub_signs_as_its_documentation_shows()
    {
        // docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
        var source = Opened.Source(
            "\"Kind\":\"Hmac\",\"Scheme\":\"GitHub\",\"Secrets\":[\"It's a Secret to Everybody\"]");
        var headers = new HeaderDictionary
        {
            ["X-Hub-Signature-256"] = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            ["X-GitHub-Event"] = "push",
        };

        Assert.Equal(new Verification.Authentic("push", null), source.Verify(headers, "Hello, World!"));
        Assert.Equal(
            "ignored: type push is not one that we act on",
            Opened.Reason(source.Read(Deliveries.Receipt("push", "{}"))));
    }

    [Fact]
    public void Square_signs_the_address_that_it_calls()
    {
        const string body = """{"type":"order.updated"}""";
        // printf '<address>{"type":"order.updated"}' | openssl dgst -sha256 -hmac hush -binary | base64
        var headers = new HeaderDictionary
        {
            ["x-square-hmacsha256-signature"] = "/jipeR/mJ3SobaqmY4mW//YVRMtxQxpx+xIANrKvGLY=",
        };
        var section = "\"Kind\":\"Hmac\",\"Scheme\":\"Square\",\"Secrets\":[\"hush\"],\"Url\":";

        Assert.IsType<Verification.Authentic>(
            Opened.Source($"{section}\"https://shop.example/webhooks/v1/shop\"").Verify(headers, body));
        Assert.IsType<Verification.Forged>(
            Opened.Source($"{section}\"https://shop.example/webhooks/v1/other\"").Verify(headers, body));
    }

    [Fact]
    public void The_secret_of_Squarespace_is_hexadecimal()
    {
        const string body = """{"topic":"order.update"}""";
        // printf '{"topic":"order.update"}' | openssl dgst -sha256 -mac hmac -macopt hexkey:68757368
        var headers = new HeaderDictionary
        {
            ["Squarespace-Signature"] = "9ddb71c23a5570e85fc10cd091d6f6399057ab59c7529666c5692c5b5aff8109",
        };
        var source = Opened.Source("\"Kind\":\"Hmac\",\"Scheme\":\"Squarespace\",\"Secrets\":[\"68757368\"]");

        Assert.Equal(
            "ignored: type order.update is not one that we act on", Opened.Reason(source.Accept(headers, body)));
    }

    [Fact]
    public void Fourthwall_signs_the_body()
    {
        const string body = """{"type":"ORDER_PLACED"}""";
        // printf '{"type":"ORDER_PLACED"}' | openssl dgst -sha256 -hmac hush -binary | base64
        var headers = new HeaderDictionary
        {
            ["X-Fourthwall-Hmac-SHA256"] = "PcBtwoHenN771BzcwsQKRetL1K9GfTjnluCHWkt3TWQ=",
        };
        var source = Opened.Source("\"Kind\":\"Hmac\",\"Scheme\":\"Fourthwall\",\"Secrets\":[\"hush\"]");

        Assert.Equal(
            "ignored: type ORDER_PLACED is not one that we act on", Opened.Reason(source.Accept(headers, body)));
    }

    [Theory]
    [InlineData("Ada:open:sesame", true)]
    [InlineData("Ada:ouvre-toi", true)]
    [InlineData("Ada:open", false)]
    [InlineData("", false)]
    public void Basic_is_a_user_and_a_password(string sent, bool authentic)
    {
        var source = Opened.Source("\"Kind\":\"Hmac\",\"Scheme\":\"Basic\",\"AllowUnsigned\":true,"
            + "\"Secrets\":[\"Ada:open:sesame\",\"Ada:ouvre-toi\"]");
        var headers = new HeaderDictionary
        {
            ["Authorization"] = $"basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(sent))}",
        };

        Assert.Equal(authentic, source.Verify(headers, "{}") is Verification.Authentic);
    }

    [Theory]
    [InlineData(null, "Authorization is missing")]
    [InlineData("Basic QWRhOm9wZW4=", "Authorization must begin with 'Bearer '")]
    [InlineData("Bearer hushh", "Authorization matches no live secret")]
    [InlineData("Bearer ", "Authorization matches no live secret")]
    [InlineData("bearer hush", "")]
    public void Bearer_is_a_token(string? sent, string rule)
    {
        var source = Opened.Source(
            "\"Kind\":\"Hmac\",\"Scheme\":\"Bearer\",\"AllowUnsigned\":true,\"Secrets\":[\"new\",\"hush\"]");

        Assert.Equal(rule, Deliveries.Rule(source.Verify(new HeaderDictionary { ["Authorization"] = sent }, "{}")));
    }

    [Fact]
    public void A_token_may_stand_in_a_header_of_the_senders_own()
    {
        var source = Opened.Source("\"Kind\":\"Hmac\",\"Scheme\":\"Bearer\",\"AllowUnsigned\":true,"
            + "\"Header\":\"X-Token\",\"Prefix\":\"\",\"Secrets\":[\"hush\"]");

        Assert.IsType<Verification.Authentic>(source.Verify(new HeaderDictionary { ["X-Token"] = "hush" }, "{}"));
        Assert.IsType<Verification.Forged>(source.Verify(new HeaderDictionary { ["X-Token"] = "hus" }, "{}"));
    }

    [Fact]
    public void What_is_no_JSON_is_415_however_it_is_signed()
    {
        var source = Opened.Source(
            "\"Kind\":\"Hmac\",\"Scheme\":\"Bearer\",\"AllowUnsigned\":true,\"Secrets\":[\"hush\"]");
        var headers = new HeaderDictionary
        {
            ["Authorization"] = "Bearer hush",
            ["Content-Type"] = "application/x-www-form-urlencoded",
        };

        Assert.Equal(
            new Verification.WrongMediaType("Content-Type must be application/json"), source.Verify(headers, "{}"));
    }
}
