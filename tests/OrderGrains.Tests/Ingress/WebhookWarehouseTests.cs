using System.Text;
using System.Text.Json;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>What a warehouse says by webhook: counts, and shipments of what it has.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookWarehouseTests(RunningProduct product)
{
    [Fact]
    public async Task A_count_becomes_what_is_on_hand_and_an_older_one_does_not()
    {
        await CountAsync("COUNTED-1", 17, TimeSpan.Zero, "applied");
        Assert.Equal((17, 0, 17), await StockAsync("COUNTED-1"));

        await CountAsync("COUNTED-1", 99, TimeSpan.FromMinutes(1), "stale");
        Assert.Equal((17, 0, 17), await StockAsync("COUNTED-1"));
    }

    [Fact]
    public async Task An_adjustment_told_twice_counts_once()
    {
        await CountAsync("ADJUSTED-1", 10, TimeSpan.FromMinutes(1), "applied");
        var body = Body("stock.adjusted", new
        {
            location = "east",
            adjustmentId = "adj-1",
            sku = "ADJUSTED-1",
            delta = -4,
            reason = "broken",
            at = Now(),
        });

        Assert.Equal("applied", await OutcomeAsync(body));
        Assert.Equal("duplicate", await OutcomeAsync(body));

        Assert.Equal((6, 0, 6), await StockAsync("ADJUSTED-1"));
    }

    [Fact]
    public async Task A_shipment_of_an_order_that_the_warehouse_never_had_ships_nothing()
    {
        var body = Body("shipment.created", new
        {
            reference = "odd-4711-1",
            shipmentId = "s-1",
            lines = new[] { new { lineId = "1", quantity = 1 } },
            shippedAt = Now(),
        });

        await OutcomeAsync(body);

        var order = await product.FindAsync("/api/v1/orders/odd/4711", TestContext.Current.CancellationToken);
        Assert.True(order is null || order.Value.GetProperty("status").GetString() != "shipped", order?.ToString());
    }

    private async Task CountAsync(string sku, int onHand, TimeSpan age, string outcome) => Assert.Equal(outcome,
        await OutcomeAsync(Body("stock.counted", new
        {
            location = "east",
            asOf = Now() - age,
            items = new[] { new { sku, onHand } },
        })));

    private async Task<string?> OutcomeAsync(byte[] body) =>
        (await product.SettledAsync(await product.AcceptedAsync(product.ByWarehouse(body))))
            .GetProperty("outcome").GetString();

    private async Task<(int OnHand, int Reserved, int Available)> StockAsync(string sku)
    {
        var stock = await product.GetAsync($"/api/v1/stock/east/{sku}", TestContext.Current.CancellationToken);
        return (stock.GetProperty("onHand").GetInt32(), stock.GetProperty("reserved").GetInt32(),
            stock.GetProperty("available").GetInt32());
    }

    private static byte[] Body(string type, object data) => Encoding.UTF8.GetBytes(
        JsonSerializer.Serialize(new { type, timestamp = Now(), data }, JsonSerializerOptions.Web));

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
