using System.Text;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>
/// Authentic bodies that cannot be understood: the sender cannot mend them by sending again, so 200 and a person.
/// </summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookParkedTests(RunningProduct product)
{
    private const string Order = """
        {"id":77,"name":"#77","order_number":77,"created_at":"2026-08-01T12:00:00Z","updated_at":"2026-08-01T12:00:00Z",
        "financial_status":"paid","line_items":[{"id":1,"sku":"TIN-ROUND-S","quantity":1}]}
        """;

    [Theory]
    [InlineData("orders/create", "this is not JSON", "the body is not JSON: line 1, byte 2")]
    [InlineData("orders/create", "[1,2]", "the body is a JSON array, expected an object")]
    [InlineData("orders/create", "{\"name\":\"#1\"}", "id is missing")]
    [InlineData("refunds/create", "{\"id\":1}", "order_id is missing")]
    [InlineData("", "{\"id\":1}", "X-Shopify-Topic is missing, longer than 128 or not visible ASCII")]
    public async Task A_body_that_makes_no_sense_is_parked_with_the_rule(string topic, string body, string reason) =>
        await AssertParkedAsync(topic, body, reason);

    [Theory]
    [InlineData("\"id\":77,", "", "id is missing")]
    [InlineData("\"quantity\":1", "\"quantity\":-1", "line_items[0].quantity is -1; it must not be negative")]
    [InlineData("\"quantity\":1", "\"quantity\":1000001", "line_items[0].quantity is 1000001; the limit is 1000000")]
    [InlineData("\"quantity\":1", "\"quantity\":0.5", "line_items[0].quantity is 0.5; it must be a whole number")]
    [InlineData("\"quantity\":1", "\"quantity\":1e999", "line_items[0].quantity is 1e999; the limit is 1000000")]
    [InlineData("\"id\":1,", "", "line_items[0].id is missing")]
    public async Task An_absurd_order_is_parked_with_field_and_rule(string now, string then, string reason)
    {
        var body = Order.Replace(now, then, StringComparison.Ordinal);
        Assert.False(Order == body, "the test replaces nothing");
        await AssertParkedAsync("orders/create", body, reason);
    }

    [Theory]
    [InlineData("""{"type":"stock.counted"}""", "data is missing")]
    [InlineData("""
        {"type":"stock.counted",
        "data":{"location":"east","asOf":"2026-08-01T12:00:00Z","items":[{"sku":"A","onHand":-1}]}}
        """,
        "items[0] (SKU A): onHand is -1; it must not be negative; nothing is counted")]
    [InlineData("""
        {"type":"stock.counted",
        "data":{"location":"west","asOf":"2026-08-01T12:00:00Z","items":[{"sku":"A","onHand":1}]}}
        """,
        "east-wms does not serve location 'west'")]
    [InlineData("""
        {"type":"shipment.created","data":{"reference":"unheard-of","shipmentId":"s",
        "lines":[{"lineId":"1","quantity":1}],"shippedAt":"2026-08-01T12:00:00Z"}}
        """,
        "data.reference fits no configured storefront: expected source-order id-release number")]
    public async Task A_warehouse_event_that_cannot_be_is_parked_with_field_and_rule(string body, string reason)
    {
        var receipt = await product.AcceptedAsync(product.ByWarehouse(Encoding.UTF8.GetBytes(body)));

        await AssertParkedAsync(receipt, reason);
    }

    [Fact]
    public async Task What_is_parked_is_listed_for_a_person_with_its_reason()
    {
        var receipt = await product.AcceptedAsync(product.ByShopify("odd", "{\"id\":[]}"u8.ToArray()));
        await product.SettledAsync(receipt);

        var parked = await product.GetAsync($"/api/v1/parked/{receipt}", TestContext.Current.CancellationToken);

        Assert.Equal("receipt", parked.GetProperty("kind").GetString());
        Assert.Equal("odd", parked.GetProperty("source").GetString());
        Assert.Equal("id is a JSON array, expected a text", parked.GetProperty("reason").GetString());
    }

    private async Task AssertParkedAsync(string topic, string body, string reason)
    {
        var request = product.ByShopify("odd", Encoding.UTF8.GetBytes(body), topic: topic);
        if (topic.Length == 0)
            request.Headers.Remove("X-Shopify-Topic");
        await AssertParkedAsync(await product.AcceptedAsync(request), reason);
    }

    private async Task AssertParkedAsync(string receipt, string reason)
    {
        var row = await product.SettledAsync(receipt);
        Assert.Equal("parked", row.GetProperty("outcome").GetString());
        Assert.Equal(reason, row.GetProperty("reason").GetString());
    }
}
