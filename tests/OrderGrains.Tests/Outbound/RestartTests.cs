using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage;
using OrderGrains.Vocabulary;
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
    public async Task What_was_not_hastened_before_the_process_died_is_found_by_the_sweep()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup { Retry = new() { AttemptsMax = 9 } });
        var warehouse = world.Warehouse("east");
        warehouse.Away = new SendResult.Again("ConnectionError: refused");
        var keys = new List<OrderKey>();
        for (var i = 0; i < 2; i++)
        {
            var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(5));
            keys.Add(key);
            await world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        }

        var destination = world.Destination("east");
        await Eventually.TrueAsync(async () =>
        {
            var status = await destination.GetStatusAsync();
            if (status.BlockedReason is null)
                world.Time.Advance(TimeSpan.FromSeconds(0.1));
            return status is { BlockedReason: not null, InFlight: 0 };
        });

        // Back, and the first probe passes: whatever else waits should be hastened.
        warehouse.Away = null;
        world.Faults.FailNext("hasten east-wms", Fault.BeforeCommit);
        world.Time.Advance((await destination.GetStatusAsync()).NextProbeAt!.Value - world.Time.GetUtcNow());
        await Eventually.TrueAsync(() => world.Faults.Commits("hasten east-wms") == 1);
        var left = Assert.Single(await world.Outbox.DueAsync("east-wms", world.Time.GetUtcNow().AddDays(1), 10));
        Assert.True(left.NextAttemptAt > world.Time.GetUtcNow());

        // The clock stands still: its own time does not come.
        world.Setup.Agents = true;
        await world.RestartAsync();
        foreach (var key in keys)
            await world.ReachesAsync(key, OrderStatus.Released);
        await Eventually.TrueAsync(async () =>
            (await world.Destination("east").GetStatusAsync()).BlockedReason is null);
    }

    [Fact]
    public async Task A_breaker_that_a_silo_with_a_fast_clock_opened_is_probed_when_it_was_to_be()
    {
        await using var database = await TestDatabase.CreateAsync();
        TimeSpan delay;
        await using (var fast = await SiloWorld.StartAsync(new SiloSetup(), database))
        {
            fast.Time.Advance(TimeSpan.FromMinutes(30));
            fast.Warehouse("east").Away = new SendResult.Unauthorized("401 Unauthorized");
            var (key, sku) = (fast.NewOrder(), await fast.NewSkuAsync(5));
            await fast.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
            await Eventually.TrueAsync(async () =>
                (await fast.Destination("east").GetStatusAsync()) is { BlockedReason: not null, InFlight: 0 });
            delay = (await fast.Destination("east").GetStatusAsync()).NextProbeAt!.Value - fast.Time.GetUtcNow();
        }

        await using var world = await SiloWorld.StartAsync(new SiloSetup(), database);
        var status = await world.Destination("east").GetStatusAsync();
        Assert.NotNull(status.BlockedReason);
        Assert.Equal(world.Time.GetUtcNow() + delay, status.NextProbeAt);
    }

    [Fact]
    public async Task What_a_dead_process_left_due_is_delivered_with_nobodys_help()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup());
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(5));
        var reference = $"acme-{key.OrderId}-1";
        world.Warehouse("east").Answer(reference, new SendResult.Unknown("503"), reaches: true);
        await world.Destination("east").GetStatusAsync();
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
