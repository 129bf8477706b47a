using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Inventory;

/// <summary>Orders that no location can serve whole.</summary>
public sealed class SplittingTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task An_order_is_split_when_no_location_has_all_and_each_part_is_a_release_of_its_own()
    {
        var (mug, cap) = (await World.NewSkuAsync(2), await World.NewSkuAsync(1, "west"));
        await World.CountAsync(mug, 1, "west");
        var key = World.NewOrder("splits");
        await World.DeliverAsync(Stated(key, 1, lines: [(mug, 3), (cap, 1)]));
        await World.ReachesAsync(key, OrderStatus.Released);

        var order = await World.LoadAsync(key);
        var places = order.Releases.Select(r => r.Location).Order(StringComparer.Ordinal);
        Assert.Equal("east, west", string.Join(", ", places));
        Assert.Equal((2, 2, 0), await World.LevelAsync(mug));
        Assert.Equal((1, 1, 0), await World.LevelAsync(mug, "west"));
        Assert.Equal((1, 1, 0), await World.LevelAsync(cap, "west"));

        foreach (var release in order.Releases)
            await ShipAsync(key, release);
        Assert.Equal(OrderStatus.Shipped, await World.StatusAsync(key));
        Assert.Equal((0, 0, 0), await World.LevelAsync(mug));
        Assert.Equal((0, 0, 0), await World.LevelAsync(mug, "west"));
        Assert.Equal((0, 0, 0), await World.LevelAsync(cap, "west"));
    }

    [Fact]
    public async Task An_order_that_cannot_be_covered_by_all_locations_together_waits_and_holds_nothing_elsewhere()
    {
        var sku = await World.NewSkuAsync(1);
        await World.CountAsync(sku, 1, "west");
        var key = World.NewOrder("splits");
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 3)));
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(key));
        Assert.Equal((1, 0, 3), await World.LevelAsync(sku));
        Assert.Equal((1, 0, 0), await World.LevelAsync(sku, "west"));

        await World.CountAsync(sku, 2, "west");
        Assert.Contains(key, (await World.Orders.ListServableAsync(PlacesOf(splits: true), null, 9_999)).Orders);
        Assert.DoesNotContain(key, (await World.Orders.ListServableAsync(PlacesOf(splits: false), null, 9_999)).Orders);
        await World.Order(key).StockChangedAsync();
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((1, 1, 0), await World.LevelAsync(sku));
        Assert.Equal((2, 2, 0), await World.LevelAsync(sku, "west"));
    }

    [Fact]
    public async Task A_source_that_never_splits_waits_though_all_is_there_together()
    {
        var sku = await World.NewSkuAsync(1);
        await World.CountAsync(sku, 1, "west");
        var key = World.NewOrder();
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(key));
        Assert.Equal((1, 0, 0), await World.LevelAsync(sku, "west"));
    }

    [Fact]
    public async Task Many_orders_for_the_same_lines_leave_no_half_order_behind()
    {
        var (mug, cap) = (await World.NewSkuAsync(6), await World.NewSkuAsync(6));
        await World.CountAsync(mug, 2, "west");
        await World.CountAsync(cap, 2, "west");
        var orders = Enumerable.Range(0, 12).Select(i => (Key: World.NewOrder("splits"), Placed: i)).ToArray();
        await Task.WhenAll(orders.Select(o => World.DeliverAsync(Stated(
            o.Key, 100, placed: o.Placed, lines: o.Placed % 2 == 0 ? [(mug, 1), (cap, 1)] : [(cap, 1), (mug, 1)]))));
        await World.Grains.GetGrain<IOrderGrain>(orders[0].Key.ToString()).StockChangedAsync();
        foreach (var (key, _) in orders)
            await World.Order(key).StockChangedAsync();

        await Eventually.EqualAsync(8, async () =>
        {
            var statuses = await Task.WhenAll(orders.Select(o => World.StatusAsync(o.Key)));
            return statuses.Count(s => s == OrderStatus.Released);
        });
        foreach (var sku in new[] { mug, cap })
        {
            Assert.Equal((6, 6, 4), await World.LevelAsync(sku));
            Assert.Equal((2, 2, 0), await World.LevelAsync(sku, "west"));
        }
    }

    [Fact]
    public async Task What_is_there_ships_and_the_rest_follows_as_a_release_of_its_own()
    {
        var (mug, cap) = (await World.NewSkuAsync(1), await World.NewSkuAsync(2));
        var key = World.NewOrder("some");
        await World.DeliverAsync(Stated(key, 1, lines: [(mug, 3), (cap, 1)]));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((1, 1, 2), await World.LevelAsync(mug));
        Assert.Equal((2, 1, 0), await World.LevelAsync(cap));

        await World.CountAsync(mug, 3);
        await Eventually.EqualAsync("2 + 2", async () => string.Join(" + ",
            (await World.LoadAsync(key)).Releases.Select(r => r.Confirmed.Sum(l => l.Quantity))));
        Assert.Equal((3, 3, 0), await World.LevelAsync(mug));
        foreach (var release in (await World.LoadAsync(key)).Releases)
            await ShipAsync(key, release);
        Assert.Equal(OrderStatus.Shipped, await World.StatusAsync(key));
        Assert.Equal((0, 0, 0), await World.LevelAsync(mug));
        Assert.Equal((1, 0, 0), await World.LevelAsync(cap));
    }

    [Fact]
    public async Task Lines_that_are_not_there_are_cancelled_when_the_source_wants_no_backorders()
    {
        var (mug, cap) = (await World.NewSkuAsync(1), await World.NewSkuAsync(2));
        var key = World.NewOrder("drops");
        await World.DeliverAsync(Stated(key, 1, lines: [(mug, 3), (cap, 1)]));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((1, 0, 0), await World.LevelAsync(mug));
        Assert.Equal((2, 1, 0), await World.LevelAsync(cap));
        Assert.Single(await World.TimelineAsync(key), "line.cancelled");

        // The merchant refunds what was cancelled: nothing more is taken away. What is sold anew is served.
        await World.DeliverAsync(Stated(key, 2, lines: [(mug, 0), (cap, 1)]));
        Assert.Equal(1, Assert.Single((await World.LoadAsync(key)).Allocations).Quantity);
        await World.CountAsync(mug, 5);
        await World.DeliverAsync(Stated(key, 3, lines: [(mug, 4), (cap, 1)]));
        Assert.Equal((5, 1, 0), await World.LevelAsync(mug));

        var nothing = World.NewOrder("drops");
        await World.DeliverAsync(Stated(nothing, 1, lines: (mug, 9)));
        Assert.Equal(OrderStatus.Cancelled, await World.StatusAsync(nothing));

        // A SKU that nobody ever counted may be on its way: its order waits.
        var unknown = World.NewOrder("drops");
        await World.DeliverAsync(Stated(unknown, 1, lines: (World.NewName("SKU"), 1)));
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(unknown));
    }

    private static ShippingPlace[] PlacesOf(bool splits) =>
        [new("splits", "east", splits), new("splits", "west", splits)];

    private async Task ShipAsync(OrderKey key, Release release) =>
        Assert.Equal(ReceiptOutcome.Applied, await World.DeliverAsync(new ShipmentMade(key, new Shipment
        {
            ShipmentId = $"S{release.Number}",
            Reference = release.Reference,
            Lines = [.. release.Lines.Select(l => new ShippedLine(l.LineId, l.Quantity))],
            ShippedAt = OrderWorld.Noon,
        })));
}
