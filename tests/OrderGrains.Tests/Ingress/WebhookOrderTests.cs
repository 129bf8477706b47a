using System.Text;
using System.Text.Json;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Webhooks that become orders, as the operator API shows them and as the warehouse has them.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookOrderTests(RunningProduct product)
{
    /// <summary>Shopify's own example order; Connectors/Samples/README.md names its source.</summary>
    private static readonly byte[] Sample =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Connectors", "Samples", "order-450789469.json"));

    [Fact]
    public async Task Shopifys_own_example_becomes_the_right_order()
    {
        var receipt = await product.AcceptedAsync(product.ByShopify("acme", Sample));
        Assert.Equal("applied", (await product.SettledAsync(receipt)).GetProperty("outcome").GetString());

        var order = await ShippedAsync("acme", "450789469");

        Assert.Equal(("acme", "450789469", "#1001"),
            (Text(order, "source"), Text(order, "orderId"), Text(order, "number")));
        Assert.Equal(DateTimeOffset.Parse("2008-01-10T16:00:00Z"), order.GetProperty("placedAt").GetDateTimeOffset());
        Assert.Equal(
            [
                ("466157049", "IPOD2008GREEN", 0, 0), ("518995019", "IPOD2008RED", 1, 1),
                ("703073504", "IPOD2008BLACK", 0, 0),
            ],
            order.GetProperty("lines").EnumerateArray().Select(line => (
                Text(line, "lineId"), Text(line, "sku"),
                line.GetProperty("quantity").GetInt32(), line.GetProperty("shipped").GetInt32())));
        var taken = product.Warehouse.Book.Find("acme-450789469-1")!.Take;
        Assert.Equal(("acme", "450789469", "#1001"), (taken.Source, taken.OrderId, taken.OrderNumber));
        Assert.Equal([new WarehouseLine("518995019", "IPOD2008RED", 1)], taken.Lines);
    }

    [Fact]
    public async Task An_id_beyond_2_to_the_53_survives_digit_for_digit()
    {
        var shop = product.OpenShop("digits", seed: 5);
        var delivery = shop.Place(lines: [(Catalogue.Items[0], 2), (Catalogue.Items[1], 1)]);
        Assert.Contains("\"id\":820982911946154508,", Encoding.UTF8.GetString(delivery.Body.Span),
            StringComparison.Ordinal);

        Assert.True((await shop.SendOnceAsync(delivery, TestContext.Current.CancellationToken)).Acknowledged);
        var order = await ShippedAsync("digits", "820982911946154508");

        Assert.Equal("820982911946154508", Text(order, "orderId"));
        Assert.Equal(["415982911946154508", "415982911946154509"],
            order.GetProperty("lines").EnumerateArray().Select(line => Text(line, "lineId")), StringComparer.Ordinal);
        Assert.Equal("digits-820982911946154508-1",
            Text(Assert.Single(order.GetProperty("releases").EnumerateArray()), "reference"));
        Assert.Equal("820982911946154508", product.Warehouse.Book.Find("digits-820982911946154508-1")!.Take.OrderId);
        Assert.Null(await product.FindAsync(
            "/api/v1/orders/digits/820982911946154500", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_timeline_tells_the_whole_story_in_order()
    {
        var body = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(Sample).Replace("450789469", "450789470", StringComparison.Ordinal));
        await product.AcceptedAsync(product.ByShopify("acme", body));

        var order = await ShippedAsync("acme", "450789470");

        var kinds = order.GetProperty("timeline").EnumerateArray().Select(entry => Text(entry, "kind")).ToList();
        Assert.Equal("receipt.applied", kinds[0]);
        var accepted = kinds.IndexOf("release.accepted");
        Assert.InRange(accepted, 1, kinds.Count - 2);
        Assert.Contains("receipt.applied", kinds.Skip(accepted), StringComparer.Ordinal);
    }

    private Task<JsonElement> ShippedAsync(string source, string id) => product.GetWhenAsync(
        $"/api/v1/orders/{source}/{id}", order => Text(order, "status") == "shipped");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
