using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Orders;

public sealed class OrderActTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task An_order_nobody_knows_cannot_be_acted_on()
    {
        var key = World.NewOrder();
        Assert.Equal(new ActAnswer(false, null), await World.Order(key).ActAsync(OrderAct.Hold, "ops", null));
        Assert.Null(await World.Orders.LoadAsync(key));
    }

    [Fact]
    public async Task A_held_order_is_stopped_and_a_resumed_one_is_released_anew()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("the order is not on hold", await RefusalAsync(OrderAct.Resume));

        Assert.Null((await World.Order(key).ActAsync(OrderAct.Hold, "ops", "the buyer rang")).Refusal);
        await World.ReachesAsync(key, OrderStatus.OnHold);
        Assert.Equal(
            new HoldReason(HeldBy.Operator, "held by ops", "the buyer rang"),
            (await World.Orders.LoadAsync(key))!.Order.HoldReason);
        Assert.Equal("the order is on hold already", await RefusalAsync(OrderAct.Hold));

        Assert.Null(await RefusalAsync(OrderAct.Resume));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("release cancel", World.Warehouse("east").KindsOf($"acme-{key.OrderId}-1"));
        Assert.Equal("release", World.Warehouse("east").KindsOf($"acme-{key.OrderId}-2"));
        Assert.Equal((10, 2, 0), await World.LevelAsync(sku));
        var acts = (await World.Orders.ListTimelineAsync(key, 100)).Where(t => t.Actor == "ops")
            .Select(t => TimelineKindName.Of(t.Kind));
        Assert.Equal("operator.hold operator.resume", string.Join(' ', acts));

        async Task<string?> RefusalAsync(OrderAct act) => (await World.Order(key).ActAsync(act, "ops", null)).Refusal;
    }

    [Fact]
    public async Task A_cancelled_order_gives_its_units_back_and_cannot_be_acted_on_again()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal(new ActAnswer(true, null), await World.Order(key).ActAsync(OrderAct.Cancel, "ops", null));
        await World.ReachesAsync(key, OrderStatus.Cancelled);
        await Eventually.EqualAsync((10, 0, 0), () => World.LevelAsync(sku));
        foreach (var act in Enum.GetValues<OrderAct>())
            Assert.Equal("the order is cancelled", (await World.Order(key).ActAsync(act, "ops", null)).Refusal);
        Assert.Single(await World.TimelineAsync(key), "operator.cancel");
    }

    [Fact]
    public async Task What_the_storefront_holds_is_resumed_there()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, held: true, lines: (sku, 2)));
        Assert.Equal(OrderStatus.OnHold, await World.StatusAsync(key));
        Assert.Equal("the storefront holds the order: resume it there",
            (await World.Order(key).ActAsync(OrderAct.Resume, "ops", null)).Refusal);
    }
}
