using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

/// <summary>A warehouse is away for two hours, while orders come, and then slower than before.</summary>
public sealed class OutageTests
{
    private const int CallsAtOnceMax = 4;
    private const int CallsPerSecondMax = 20;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.1);

    [Fact]
    public async Task All_arrive_once_within_its_limits_and_new_orders_wait_little_longer_than_usual()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup
        {
            Places = ["east"],
            Retry = new(),
            Limits = limits => (limits.CallsAtOnceMax, limits.CallsPerSecondMax) = (CallsAtOnceMax, CallsPerSecondMax),
        });
        var warehouse = world.Warehouse("east");
        var sku = await world.NewSkuAsync(10_000);
        async Task<OrderKey> OrderAsync()
        {
            var key = world.NewOrder();
            await world.DeliverAsync(Stated(key, 1, lines: (sku, 1)));
            return key;
        }

        await world.Destination("east").GetStatusAsync();
        warehouse.Latency = Slow;
        var usual = await TakesAsync(world, await OrderAsync());

        warehouse.Away = new SendResult.Unknown("503 Service Unavailable");
        var orders = new List<OrderKey>();
        for (var minute = 0; minute < 120; minute++)
        {
            orders.Add(await OrderAsync());
            for (var quarter = 0; quarter < 4; quarter++)
            {
                world.Time.Advance(TimeSpan.FromSeconds(15));
                await Eventually.EqualAsync(0, async () => (await world.Destination("east").GetStatusAsync()).InFlight);
            }
        }

        Assert.NotNull((await world.Destination("east").GetStatusAsync()).BlockedReason);
        Assert.Empty(await world.Outbox.ListParkedGroupsAsync());

        warehouse.Away = null;
        await Eventually.TrueAsync(async () =>
        {
            world.Time.Advance(Step);
            return (await world.Destination("east").GetStatusAsync()).BlockedReason is null;
        });
        for (var i = 0; i < 5; i++)
        {
            orders.Add(await OrderAsync());
            var took = await TakesAsync(world, orders[^1]);
            // The clock goes on while the silo works: a second for that.
            Assert.InRange(took, TimeSpan.Zero, (2 * usual) + (10 * Step));
        }

        Assert.True(await world.Outbox.NextDueAtAsync("east-wms") is not null, "the backlog was gone too soon");
        foreach (var key in orders)
        {
            await Eventually.EqualAsync(OrderStatus.Released, () =>
            {
                world.Time.Advance(Step);
                return world.StatusAsync(key);
            });
        }

        Assert.All(orders, key => Assert.True(warehouse.Has(ReleaseReference.Of(key, 1))));
        Assert.Equal((0, true), (warehouse.Overlaps, warehouse.InFlightMax <= CallsAtOnceMax));
        Assert.Empty(await world.Outbox.ListParkedGroupsAsync());
        var calls = warehouse.Calls.Select(call => call.At).ToList();
        Assert.All(calls.Index(), call => Assert.InRange(
            calls.Skip(call.Index).TakeWhile(at => at < call.Item.AddSeconds(1)).Count(), 1, CallsPerSecondMax));
    }

    /// <summary>How long an order takes to the warehouse, by the clock that is moved step by step.</summary>
    private static async Task<TimeSpan> TakesAsync(SiloWorld world, OrderKey key)
    {
        var began = world.Time.GetUtcNow();
        await Eventually.TrueAsync(async () =>
        {
            if (await world.StatusAsync(key) == OrderStatus.Released)
                return true;
            world.Time.Advance(Step);
            return false;
        });
        return world.Time.GetUtcNow() - began;
    }
}
