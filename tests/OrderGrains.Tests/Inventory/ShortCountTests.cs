using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Inventory;

/// <summary>When a warehouse counts fewer units than are promised, and who then goes without.</summary>
public sealed class ShortCountTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task A_count_below_what_is_reserved_sends_the_newest_unreleased_order_back_to_waiting()
    {
        var (mug, cap) = (await World.NewSkuAsync(4), await World.NewSkuAsync(0));
        var released = World.NewOrder("shopeast");
        var (early, late) = (World.NewOrder("shopeast"), World.NewOrder("shopeast"));
        await World.DeliverAsync(Stated(released, 1, placed: 9, lines: (mug, 1)));
        await World.DeliverAsync(Stated(early, 1, placed: 1, lines: [(mug, 2), (cap, 1)]));
        await World.DeliverAsync(Stated(late, 1, placed: 2, lines: [(mug, 1), (cap, 1)]));
        Assert.Equal((4, 4, 0), await World.LevelAsync(mug));

        await World.CountAsync(mug, 3);
        Assert.Equal((3, 3, 1), await World.LevelAsync(mug));
        await Eventually.TrueAsync(async () =>
            (await World.TimelineAsync(late)).Contains("reservation.taken_back", StringComparer.Ordinal));
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(late));
        Assert.Equal(1, (await World.LoadAsync(late)).Allocations.Single(a => a.Sku == mug).Waiting);
        Assert.DoesNotContain("reservation.taken_back", await World.TimelineAsync(early), StringComparer.Ordinal);
        Assert.DoesNotContain("stock.short", await World.TimelineAsync(released), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_a_warehouse_has_orders_for_stays_reserved_and_is_flagged()
    {
        var (sku, key) = (await World.NewSkuAsync(3), World.NewOrder("shopeast"));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 3)));
        await World.ReachesAsync(key, OrderStatus.Released);

        Assert.Equal(new StockAnswer(StockOutcome.Applied, 3, 3, 2), await World.CountAsync(sku, 1));
        await Eventually.TrueAsync(async () =>
            (await World.TimelineAsync(key)).Contains("stock.short", StringComparer.Ordinal));
        var detail = await World.Stock.FindDetailAsync(new StockKey("east", sku), 10);
        Assert.Equal(2, detail!.Row.Level.Shortfall);
        Assert.Equal(3, Assert.Single(detail.Open).AtWarehouse);

        // What comes back fills the gap first: it was never there.
        await World.Order(key).ActAsync(OrderAct.Cancel, "ops", null);
        await World.ReachesAsync(key, OrderStatus.Cancelled);
        await Eventually.EqualAsync((1, 0, 0), () => World.LevelAsync(sku));
        Assert.Equal(StockOutcome.Applied,
            (await World.StockGrain(sku).AdjustAsync(-5, "broken", OrderWorld.Noon, "more than there are")).Outcome);
        Assert.Equal((0, 0, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task An_order_that_releases_while_it_is_counted_short_keeps_all_its_units_or_none()
    {
        for (var i = 0; i < 20; i++)
        {
            var (sku, key) = (await World.NewSkuAsync(2), World.NewOrder("shopeast"));
            await Task.WhenAll(
                World.DeliverAsync(Stated(key, 1, lines: (sku, 2))), World.CountAsync(sku, i % 3));
            var order = await World.LoadAsync(key);
            var (onHand, reserved, waiting) = await World.LevelAsync(sku);
            Assert.Equal(2, reserved + waiting);
            Assert.Equal(order.Releases.Sum(r => r.Lines.Sum(l => l.Quantity)), reserved);
            Assert.Equal(Math.Max(i % 3, reserved), onHand);
        }
    }

    [Fact]
    public async Task Of_orders_that_each_hold_what_the_other_needs_the_earliest_gets_it_all()
    {
        var (mug, cap) = (await World.NewSkuAsync(1), await World.NewSkuAsync(1));
        var (early, late) = (World.NewOrder("shopeast"), World.NewOrder("shopeast"));
        await World.StockGrain(mug).ReserveAsync(Waits(late, "1", 5));
        await World.StockGrain(cap).ReserveAsync(Waits(early, "2", 1));
        Assert.Equal((1, 1, 0), await World.LevelAsync(mug));
        Assert.Equal((1, 1, 0), await World.LevelAsync(cap));

        await World.DeliverAsync(Stated(late, 1, placed: 5, lines: [(mug, 1), (cap, 1)]));
        await World.DeliverAsync(Stated(early, 1, placed: 1, lines: [(mug, 1), (cap, 1)]));
        await World.ReachesAsync(early, OrderStatus.Released);
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(late));
        Assert.Equal((1, 1, 1), await World.LevelAsync(mug));
        Assert.Equal((1, 1, 1), await World.LevelAsync(cap));
    }

    [Fact]
    public async Task Orders_for_several_SKUs_all_go_out_whatever_their_order_of_arrival_once_stock_is_there()
    {
        var skus = new[] { await World.NewSkuAsync(1), await World.NewSkuAsync(1), await World.NewSkuAsync(1) };
        var orders = Enumerable.Range(0, 12).Select(i => (Key: World.NewOrder("shopeast"), Placed: i)).ToArray();
        var arrivals = orders.ToArray();
        new Random(3).Shuffle(arrivals);
        await Task.WhenAll(arrivals.Select(o => World.DeliverAsync(Stated(
            o.Key, 100, placed: o.Placed,
            lines: [(skus[o.Placed % 3], 1), (skus[(o.Placed + 1) % 3], 1)]))));
        for (var round = 0; round < 8; round++)
        {
            foreach (var sku in skus)
                await World.StockGrain(sku).AdjustAsync(1, "found", OrderWorld.Noon, $"round {round}");
        }

        foreach (var (key, _) in orders)
            await World.ReachesAsync(key, OrderStatus.Released);
        foreach (var sku in skus)
            Assert.Equal((9, 8, 0), await World.LevelAsync(sku));
    }

    private static ReservationRequest Waits(OrderKey order, string line, int placed) =>
        new(order, line, 1, [], OrderWorld.Noon.AddSeconds(placed), MayWait: true);
}
