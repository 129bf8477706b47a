using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Inventory;

public sealed class FlashSaleTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task Of_200_orders_for_50_units_50_are_held_and_the_rest_are_served_in_order_of_placement()
    {
        var sku = await World.NewSkuAsync(50);
        var orders = Enumerable.Range(0, 200).Select(i => (Key: World.NewOrder("shopeast"), Placed: i)).ToArray();
        var arrivals = orders.ToArray();
        new Random(7).Shuffle(arrivals);
        await Task.WhenAll(
            arrivals.Select(o => World.DeliverAsync(Stated(o.Key, 1000, placed: o.Placed, lines: (sku, 1)))));
        Assert.Equal((50, 50, 150), await World.LevelAsync(sku));

        var waiting = new List<OrderKey>();
        foreach (var (key, _) in orders)
        {
            if (await World.StatusAsync(key) == OrderStatus.Backordered)
                waiting.Add(key);
        }

        Assert.Equal(150, waiting.Count);
        await World.StockGrain(sku).AdjustAsync(30, "found", OrderWorld.Noon, "a pallet");
        Assert.Equal((80, 80, 120), await World.LevelAsync(sku));
        foreach (var key in waiting[..30])
            await World.ReachesAsync(key, OrderStatus.Released);
        foreach (var key in waiting[30..])
            Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(key));
    }

    [Fact]
    public async Task A_cancelled_order_gives_its_units_to_the_next_in_line()
    {
        var sku = await World.NewSkuAsync(1);
        OrderKey[] keys = [World.NewOrder("shopeast"), World.NewOrder("shopeast"), World.NewOrder("shopeast")];
        await World.DeliverAsync(Stated(keys[0], 1, lines: (sku, 1)));
        await World.DeliverAsync(Stated(keys[2], 1, placed: 9, lines: (sku, 1)));
        await World.DeliverAsync(Stated(keys[1], 1, placed: 5, lines: (sku, 1)));
        await World.ReachesAsync(keys[0], OrderStatus.Released);

        await World.DeliverAsync(Stated(keys[0], 2, cancelled: true, lines: (sku, 1)));
        await World.ReachesAsync(keys[1], OrderStatus.Released);
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(keys[2]));
        Assert.Equal((1, 1, 1), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task Of_two_shops_that_sell_the_last_unit_at_the_same_moment_one_waits_and_says_so()
    {
        for (var round = 0; round < 20; round++)
        {
            var sku = await World.NewSkuAsync(1);
            OrderKey[] keys = [World.NewOrder("acme"), World.NewOrder("shopeast")];
            await Task.WhenAll(keys.Select(key => World.DeliverAsync(Stated(key, 1, lines: (sku, 1)))));

            Assert.Equal((1, 1, 1), await World.LevelAsync(sku));
            var waits = await World.StatusAsync(keys[0]) == OrderStatus.Backordered ? 0 : 1;
            await World.ReachesAsync(keys[1 - waits], OrderStatus.Released);
            Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(keys[waits]));
            Assert.Contains(
                await World.Orders.ListTimelineAsync(keys[waits], 100),
                entry => entry.Summary.StartsWith("waits for stock: 1 × ", StringComparison.Ordinal)
                    && entry.Summary.Contains(sku, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Many_calls_share_few_commits()
    {
        var sku = await World.NewSkuAsync(1_000);
        var stock = new StockKey("east", sku);
        var (commits, calls) = (World.Faults.Commits(stock), World.Faults.Calls(stock));
        Task<ReservationAnswer>[] answers;
        using (World.Faults.HoldCommits(stock))
        {
            answers = [.. Enumerable.Range(0, 100).Select(_ => World.StockGrain(sku).ReserveAsync(
                new ReservationRequest(World.NewOrder(), "1", 1, [], OrderWorld.Noon, MayWait: true)))];
            await Eventually.TrueAsync(() => World.Faults.Calls(stock) - calls == 100);
            Assert.All(answers, a => Assert.False(a.IsCompleted));
        }

        Assert.All(await Task.WhenAll(answers), a => Assert.Equal(ReservationOutcome.Held, a.Outcome));
        Assert.Equal(2, World.Faults.Commits(stock) - commits);
        Assert.Equal((1_000, 100, 0), await World.LevelAsync(sku));
    }
}
