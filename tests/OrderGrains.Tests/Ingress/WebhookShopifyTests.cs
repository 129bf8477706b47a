using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Connectors.Shopify;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>What a shop tells beside whole orders, posted to the whole product.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookShopifyTests(RunningProduct product)
{
    private readonly HandOrder _order = new(product);

    private string Sku => $"{RunningProduct.LeftAlone}{_order.OrderId}";

    [Fact]
    public async Task An_order_that_was_fulfilled_elsewhere_before_it_is_heard_of_is_not_sent()
    {
        await _order.CountAsync(Sku, 10);
        Assert.Equal("applied", await _order.SendAsync(Fulfilment(2, "success", (1, 3)), "fulfillments/create"));
        await _order.SendAsync(_order.Stated(1, (Sku, 3)));

        var shipped = await _order.WhenAsync("shipped");
        Assert.Equal(3, shipped.GetProperty("lines")[0].GetProperty("elsewhere").GetInt32());
        Assert.Null(product.Warehouse.Book.Find(_order.Reference()));
        Assert.Equal((10, 0, 0), await _order.StockAsync(Sku));
    }

    [Fact]
    public async Task What_is_fulfilled_elsewhere_is_taken_off_the_release_and_back_when_it_is_cancelled_there()
    {
        await _order.CountAsync(Sku, 10);
        await _order.SendAsync(_order.Stated(1, (Sku, 3)));
        await _order.AsksForAsync(1, (1, Sku, 3));

        await _order.SendAsync(Fulfilment(2, "success", (1, 2)), "fulfillments/create");
        await _order.AsksForAsync(1, (1, Sku, 1));
        Assert.Equal("stale", await _order.SendAsync(Fulfilment(0, "success", (1, 3)), "fulfillments/update"));
        await _order.SendAsync(Fulfilment(3, "cancelled", (1, 2)), "fulfillments/update");
        await _order.AsksForAsync(1, (1, Sku, 3));
    }

    [Fact]
    public async Task An_order_that_is_fulfilled_elsewhere_whole_is_stopped_at_the_warehouse()
    {
        await _order.CountAsync(Sku, 10);
        await _order.SendAsync(_order.Stated(1, (Sku, 3)));
        await _order.AsksForAsync(1, (1, Sku, 3));

        await _order.SendAsync(Fulfilment(2, "success", (1, 3)), "fulfillments/create");
        await _order.AtWarehouseAsync(o => o.Status == WarehouseStatus.Cancelled);
        await _order.WhenAsync("shipped");
    }

    [Fact]
    public async Task A_parcel_of_ours_that_the_shop_tells_of_by_itself_counts_once()
    {
        await _order.CountAsync(Sku, 10);
        await _order.SendAsync(_order.Stated(1, (Sku, 3)));
        await _order.AsksForAsync(1, (1, Sku, 3));
        await _order.ShipAsync("p1", "X9", (1, 2));
        var told = Fulfilment(2, "success", (1, 2));
        told["tracking_number"] = "x9";
        await _order.SendAsync(told, "fulfillments/create");

        var line = (await _order.WhenAsync("partiallyShipped")).GetProperty("lines")[0];
        Assert.Equal((2, 0),
            (line.GetProperty("shipped").GetInt32(), line.GetProperty("elsewhere").GetInt32()));
    }

    [Theory]
    [InlineData("fulfillment_orders/placed_on_hold", "parked", "fulfilment order 1 is on hold in the shop")]
    [InlineData("app/uninstalled", "parked", "the shop has uninstalled the app")]
    [InlineData("inventory_levels/update", "ignored", "the shop has 10 available")]
    public async Task What_only_the_shop_can_tell_of_is_shown(string topic, string outcome, string reason)
    {
        var receipt = await product.SettledAsync(await product.AcceptedAsync(
            product.ByShopify("acme", ShopifyExamples.Newest(topic), topic: topic)));

        Assert.Equal(outcome, receipt.GetProperty("outcome").GetString());
        Assert.Contains(reason, receipt.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_headers_of_Events_are_taken_too()
    {
        var request = product.ByShopify("acme", Encoding.UTF8.GetBytes(_order.Stated(0, (Sku, 1)).ToJsonString()));
        foreach (var name in request.Headers.Select(header => header.Key).ToArray())
        {
            request.Headers.Add(name[2..], request.Headers.GetValues(name));
            request.Headers.Remove(name);
        }

        var receipt = await product.SettledAsync(await product.AcceptedAsync(request));
        Assert.Equal("applied", receipt.GetProperty("outcome").GetString());
        Assert.Equal("orders/create", receipt.GetProperty("topic").GetString());
    }

    private JsonObject Fulfilment(int second, string status, params (int Line, int Units)[] lines)
    {
        var told = _order.Fulfilment("", lines);
        (told["status"], told["tracking_number"]) = (status, null);
        told["order_id"] = long.Parse(_order.OrderId, CultureInfo.InvariantCulture);
        told["updated_at"] = _order.Time(second);
        return told;
    }
}
