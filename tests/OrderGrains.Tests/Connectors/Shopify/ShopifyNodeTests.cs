using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

/// <summary>Shopify's own library accepts and refuses just what we accept and refuse.</summary>
public sealed class ShopifyNodeTests : IDisposable
{
    private const string Body = """{"id":820982911946154508,"name":"Zoë"}""";

    private readonly NodeFolder _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task What_the_vendors_library_takes_for_authentic_we_do()
    {
        await _node.InstallAsync("tests/OrderGrains.Tests/Connectors/Shopify/npm");
        var webhook = Signed(prefix: "X-");
        var own = Signed(prefix: "");
        var misshapen = Signed(prefix: "X-");
        misshapen["X-Shopify-Hmac-Sha256"] = "AAAA";
        (string Secret, Dictionary<string, string> Headers, string Body, bool IsAuthentic)[] sent =
        [
            ("hush", webhook, Body, true), ("hush", own, Body, true),
            ("another", webhook, Body, false), ("another", own, Body, false),
            ("hush", webhook, $"{Body} ", false), ("hush", own, $"{Body} ", false), ("hush", misshapen, Body, false),
        ];

        using var said = JsonDocument.Parse(await _node.RunAsync("validate.mjs", JsonSerializer.Serialize(
            sent.Select(one => new { secret = one.Secret, headers = one.Headers, body = one.Body }))));

        Assert.Equal(sent.Select(one => one.IsAuthentic),
            said.RootElement.EnumerateArray().Select(answer => answer.GetProperty("valid").GetBoolean()));
        Assert.Equal(sent.Select(one => one.IsAuthentic), sent.Select(one => Ours(one.Secret, one.Headers, one.Body)));
    }

    private static bool Ours(string secret, Dictionary<string, string> headers, string body)
    {
        var all = new HeaderDictionary();
        foreach (var (name, value) in headers)
            all[name] = value;
        return Deliveries.Shop(secret).Verify(new WebhookRequest(all, Encoding.UTF8.GetBytes(body)), Deliveries.Now)
            is Verification.Authentic;
    }

    /// <summary>As our tests sign, with all that the library wants beside.</summary>
    private static Dictionary<string, string> Signed(string prefix)
    {
        var signed = Deliveries.SignedByShopify("hush", Encoding.UTF8.GetBytes(Body));
        signed["X-Shopify-Shop-Domain"] = "acme.myshopify.com";
        signed["X-Shopify-Api-Version"] = "2026-07";
        signed["X-Shopify-Event-Id"] = "e-1";
        return signed.Where(header => header.Key.StartsWith("X-", StringComparison.Ordinal))
            .ToDictionary(
                header => prefix + header.Key[2..], header => header.Value.ToString(), StringComparer.Ordinal);
    }
}
