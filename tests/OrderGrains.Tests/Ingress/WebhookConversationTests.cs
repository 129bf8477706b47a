using System.Text.Json.Nodes;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>What a shop and a warehouse say of one release in turn, and what the warehouse is asked for then.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookConversationTests(RunningProduct product)
{
    private const string Mug = RunningProduct.LeftAlone + "TALK-MUG";
    private const string Cap = RunningProduct.LeftAlone + "TALK-CAP";
    private readonly HandOrder _order = new(product);

    [Fact]
    public async Task A_parcel_of_a_line_that_the_shop_had_fulfilled_meanwhile_counts_and_its_stock_falls()
    {
        var (mug, cap) = (Mug + "-1", Cap + "-1");
        await ReleasedAsync((mug, 2), (cap, 1));
        var fulfilled = _order.Stated(1, (mug, 2), (cap, 1));
        fulfilled["fulfillments"] = new JsonArray(_order.Fulfilment("T1", (1, 2)));
        await _order.SendAsync(fulfilled);
        await _order.AsksForAsync(1, (2, cap, 1));

        Assert.Equal("applied", Outcome(await _order.ShipAsync("p1", "T1", (1, 2))));

        Assert.Equal((8, 0, 0), await _order.StockAsync(mug));
        Assert.Equal("applied", Outcome(await _order.ShipAsync("p2", "T2", (2, 1))));
        var shown = await _order.WhenAsync("shipped");
        Assert.All(shown.GetProperty("lines").EnumerateArray(),
            line => Assert.Equal(
                (0, 0), (line.GetProperty("elsewhere").GetInt32(), line.GetProperty("excess").GetInt32())));
    }

    [Fact]
    public async Task After_a_first_parcel_the_warehouse_is_asked_for_fewer_or_to_stop()
    {
        var (mug, cap) = (Mug + "-2", Cap + "-2");
        await ReleasedAsync((mug, 3), (cap, 1));
        await _order.ShipAsync("p1", null, (1, 1));

        var fewer = _order.Stated(1, (mug, 3), (cap, 1));
        fewer["line_items"]![1]!["current_quantity"] = 0;
        await _order.SendAsync(fewer);
        await _order.AsksForAsync(1, (1, mug, 3));

        var none = _order.Stated(2, (mug, 3));
        none["line_items"]![0]!["current_quantity"] = 1;
        await _order.SendAsync(none);
        await _order.AtWarehouseAsync(o => o.Status == WarehouseStatus.Cancelled);
        await _order.WhenAsync("shipped");
        Assert.Equal((9, 0, 0), await _order.StockAsync(mug));
        Assert.Equal((10, 0, 0), await _order.StockAsync(cap));
    }

    [Fact]
    public async Task Too_late_is_the_warehouses_right_and_is_shown()
    {
        var mug = Mug + "-3";
        await ReleasedAsync((mug, 3));
        Assert.NotNull(product.Warehouse.Book.Pick(_order.Reference(), TimeProvider.System.GetUtcNow()));
        var fewer = _order.Stated(1, (mug, 3));
        fewer["line_items"]![0]!["current_quantity"] = 1;
        await _order.SendAsync(fewer);
        await _order.AtWarehouseAsync(o => o.ChangesRefused == 1);

        await _order.WhenAsync(shown =>
            HandOrder.Summaries(shown).Any(s => s.Contains("too late to change", StringComparison.Ordinal)));
        await _order.ShipAsync("p1", null, (1, 3));

        // What was refunded has gone all the same: stock, order and timeline say so.
        var sent = await _order.WhenAsync("shipped");
        Assert.Equal(2, sent.GetProperty("lines")[0].GetProperty("excess").GetInt32());
        Assert.Contains(HandOrder.Summaries(sent), s => s.EndsWith("2 too many", StringComparison.Ordinal));
        Assert.Equal((7, 0, 0), await _order.StockAsync(mug));
    }

    [Fact]
    public async Task More_than_was_asked_for_is_taken_from_the_stock_and_said()
    {
        var mug = Mug + "-4";
        await ReleasedAsync((mug, 2));

        await _order.ShipAsync("p1", null, (1, 5), (9, 1));

        var sent = await _order.WhenAsync("shipped");
        Assert.Equal((5, 0, 0), await _order.StockAsync(mug));
        Assert.Equal(3, sent.GetProperty("lines")[0].GetProperty("excess").GetInt32());
        Assert.Contains(HandOrder.Summaries(sent), s => s.Contains("5 units have left, 2 were asked for",
            StringComparison.Ordinal) && s.Contains("was never asked for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_warehouse_orders_may_have_a_parcel_of_one_number()
    {
        var mug = Mug + "-5";
        await ReleasedAsync((mug, 1));
        product.Warehouse.Book.Pick(_order.Reference(), TimeProvider.System.GetUtcNow());
        await _order.SendAsync(_order.Stated(1, (mug, 3)));
        await _order.AsksForAsync(2, (1, mug, 2));

        await _order.ShipAsync(_order.Reference(1), "1", "M1", (1, 1));
        await _order.ShipAsync(_order.Reference(2).ToUpperInvariant(), "1", "M1", (1, 2));

        await _order.WhenAsync("shipped");
        Assert.Equal((7, 0, 0), await _order.StockAsync(mug));
    }

    [Fact]
    public async Task A_line_whose_SKU_the_shop_changes_ships_from_the_new_SKUs_stock()
    {
        var (mug, cap) = (Mug + "-8", Cap + "-8");
        await ReleasedAsync((mug, 2));
        await _order.CountAsync(cap, 10);
        await _order.SendAsync(_order.Stated(1, (cap, 2)));
        await _order.AsksForAsync(1, (1, cap, 2));
        await _order.WhenAsync(o =>
            HandOrder.Summaries(o).Count(s => s.Contains(" has acme-", StringComparison.Ordinal)) == 2);

        await _order.ShipAsync("p1", null, (1, 2), (2, 0));

        await _order.WhenAsync("shipped");
        Assert.Equal((10, 0, 0), await _order.StockAsync(mug));
        Assert.Equal((8, 0, 0), await _order.StockAsync(cap));
    }

    [Fact]
    public async Task A_new_tracking_number_of_a_known_parcel_replaces_the_old_one()
    {
        var mug = Mug + "-6";
        await ReleasedAsync((mug, 1));
        await _order.ShipAsync("p1", "OLD", (1, 1));

        Assert.Equal("applied", Outcome(await _order.ShipAsync("p1", "NEW", (1, 1))));
        Assert.Equal("duplicate", Outcome(await _order.ShipAsync("p1", "NEW", (1, 1))));

        var parcel = Assert.Single((await _order.WhenAsync("shipped")).GetProperty("shipments").EnumerateArray());
        Assert.Equal("NEW", parcel.GetProperty("trackingNumber").GetString());
        Assert.Equal((9, 0, 0), await _order.StockAsync(mug));
    }

    [Fact]
    public async Task What_others_sent_is_not_sent_again_and_too_many_are_shown()
    {
        var mug = Mug + "-7";
        await _order.CountAsync(mug, 10);
        var stated = _order.Stated(0, (mug, 4));
        stated["fulfillments"] = new JsonArray(_order.Fulfilment("X1", (1, 3)));
        await _order.SendAsync(stated);
        await _order.AsksForAsync(1, (1, mug, 1));

        await _order.ShipAsync("p1", "OURS", (1, 3));

        var line = (await _order.WhenAsync("shipped")).GetProperty("lines")[0];
        Assert.Equal((3, 3, 2), (line.GetProperty("shipped").GetInt32(), line.GetProperty("elsewhere").GetInt32(),
            line.GetProperty("excess").GetInt32()));
        Assert.Equal((7, 0, 0), await _order.StockAsync(mug));
    }

    private async Task ReleasedAsync(params (string Sku, int Units)[] lines)
    {
        foreach (var (sku, _) in lines)
            await _order.CountAsync(sku, 10);
        await _order.SendAsync(_order.Stated(0, lines), "orders/create");
        await _order.WhenAsync("released");
    }

    private static string? Outcome(System.Text.Json.JsonElement receipt) => receipt.GetProperty("outcome").GetString();
}
