using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Orders;

/// <summary>One grain sweeps for all silos.</summary>
public sealed class SweepGrainTests
{
    [Fact]
    public async Task Whoever_asks_sooner_than_the_period_finds_nothing_to_do()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup());
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(1));
        await world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));

        // Not paid any more: it keeps its place in line, and does not move to where its units are.
        await world.DeliverAsync(Stated(key, 2, paid: false, lines: (sku, 2)));
        await world.CountAsync(sku, 5, "west");
        var calls = world.Faults.Calls(key);
        async Task SweptAsync(double seconds, int asked)
        {
            world.Time.Advance(TimeSpan.FromSeconds(seconds));
            await world.Grains.GetGrain<ISweepGrain>(0).SweepAsync();
            // The nudge is one-way: this call comes behind it.
            await world.Order(key).ReviewAsync();
            Assert.Equal(calls += asked + 1, world.Faults.Calls(key));
        }

        await SweptAsync(0, asked: 1);
        await SweptAsync(0, asked: 0);
        await SweptAsync(5, asked: 0);
        await SweptAsync(5, asked: 1);
    }

    [Fact]
    public async Task Orders_that_may_not_use_what_is_there_are_not_asked_and_who_may_is_served()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup());
        var sku = await world.NewSkuAsync(0);
        var stuck = Enumerable.Range(0, 5).Select(_ => world.NewOrder("shopeast")).ToArray();
        foreach (var order in stuck)
            await world.DeliverAsync(Stated(order, 1, lines: (sku, 1)));
        var key = world.NewOrder();
        await world.DeliverAsync(Stated(key, 1, placed: 9, lines: (sku, 1)));
        await world.CountAsync(sku, 9, "west");
        var calls = stuck.Select(order => world.Faults.Calls(order)).ToArray();

        await world.Grains.GetGrain<ISweepGrain>(0).SweepAsync();
        await world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal(calls, stuck.Select(order => world.Faults.Calls(order)));
    }
}
