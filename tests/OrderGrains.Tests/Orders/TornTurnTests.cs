using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Orders;

/// <summary>A turn that told the stock and then failed to commit leaves nothing behind.</summary>
public sealed class TornTurnTests : IAsyncLifetime
{
    private const string Released = "reservation.orphan_released";
    private SiloWorld world = null!;

    /// <summary>The sweep has looked at all that is open, so that only changes are left to be looked at.</summary>
    public async ValueTask InitializeAsync()
    {
        world = await SiloWorld.StartAsync(new SiloSetup());
        await SweepAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (world is not null)
            await world.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_turn_gives_back_what_the_failed_one_reserved_and_the_order_needs_no_more(bool killed)
    {
        var key = world.NewOrder();
        var (mug, cap, tea) = (
            await world.NewSkuAsync(10), await world.NewSkuAsync(10), await world.NewSkuAsync(10));
        await FailAsync(key, Stated(key, 1, lines: [(mug, 3), (cap, 1), (tea, 3)]));
        Assert.Equal((10, 3, 0), await world.LevelAsync(tea));
        if (killed)
            await world.RestartAsync();

        await world.DeliverAsync(Stated(key, 2, lines: [(mug, 3), (cap, 1)]));
        Assert.Equal((10, 0, 0), await world.LevelAsync(tea));
        Assert.Equal((10, 3, 0), await world.LevelAsync(mug));
        Assert.Equal((10, 1, 0), await world.LevelAsync(cap));
        Assert.Single(await world.TimelineAsync(key), Released);
        await world.ReachesAsync(key, OrderStatus.Released);
        await IsCleanAsync();
    }

    [Fact]
    public async Task The_same_receipt_again_keeps_what_it_had_reserved()
    {
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(2));
        await FailAsync(key, Stated(key, 1, lines: (sku, 2)));
        await world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        Assert.Equal((2, 2, 0), await world.LevelAsync(sku));
        Assert.DoesNotContain(Released, await world.TimelineAsync(key), StringComparer.Ordinal);
        await world.ReachesAsync(key, OrderStatus.Released);
    }

