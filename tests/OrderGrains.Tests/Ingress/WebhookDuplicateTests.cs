using System.Text.Json;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>One event, however often it comes, has one effect.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookDuplicateTests(RunningProduct product)
{
    [Fact]
    public async Task Five_deliveries_and_a_replay_make_one_order_at_the_warehouse()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var shop = product.OpenShop("twice", seed: 9);
        var delivery = shop.Place(lines: [(Catalogue.Items[2], 3)]);

        var outcomes =
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.SendOnceAsync(delivery, cancellation)));
        Assert.All(outcomes, outcome => Assert.True(outcome.Acknowledged));
        var order = await product.GetWhenAsync($"/api/v1/orders/twice/{delivery.OrderId}",
            found => found.GetProperty("status").GetString() == "shipped");

        Assert.Equal(["applied", "duplicate", "duplicate", "duplicate", "duplicate"], await OutcomesAsync(5));
        var effects = await EffectsAsync(delivery);

        // A captured body under new headers: the signature covers the body alone, so it is authentic.
        Assert.True((await shop.SendOnceAsync(shop.Replay(delivery), cancellation)).Acknowledged);
        var after = await OutcomesAsync(6);
        Assert.Single(after, "applied");
        Assert.Equal(effects, await EffectsAsync(delivery));
        var now = await product.GetAsync($"/api/v1/orders/twice/{delivery.OrderId}", cancellation);
        Assert.Equal(order.GetProperty("lines").ToString(), now.GetProperty("lines").ToString());
        Assert.Equal("shipped", now.GetProperty("status").GetString());

        var audit = await product.GetAsync("/api/v1/audit", cancellation);
        Assert.True(audit.GetProperty("balanced").GetBoolean(), audit.ToString());
    }

    /// <summary>What the warehouse saw: orders made for it, and how often it was asked again or for a change.</summary>
    private async Task<(int Orders, int Made, int Asked, int Reserved)> EffectsAsync(Delivery delivery)
    {
        var taken = product.Warehouse.Book.Orders
            .Where(order => order.Take.Source == "twice" && order.Take.OrderId == delivery.OrderId.ToString()).ToList();
        var stock = await product.GetAsync(
            $"/api/v1/stock/east/{Catalogue.Items[2].Sku}", TestContext.Current.CancellationToken);
        Assert.Equal(1000 - 3, stock.GetProperty("onHand").GetInt32());
        var order = Assert.Single(taken);
        Assert.Equal(1, order.Made);
        return (taken.Count, order.Made, order.Repeated + order.Updated, stock.GetProperty("reserved").GetInt32());
    }

    private async Task<IReadOnlyList<string>> OutcomesAsync(int count)
    {
        var list = await product.GetWhenAsync("/api/v1/receipts?source=twice", found =>
            found.GetProperty("items").GetArrayLength() == count
            && found.GetProperty("items").EnumerateArray().All(row => Outcome(row) != "pending"));
        return [.. list.GetProperty("items").EnumerateArray().Select(Outcome).Order(StringComparer.Ordinal)];
    }

    private static string Outcome(JsonElement row) => row.GetProperty("outcome").GetString()!;
}
