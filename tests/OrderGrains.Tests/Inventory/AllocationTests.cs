using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Inventory;

public sealed class AllocationTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task An_order_takes_the_first_location_that_has_all_its_lines_and_leaves_nothing_elsewhere()
    {
        var (key, mug, cap) = (World.NewOrder(), await World.NewSkuAsync(5), await World.NewSkuAsync(0));
        await World.CountAsync(mug, 5, "west");
        await World.CountAsync(cap, 5, "west");
        await World.DeliverAsync(Stated(key, 1, lines: [(mug, 2), (cap, 1)]));

        var order = await World.LoadAsync(key);
        Assert.All(order.Allocations, a => Assert.Equal(("west", 0), (a.Location, a.Waiting)));
        Assert.Equal("west-wms", Assert.Single(order.Releases).Warehouse);
        Assert.Equal((5, 0, 0), await World.LevelAsync(mug));
        Assert.Equal((0, 0, 0), await World.LevelAsync(cap));
        Assert.Equal((5, 2, 0), await World.LevelAsync(mug, "west"));
        Assert.Equal((5, 1, 0), await World.LevelAsync(cap, "west"));
    }

    [Fact]
    public async Task An_order_that_waits_keeps_its_place_and_moves_to_a_location_that_has_it_all()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(1));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(key));
        Assert.Equal((1, 0, 2), await World.LevelAsync(sku));

        var later = World.NewOrder();
        await World.DeliverAsync(Stated(later, 1, placed: 5, lines: (sku, 1)));
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(later));
        await World.DeliverAsync(Stated(key, 2, lines: (sku, 2)));
        Assert.Equal((1, 0, 3), await World.LevelAsync(sku));

        await World.CountAsync(sku, 2, "west");
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(key));
        await World.DeliverAsync(Stated(key, 3, lines: (sku, 2)));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("west", Assert.Single((await World.LoadAsync(key)).Allocations).Location);
        Assert.Equal((2, 2, 0), await World.LevelAsync(sku, "west"));

        // Its place in the east is free: who stood behind is served.
        await World.ReachesAsync(later, OrderStatus.Released);
        Assert.Equal((1, 1, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task More_units_of_a_released_order_wait_while_the_warehouse_keeps_what_it_has()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(2));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        await World.ReachesAsync(key, OrderStatus.Released);
        await World.DeliverAsync(Stated(key, 2, lines: (sku, 3)));
        Assert.Equal(OrderStatus.Released, await World.StatusAsync(key));
        Assert.Equal((2, 2, 1), await World.LevelAsync(sku));
        Assert.True(World.Warehouse("east").Has(ReleaseReference.Of(key, 1)));

        await World.CountAsync(sku, 3);
        await Eventually.EqualAsync(3, async () =>
            (await World.LoadAsync(key)).Releases[0].Confirmed.Sum(l => l.Quantity));
        Assert.Equal((3, 3, 0), await World.LevelAsync(sku));
        Assert.Equal("release release", World.Warehouse("east").KindsOf(ReleaseReference.Of(key, 1)));
    }

    [Fact]
    public async Task The_sweep_releases_what_no_order_needs_and_wakes_who_was_served_unheard()
    {
        var clock = await SiloWorld.StartAsync(new SiloSetup());
        await using var world = clock;
        var (orphaned, sku) = (world.NewOrder(), await world.NewSkuAsync(2));
        await world.StockGrain(sku).ReserveAsync(Request(orphaned, 2));
        var waiting = world.NewOrder();
        await world.DeliverAsync(Stated(waiting, 1, lines: (sku, 2)));
        Assert.Equal((2, 2, 2), await world.LevelAsync(sku));

        await world.Grains.GetGrain<ISweepGrain>(0).SweepAsync();
        Assert.Equal((2, 2, 2), await world.LevelAsync(sku));
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.Grains.GetGrain<ISweepGrain>(0).SweepAsync();
        await world.ReachesAsync(waiting, OrderStatus.Released);
        Assert.Equal((2, 2, 0), await world.LevelAsync(sku));

        // Served behind its back: nothing waits any more, and no nudge was sent.
        var unheard = world.NewOrder();
        await world.DeliverAsync(Stated(unheard, 1, lines: (sku, 1)));
        await world.DeactivateAsync(world.StockGrain(sku));
        var key = new StockKey("east", sku);
        var stored = await world.Stock.LoadAsync(key);
        Assert.True(await world.Stock.CommitAsync(new StockCommit
        {
            Key = key,
            ExpectedVersion = stored.Level.Version,
            Level = stored.Level with { OnHand = 3, Reserved = 3, Version = stored.Level.Version + 1 },
            Reservations = [stored.Held.Single(r =>
                r.Order == unheard) with { State = ReservationState.Open, Quantity = 1, Waiting = 0 }],
            At = world.Time.GetUtcNow(),
        }));
        world.Time.Advance(TimeSpan.FromSeconds(10));
        await world.Grains.GetGrain<ISweepGrain>(0).SweepAsync();
        await world.ReachesAsync(unheard, OrderStatus.Released);
    }

    [Fact]
    public async Task An_order_gives_back_what_a_crash_left_and_never_what_it_counts_on()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(5));
        await World.StockGrain(sku).ReserveAsync(Request(key, 2));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        Assert.False(await World.Order(key).ReviewAsync());
        Assert.Equal((5, 2, 0), await World.LevelAsync(sku));
        await World.StockGrain(sku).ReserveAsync(Request(key, 1) with { LineId = "77" });
        Assert.True(await World.Order(key).ReviewAsync());
        Assert.Contains("reservation.orphan_released", await World.TimelineAsync(key), StringComparer.Ordinal);
        Assert.Equal((5, 2, 0), await World.LevelAsync(sku));

        var forgotten = World.NewOrder();
        await World.StockGrain(sku).ReserveAsync(Request(forgotten, 3));
        Assert.True(await World.Order(forgotten).ReviewAsync());
        Assert.Equal((5, 2, 0), await World.LevelAsync(sku));
    }

    private static ReservationRequest Request(OrderKey order, int units) =>
        new(order, "1", units, [], OrderWorld.Noon, MayWait: true);
}
