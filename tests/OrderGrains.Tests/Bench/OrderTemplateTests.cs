using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrderGrains.Bench.Load;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Bench;

/// <summary>The load's orders are the shop's orders, each its own, with a signature that the product accepts.</summary>
public sealed class OrderTemplateTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(1_234_567)]
    public void The_product_takes_the_signature_and_reads_the_order(long number)
    {
        var template = new OrderTemplate(OrderShape.Ordinary, TimeProvider.System);
        var (headers, body) = Request(template, number);

        var source = new ShopifySource("acme", new ShopifyOptions { Secrets = [OrderTemplate.Secret] });
        var verified = source.Verify(new WebhookRequest(headers, body), TimeProvider.System.GetUtcNow());
        Assert.IsType<Verification.Authentic>(verified);

        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal(OrderTemplate.IdOf(number), json.GetProperty("id").GetInt64());
        Assert.Equal(number, OrderTemplate.NumberOf(json.GetProperty("id").GetInt64()));
        var skus = json.GetProperty("line_items").EnumerateArray().Select(line => line.GetProperty("sku").GetString());
        Assert.Equal(
            [OrderShape.Sku(template.SkuOf(number, 0)), OrderShape.Sku(template.SkuOf(number, 1))], skus.ToList());
    }

    [Fact]
    public void Each_order_has_its_own_ids_and_delivery()
    {
        var template = new OrderTemplate(OrderShape.Ordinary, TimeProvider.System);
        var requests = Enumerable.Range(0, 100).Select(number => Request(template, number)).ToList();

        Assert.Equal(100, Distinct(requests.Select(each => each.Headers["X-Shopify-Webhook-Id"].ToString())));
        var orders = requests.Select(each => JsonDocument.Parse(each.Body).RootElement).ToList();
        Assert.Equal(100, Distinct(orders.Select(order => order.GetProperty("name").GetString()!)));
        Assert.True(Distinct(orders.SelectMany(order => order.GetProperty("line_items").EnumerateArray())
            .Select(line => line.GetProperty("sku").GetString()!)) > 100);
    }

    private static int Distinct(IEnumerable<string> texts) => texts.ToHashSet(StringComparer.Ordinal).Count;

    [Fact]
    public void Bodies_are_as_large_as_asked()
    {
        Assert.InRange(new OrderTemplate(OrderShape.Ordinary, TimeProvider.System).BodyBytes, 3 * 1024, 4 * 1024);
        Assert.InRange(new OrderTemplate(OrderShape.Large, TimeProvider.System).BodyBytes, 28 * 1024, 29 * 1024);
    }

    private static (HeaderDictionary Headers, byte[] Body) Request(OrderTemplate template, long number)
    {
        var (request, digest) = (template.Copy(), new byte[32]);
        template.Sign(template.Copy(), number, digest);
        template.Write(request, number, digest);
        var text = Encoding.ASCII.GetString(request);
        var parts = text.Split("\r\n\r\n", 2);
        var headers = new HeaderDictionary();
        foreach (var line in parts[0].Split("\r\n")[1..])
            headers[line.Split(": ", 2)[0]] = line.Split(": ", 2)[1];
        Assert.Equal(parts[1].Length.ToString(CultureInfo.InvariantCulture), headers.ContentLength.ToString());
        return (headers, Encoding.ASCII.GetBytes(parts[1]));
    }
}
