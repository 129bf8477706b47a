using System.Text;
using System.Text.Json;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Counts, shipments and adjustments that arrive in another order than they happened in.</summary>
[Collection(nameof(RunningProduct))]
public sealed class StockInTimeTests(RunningProduct product)
{
    /// <summary>Each order is of a number that no other test has.</summary>
    private static int Count = 7_000;

    private readonly DateTimeOffset _ten = TimeProvider.System.GetUtcNow().AddMinutes(-10);

    [Fact]
    public async Task What_was_shipped_after_a_count_that_comes_late_is_not_sold_again()
    {
        var sku = RunningProduct.LeftAlone + "LATE-COUNT";
        await CountAsync(sku, 10, 0, "applied");
        await ShipAsync(await ReleasedAsync(sku, 3), 3, second: 3);
        Assert.Equal((7, 0, 0), await StockAsync(sku));

        await CountAsync(sku, 10, 1, "applied");
        Assert.Equal((7, 0, 0), await StockAsync(sku));
        await OrderAsync(sku, 10);
        await StockWhenAsync(sku, (7, 0, 10));
    }

    [Fact]
    public async Task A_shipment_that_the_newest_count_has_in_already_is_not_taken_off_again()
    {
        var sku = RunningProduct.LeftAlone + "LATE-SHIPMENT";
        await CountAsync(sku, 10, 0, "applied");
        var shipped = await ReleasedAsync(sku, 3);
        await CountAsync(sku, 7, 5, "applied");
        Assert.Equal((7, 3, 0), await StockAsync(sku));

        await ShipAsync(shipped, 3, second: 3);
        Assert.Equal((7, 0, 0), await StockAsync(sku));
        var moves = (await ItemAsync(sku)).GetProperty("movements").EnumerateArray().ToArray();
        var move = Assert.Single(moves, move => move.GetProperty("kind").GetString() == "shipped");
        Assert.Equal(-3, move.GetProperty("units").GetInt32());
        Assert.Equal(shipped.OrderId, move.GetProperty("orderId").GetString());
        Assert.Equal(shipped.LineId, move.GetProperty("lineId").GetString());
        Assert.Contains("has it in already", move.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adjustment_of_before_the_newest_count_is_noted_and_changes_nothing()
    {
        var sku = RunningProduct.LeftAlone + "LATE-ADJUSTMENT";
        await CountAsync(sku, 7, 5, "applied");
        var (outcome, reason) = await AdjustAsync(sku, -2, second: 4);
        Assert.Equal("applied", outcome);
        Assert.Contains("has it in already", reason, StringComparison.Ordinal);
        Assert.Equal((7, 0, 0), await StockAsync(sku));
        Assert.Equal("duplicate", (await AdjustAsync(sku, -2, second: 4)).Outcome);

        Assert.Equal(("applied", null), await AdjustAsync(sku, -3, second: 6));
        Assert.Equal((4, 0, 0), await StockAsync(sku));
    }

    [Theory]
    [InlineData("FEWER-LAST", 9, 7)]
    [InlineData("FEWER-FIRST", 7, 9)]
    public async Task Of_two_counts_of_one_time_the_smaller_holds_whichever_comes_first(
        string name, int first, int second)
    {
        var sku = RunningProduct.LeftAlone + name;
        await CountAsync(sku, first, 5, "applied");
        await CountAsync(sku, second, 5, second < first ? "applied" : "stale");
        await CountAsync(sku, 7, 5, "duplicate");
        await CountAsync(sku, 20, 4, "stale");
        Assert.Equal((7, 0, 0), await StockAsync(sku));
    }

    [Fact]
    public async Task What_left_before_the_first_count_and_after_it_is_told_apart()
    {
        var sku = RunningProduct.LeftAlone + "FIRST-COUNT";
        await AdjustAsync(sku, 5, second: 0);
        await ShipAsync(await ReleasedAsync(sku, 2), 2, second: 2);
        await ShipAsync(await ReleasedAsync(sku, 1), 1, second: 8);
        Assert.Equal((2, 0, 0), await StockAsync(sku));
        await CountAsync(sku, 30, 5, "applied");
        Assert.Equal((29, 0, 0), await StockAsync(sku));
    }

    private async Task<(string OrderId, string LineId)> OrderAsync(string sku, int units)
    {
        var shop = new Shop(
            "acme", RunningProduct.ShopSecret, () => product.Address, TimeProvider.System,
            seed: 5, product.Http)
        {
            OrdersBefore = Interlocked.Increment(ref Count),
        };
        var delivery = shop.Place(lines: [(new CatalogueItem(sku, "A thing", 1m), units)]);
        Assert.True((await shop.SendOnceAsync(delivery, TestContext.Current.CancellationToken)).Acknowledged);
        return ($"{delivery.OrderId}", $"{shop.Find(delivery.OrderId)!.Lines[0].Id}");
    }

    private async Task<(string OrderId, string LineId)> ReleasedAsync(string sku, int units)
    {
        var order = await OrderAsync(sku, units);
        await product.GetWhenAsync(
            $"/api/v1/orders/acme/{order.OrderId}", found => found.GetProperty("status").GetString() == "released");
        return order;
    }

    private async Task ShipAsync((string OrderId, string LineId) order, int units, int second) => Assert.Equal(
        "applied", (await TellAsync("shipment.created", new
        {
            reference = $"acme-{order.OrderId}-1",
            shipmentId = "S-1",
            lines = new[] { new { lineId = order.LineId, quantity = units } },
            shippedAt = _ten.AddSeconds(second),
        })).Outcome);

    private async Task CountAsync(string sku, int onHand, int second, string outcome) => Assert.Equal(
        outcome, (await TellAsync("stock.counted", new
        {
            location = "east",
            asOf = _ten.AddSeconds(second),
            items = new[] { new { sku, onHand } },
        })).Outcome);

    private Task<(string? Outcome, string? Reason)> AdjustAsync(string sku, int delta, int second) =>
        TellAsync("stock.adjusted", new
        {
            location = "east",
            adjustmentId = $"{sku} {second}",
            sku,
            delta,
            reason = "found",
            at = _ten.AddSeconds(second),
        });

    private async Task<(string? Outcome, string? Reason)> TellAsync(string type, object data)
    {
        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
            new { type, timestamp = TimeProvider.System.GetUtcNow(), data }, JsonSerializerOptions.Web));
        var receipt = await product.SettledAsync(await product.AcceptedAsync(product.ByWarehouse(body)));
        return (receipt.GetProperty("outcome").GetString(),
            receipt.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }

    private Task<JsonElement> ItemAsync(string sku) =>
        product.GetAsync($"/api/v1/stock/east/{sku}", TestContext.Current.CancellationToken);

    private async Task<(int OnHand, int Reserved, int Waiting)> StockAsync(string sku) => Of(await ItemAsync(sku));

    private Task<JsonElement> StockWhenAsync(string sku, (int OnHand, int Reserved, int Waiting) wanted) =>
        product.GetWhenAsync($"/api/v1/stock/east/{sku}", item => Of(item) == wanted);

    private static (int OnHand, int Reserved, int Waiting) Of(JsonElement item) => (
        item.GetProperty("onHand").GetInt32(), item.GetProperty("reserved").GetInt32(),
        item.GetProperty("waiting").GetInt32());
}
