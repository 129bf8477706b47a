using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

/// <summary>Sources that share a warehouse: the flood of one does not stand before the orders of another.</summary>
public sealed class FairSourcesTests
{
    private const int CallsPerSecondMax = 10;

    /// <summary>Several pages of the outbox, and forty seconds of the warehouse.</summary>
    private const int Flood = 400;

    [Fact]
    public async Task An_order_goes_past_the_flood_of_another_source()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup
        {
            Places = ["east"],
            Limits = limits => (limits.CallsAtOnceMax, limits.CallsPerSecondMax) = (4, CallsPerSecondMax),
        });
        var sku = await world.NewSkuAsync(10_000);
        await Task.WhenAll(Enumerable.Range(0, Flood).Select(_ =>
            world.DeliverAsync(Stated(world.NewOrder(), 1, lines: (sku, 1)))));
        await Eventually.TrueAsync(async () =>
            (await world.Outbox.DueAsync("east-wms", world.Time.GetUtcNow(), 2 * Flood)).Count > Flood / 2);

        for (var i = 0; i < 3; i++)
        {
            // The flood goes on.
            await world.DeliverAsync(Stated(world.NewOrder(), 1, lines: (sku, 1)));
            var other = world.NewOrder("shopeast");
            await world.DeliverAsync(Stated(other, 1, lines: (sku, 1)));
            var began = world.Time.GetUtcNow();
            await Eventually.TrueAsync(async () =>
            {
                if (await world.StatusAsync(other) == OrderStatus.Released)
                    return true;
                world.Time.Advance(TimeSpan.FromSeconds(0.1));
                return false;
            });
            // The clock goes on while the silo works: half of what the flood alone would take.
            Assert.InRange(world.Time.GetUtcNow() - began, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }

        Assert.True(
            (await world.Outbox.DueAsync("east-wms", world.Time.GetUtcNow(), Flood)).Count > 20,
            "the flood was gone too soon");
    }
}