    [Fact]
    public async Task When_no_turn_comes_the_sweep_has_the_order_give_it_back_within_seconds()
    {
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(10));
        await world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 3)));
        await FailAsync(key, Stated(key, 2, lines: (sku, 3)));
        Assert.Equal((10, 3, 0), await world.LevelAsync(sku));

        await SweepAfterAsync(TimeSpan.FromSeconds(4));
        Assert.Equal((10, 3, 0), await world.LevelAsync(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(2));
        Assert.Equal((10, 0, 0), await world.LevelAsync(sku));
        Assert.Single(await world.TimelineAsync(key), Released);
        await IsCleanAsync();
    }

    [Fact]
    public async Task What_an_order_without_a_row_reserved_is_given_back_once_no_commit_of_it_can_be_under_way()
    {
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(10));
        await FailAsync(key, Stated(key, 1, lines: (sku, 3)));
        await SweepAfterAsync(TimeSpan.FromSeconds(28));
        Assert.Equal((10, 3, 0), await world.LevelAsync(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(4));
        Assert.Equal((10, 0, 0), await world.LevelAsync(sku));
        Assert.Null(await world.StatusAsync(key));
        await IsCleanAsync();
    }

    [Fact]
    public async Task A_commit_that_is_seen_later_than_the_time_it_bears_is_looked_at_all_the_same()
    {
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(10));
        await world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 3)));
        await SweepAfterAsync(TimeSpan.FromSeconds(20));

        // Reserved 12 s ago, and seen only now.
        var stock = new StockKey("east", sku);
        var stored = await world.Stock.LoadAsync(stock);
        Assert.True(await world.Stock.CommitAsync(new StockCommit
        {
            Key = stock,
            ExpectedVersion = stored.Level.Version,
            Level = stored.Level with { Reserved = 3, Version = stored.Level.Version + 1 },
            Reservations = [Reserved(key, 3)],
            At = world.Time.GetUtcNow().AddSeconds(-12),
        }));
        await world.DeactivateAsync(world.StockGrain(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        Assert.Equal((10, 3, 0), await world.LevelAsync(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(14));
        Assert.Equal((10, 0, 0), await world.LevelAsync(sku));
    }

    [Fact]
    public async Task A_nudge_that_fails_after_taking_at_another_location_is_made_up_for()
    {
        var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(1));
        await world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        Assert.Equal((1, 0, 2), await world.LevelAsync(sku));
        await world.CountAsync(sku, 2, "west");
        world.Faults.FailNext(key, Fault.BeforeCommit);
        await world.Order(key).StockChangedAsync();
        await Eventually.EqualAsync((2, 2, 0), () => world.LevelAsync(sku, "west"));
        await world.WaitForDeactivationAsync(world.Order(key));
        Assert.Equal(OrderStatus.Backordered, await world.StatusAsync(key));

        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        await world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("west", Assert.Single((await world.LoadAsync(key)).Releases).Location);
        Assert.Equal((1, 0, 0), await world.LevelAsync(sku));
        Assert.Equal((2, 2, 0), await world.LevelAsync(sku, "west"));
        await IsCleanAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task What_a_failed_turn_gave_back_is_reserved_again_or_waited_for(bool held, bool taken)
    {
        var (key, sku) = (world.NewOrder("early"), await world.NewSkuAsync(3));
        await world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 2)));
        if (held)
            await world.Order(key).ActAsync(OrderAct.Hold, "ops");
        Assert.Equal((3, 2, 0), await world.LevelAsync(sku));
        await FailAsync(key, Stated(key, 2, paid: false, cancelled: true, lines: (sku, 2)));
        Assert.Equal((3, 0, 0), await world.LevelAsync(sku));
        if (taken)
            await world.DeliverAsync(Stated(world.NewOrder(), 1, lines: (sku, 3)));

        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(taken ? (3, 3, 2) : (3, 2, 0), await world.LevelAsync(sku));
        await IsCleanAsync();
        if (held)
            await world.Order(key).ActAsync(OrderAct.Resume, "ops");
        await world.DeliverAsync(Stated(key, 3, lines: (sku, 2)));
        Assert.Equal(taken ? 0 : 1, (await world.LoadAsync(key)).Releases.Count);
        await IsCleanAsync();
    }

    [Fact]
    public async Task An_order_counts_on_units_that_are_gone_only_until_the_sweep_after_a_start()
    {
        var (key, sku) = (world.NewOrder("early"), await world.NewSkuAsync(3));
        await world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 2)));
        await FailAsync(key, Stated(key, 2, paid: false, cancelled: true, lines: (sku, 2)));
        await world.RestartAsync(TimeSpan.FromHours(1) / 2);
        await SweepAsync();
        Assert.Equal((3, 2, 0), await world.LevelAsync(sku));
        await IsCleanAsync();
    }

    [Fact]
    public async Task An_order_that_cannot_be_reviewed_stands_in_nobodys_way_and_is_asked_again()
    {
        var sku = await world.NewSkuAsync(10);
        var keys = new[] { world.NewOrder(), world.NewOrder() };
        foreach (var key in keys)
        {
            await world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 3)));
            await FailAsync(key, Stated(key, 2, lines: (sku, 3)));
        }

        world.Faults.FailNext(keys[0], Fault.BeforeCommit);
        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        Assert.Equal((10, 3, 0), await world.LevelAsync(sku));
        await world.WaitForDeactivationAsync(world.Order(keys[0]));
        await SweepAfterAsync(TimeSpan.FromSeconds(2));
        Assert.Equal((10, 0, 0), await world.LevelAsync(sku));
    }

    private async Task FailAsync(OrderKey key, OrderChange change)
    {
        world.Faults.FailNext(key, Fault.BeforeCommit);
        await Assert.ThrowsAsync<StorageException>(() => world.DeliverAsync(change));
        await world.WaitForDeactivationAsync(world.Order(key));
    }

    private Task SweepAsync() => world.Grains.GetGrain<ISweepGrain>(0).SweepAsync();

    private Task SweepAfterAsync(TimeSpan time)
    {
        world.Time.Advance(time);
        return SweepAsync();
    }

    private async Task IsCleanAsync() => Assert.Equal(
        new StockAudit(0, 0, 0, 0, 0, 0, 0), await world.Stock.AuditAsync(world.Time.GetUtcNow().AddMinutes(1)));

    private static Reservation Reserved(OrderKey order, int units) => new()
    {
        Order = order,
        LineId = "1",
        State = ReservationState.Open,
        Quantity = units,
        Waiting = 0,
        Consumed = 0,
        PlacedAt = OrderWorld.Noon,
    };
}
