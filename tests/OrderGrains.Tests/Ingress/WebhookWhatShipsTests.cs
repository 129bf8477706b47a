using System.Text.Json.Nodes;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Which of a shop's orders reach the warehouse, with which lines, for whom.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookWhatShipsTests(RunningProduct product)
{
    private readonly HandOrder _order = new(product);

    private string Sku => $"{RunningProduct.LeftAlone}{_order.OrderId}";

    [Fact]
    public async Task Units_refunded_after_they_had_shipped_do_not_stop_the_others()
    {
        await _order.CountAsync(Sku, 10);
        var stated = _order.Stated(0, (Sku, 3));
        var line = stated["line_items"]![0]!;
        (line["current_quantity"], line["fulfillable_quantity"]) = (2, 2);
        stated["fulfillments"] = new JsonArray(_order.Fulfilment("X1", (1, 1)));
        stated["refunds"] = JsonNode.Parse($$"""
            [{"id":7,"refund_line_items":[
              {"line_item_id":{{_order.LineId(1)}},"quantity":1,"restock_type":"no_restock"}]}]
            """);
        await _order.SendAsync(stated);

        await _order.AsksForAsync(1, (1, Sku, 2));
    }

    [Fact]
    public async Task An_order_without_an_address_is_held_and_goes_out_once_it_has_one()
    {
        await _order.CountAsync(Sku, 10);
        var stated = _order.Stated(0, (Sku, 1));
        stated["shipping_address"] = null;
        await _order.SendAsync(stated);
        var held = await _order.WhenAsync("onHold");
        Assert.Equal("it has no shipping address", held.GetProperty("holdReason").GetString());

        await _order.SendAsync(_order.Stated(1, (Sku, 1)));
        await _order.AsksForAsync(1, (1, Sku, 1));
    }

    [Theory]
    [InlineData("source_name", "\"pos\"")]
    [InlineData("shipping_lines", """[{"id":1,"title":"Main St","delivery_category":"pick_up"}]""")]
    public async Task What_a_person_hands_over_is_held(string field, string json)
    {
        var stated = _order.Stated(0, (Sku, 1));
        stated[field] = JsonNode.Parse(json);
        await _order.SendAsync(stated);

        Assert.Contains("hands it over", (await _order.WhenAsync("onHold")).GetProperty("holdReason").GetString(),
            StringComparison.Ordinal);
        Assert.Null(product.Warehouse.Book.Find(_order.Reference()));
    }

    [Fact]
    public async Task Lines_of_another_fulfilment_service_are_not_ours()
    {
        await _order.CountAsync(Sku, 10);
        var stated = _order.Stated(0, (Sku, 1), ("THEIRS", 1));
        stated["line_items"]![1]!["fulfillment_service"] = "amazon_marketplace_web";
        await _order.SendAsync(stated);

        await _order.AsksForAsync(1, (1, Sku, 1));
    }

    [Theory]
    [InlineData("voided")]
    [InlineData("refunded")]
    [InlineData("expired")]
    public async Task Without_its_money_nothing_is_released(string status)
    {
        await _order.CountAsync(Sku, 10);
        var stated = _order.Stated(0, (Sku, 1));
        stated["financial_status"] = status;
        await _order.SendAsync(stated);

        await _order.WhenAsync("onHold");
        Assert.Null(product.Warehouse.Book.Find(_order.Reference()));
    }

    [Fact]
    public async Task Money_given_back_after_the_release_stops_it_or_else_holds_the_order()
    {
        await _order.CountAsync(Sku, 10);
        await _order.SendAsync(_order.Stated(0, (Sku, 1)));
        await _order.WhenAsync("released");
        var other = new HandOrder(product);
        await other.SendAsync(other.Stated(0, (Sku, 1)));
        await other.WhenAsync("released");
        product.Warehouse.Book.Pick(other.Reference(), TimeProvider.System.GetUtcNow());

        foreach (var refunded in (HandOrder[])[_order, other])
        {
            var stated = refunded.Stated(1, (Sku, 1));
            stated["financial_status"] = "refunded";
            await refunded.SendAsync(stated);
        }

        await _order.AtWarehouseAsync(o => o.Status == WarehouseStatus.Cancelled);
        await _order.WhenAsync("onHold");
        await other.AtWarehouseAsync(o => o.CancelsRefused == 1);
        await other.WhenAsync("onHold");
        await other.ShipAsync("p1", null, (1, 1));
    }

    [Fact]
    public async Task A_test_order_is_ignored()
    {
        var stated = _order.Stated(0, (Sku, 1));
        stated["test"] = true;

        Assert.Equal("ignored", await _order.SendAsync(stated));
        Assert.Null(await product.FindAsync(_order.Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_order_that_was_closed_when_first_heard_of_is_kept_and_not_released()
    {
        await _order.CountAsync(Sku, 10);
        var stated = _order.Stated(0, (Sku, 1));
        stated["closed_at"] = _order.Time(0);
        await _order.SendAsync(stated);

        var kept = await _order.WhenAsync("received");
        Assert.Contains(HandOrder.Summaries(kept), s => s.Contains("put it away", StringComparison.Ordinal));
        await _order.SendAsync(_order.Stated(1, (Sku, 1)));
        await _order.WhenAsync("received");
        Assert.Null(product.Warehouse.Book.Find(_order.Reference()));
    }

    [Fact]
    public async Task An_order_placed_before_OrdersSince_is_kept_and_says_so()
    {
        var old = new HandOrder(product, "since");
        var stated = old.Stated(0, (Sku, 1));
        stated["line_items"]![0]!["fulfillment_service"] = "Third-Party";
        await old.SendAsync(stated);

        var kept = await old.WhenAsync("received");
        Assert.Contains(HandOrder.Summaries(kept), s => s.Contains("OrdersSince", StringComparison.Ordinal));
        Assert.Null(product.Warehouse.Book.Find(old.Reference()));
    }

    [Fact]
    public async Task What_a_person_hands_over_is_ignored_where_the_source_says_so()
    {
        var (pos, pickup) = (new HandOrder(product, "since"), new HandOrder(product, "since"));
        var sold = pos.Stated(0, (Sku, 1));
        sold["source_name"] = "pos";
        Assert.Equal("ignored", await pos.SendAsync(sold));

        var collected = pickup.Stated(0, (Sku, 1));
        collected["shipping_lines"] = JsonNode.Parse("""[{"id":1,"title":"Main St","delivery_category":"pick_up"}]""");
        Assert.Equal("applied", await pickup.SendAsync(collected));
        Assert.Empty((await pickup.WhenAsync(_ => true)).GetProperty("releases").EnumerateArray());
    }

    [Theory]
    [InlineData("\"A\\tB\"")]
    [InlineData("\"A\\ud800\"")]
    public async Task A_SKU_that_no_stock_can_have_holds_its_order_and_loses_nothing(string sku)
    {
        var stated = _order.Stated(0, (Sku, 1), ("X", 1));
        stated["line_items"]![1]!["sku"] = "SWAP";
        var body = stated.ToJsonString().Replace("\"SWAP\"", sku, StringComparison.Ordinal);
        await product.SettledAsync(await product.AcceptedAsync(
            product.ByShopify("acme", System.Text.Encoding.UTF8.GetBytes(body))));

        Assert.Equal($"line {_order.LineId(2)} has no SKU",
            (await _order.WhenAsync("onHold")).GetProperty("holdReason").GetString());
    }

    [Fact]
    public async Task A_rate_that_was_removed_is_not_the_method()
    {
        var stated = _order.Stated(0, (Sku, 1));
        stated["shipping_lines"] = JsonNode.Parse(
            """[{"id":1,"title":"Express","is_removed":true},{"id":2,"title":"Standard","is_removed":false}]""");
        await _order.SendAsync(stated);

        var shown = await _order.WhenAsync(_ => true);
        Assert.Equal("Standard", shown.GetProperty("shippingMethod").GetString());
    }

    [Fact]
    public async Task A_new_address_reaches_the_warehouse_or_holds_the_order()
    {
        await _order.CountAsync(Sku, 10);
        await _order.SendAsync(_order.Stated(0, (Sku, 1)));
        await _order.WhenAsync("released");
        await _order.SendAsync(Moved(1, "1 New Street"));
        await _order.AtWarehouseAsync(o => o.Take.ShipTo.Contains("1 New Street", StringComparison.Ordinal));

        product.Warehouse.Book.Pick(_order.Reference(), TimeProvider.System.GetUtcNow());
        await _order.SendAsync(Moved(2, "2 Newer Street"));

        await _order.AtWarehouseAsync(o => o is { ChangesRefused: 1, CancelsRefused: 1 });
        var shown = await _order.WhenAsync(o => HandOrder.Summaries(o).Any(s =>
            s.Contains("too late to stop", StringComparison.Ordinal)));
        Assert.Contains("too late to change who gets", shown.GetProperty("holdReason").GetString(),
            StringComparison.Ordinal);
        await _order.ShipAsync("p1", null, (1, 1));
    }

    [Fact]
    public async Task Within_one_second_what_was_sent_last_holds()
    {
        await _order.CountAsync(Sku, 10);
        var held = _order.Stated(0, (Sku, 1));
        held["financial_status"] = "pending";
        Assert.Equal("applied", await _order.SendAsync(_order.Stated(0, (Sku, 1)), triggeredAt: _order.Time(2)));

        Assert.Equal("stale", await _order.SendAsync(held, triggeredAt: _order.Time(1)));
        Assert.Equal("applied", await _order.SendAsync(held, triggeredAt: _order.Time(3)));
    }

    [Fact]
    public async Task An_edit_of_the_second_of_the_only_snapshot_counts_until_the_shop_shows_it()
    {
        await _order.CountAsync(Sku, 10);
        await _order.SendAsync(_order.Stated(0, (Sku, 2)));
        await _order.SendAsync(new JsonObject
        {
            ["order_edit"] = new JsonObject
            {
                ["id"] = 1,
                ["order_id"] = long.Parse(_order.OrderId),
                ["committed_at"] = _order.Time(0),
                ["line_items"] = new JsonObject
                {
                    ["additions"] = new JsonArray(
                        new JsonObject { ["id"] = long.Parse(_order.LineId(1)), ["delta"] = 1 }),
                    ["removals"] = new JsonArray(),
                },
            },
        }, "orders/edited");
        await _order.AsksForAsync(1, (1, Sku, 3));

        await _order.SendAsync(_order.Stated(1, (Sku, 3)));
        await _order.AsksForAsync(1, (1, Sku, 3));
        await _order.WhenAsync(o => o.GetProperty("lines")[0].GetProperty("quantity").GetInt32() == 3);
    }

    private JsonObject Moved(int second, string street)
    {
        var stated = _order.Stated(second, (Sku, 1));
        stated["shipping_address"]!["address1"] = street;
        return stated;
    }
}
