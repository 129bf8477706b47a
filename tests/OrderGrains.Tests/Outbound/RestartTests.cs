using OrderGrains.Connectors.Wms;
using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

public sealed class RestartTests
{
    [Fact]
    public async Task What_nobody_was_told_of_is_found_by_the_sweep()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup());
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(5));
        world.Faults.FailNext(key, Fault.AfterCommit);
        await Assert.ThrowsAsync<StorageException>(() => world.DeliverAsync(Stated(key, 1, lines: (sku, 2))));
        Assert.Empty(world.Warehouse("east").Calls);

        world.Setup.Agents = true;
        await world.RestartAsync(TimeSpan.FromSeconds(1));
        await world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("find release", world.Warehouse("east").KindsOf($"acme-{key.OrderId}-1"));
    }

    [Fact]
    public async Task What_a_dead_process_left_due_is_delivered_with_nobodys_help()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup());
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(5));
        var reference = $"acme-{key.OrderId}-1";
        world.Warehouse("east").Answer(reference, new WarehouseAnswer.Failed("503", null), reaches: true);
        await world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        await Eventually.TrueAsync(async () =>
            (await world.TimelineAsync(key)).Contains("attempt.failed", StringComparer.Ordinal));

        world.Setup.Agents = true;
        await world.RestartAsync(TimeSpan.FromMinutes(1));
        await world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("release find", world.Warehouse("east").KindsOf(reference));
        Assert.Equal((5, 2, 0), await world.LevelAsync(sku));
    }
}
