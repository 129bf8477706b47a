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
    private SiloWorld _world = null!;

    /// <summary>The sweep has looked at all that is open, so that only changes are left to be looked at.</summary>
    public async ValueTask InitializeAsync()
    {
        _world = await SiloWorld.StartAsync(new SiloSetup());
        await SweepAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_turn_gives_back_what_the_failed_one_reserved_and_the_order_needs_no_more(bool killed)
    {
        var key = _world.NewOrder();
        var (mug, cap, tea) = (
            await _world.NewSkuAsync(10), await _world.NewSkuAsync(10), await _world.NewSkuAsync(10));
        await FailAsync(key, Stated(key, 1, lines: [(mug, 3), (cap, 1), (tea, 3)]));
        Assert.Equal((10, 3, 0), await _world.LevelAsync(tea));
        if (killed)
            await _world.RestartAsync();

        await _world.DeliverAsync(Stated(key, 2, lines: [(mug, 3), (cap, 1)]));
        Assert.Equal((10, 0, 0), await _world.LevelAsync(tea));
        Assert.Equal((10, 3, 0), await _world.LevelAsync(mug));
        Assert.Equal((10, 1, 0), await _world.LevelAsync(cap));
        Assert.Single(await _world.TimelineAsync(key), Released);
        await _world.ReachesAsync(key, OrderStatus.Released);
        await IsCleanAsync();
    }

    [Fact]
    public async Task The_same_receipt_again_keeps_what_it_had_reserved()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(2));
        await FailAsync(key, Stated(key, 1, lines: (sku, 2)));
        await _world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        Assert.Equal((2, 2, 0), await _world.LevelAsync(sku));
        Assert.DoesNotContain(Released, await _world.TimelineAsync(key), StringComparer.Ordinal);
        await _world.ReachesAsync(key, OrderStatus.Released);
    }

    [Fact]
    public async Task When_no_turn_comes_the_sweep_has_the_order_give_it_back_within_seconds()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(10));
        await _world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 3)));
        await FailAsync(key, Stated(key, 2, lines: (sku, 3)));
        Assert.Equal((10, 3, 0), await _world.LevelAsync(sku));

        await SweepAfterAsync(TimeSpan.FromSeconds(4));
        Assert.Equal((10, 3, 0), await _world.LevelAsync(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(2));
        Assert.Equal((10, 0, 0), await _world.LevelAsync(sku));
        Assert.Single(await _world.TimelineAsync(key), Released);
        await IsCleanAsync();
    }

    [Fact]
    public async Task What_an_order_without_a_row_reserved_is_given_back_once_no_commit_of_it_can_be_under_way()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(10));
        await FailAsync(key, Stated(key, 1, lines: (sku, 3)));
        await SweepAfterAsync(TimeSpan.FromSeconds(28));
        Assert.Equal((10, 3, 0), await _world.LevelAsync(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(4));
        Assert.Equal((10, 0, 0), await _world.LevelAsync(sku));
        Assert.Null(await _world.StatusAsync(key));
        await IsCleanAsync();
    }

    [Fact]
    public async Task A_commit_that_is_seen_later_than_the_time_it_bears_is_looked_at_all_the_same()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(10));
        await _world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 3)));
        await SweepAfterAsync(TimeSpan.FromSeconds(20));

        // Reserved 12 s ago, and seen only now.
        var stock = new StockKey("east", sku);
        var stored = await _world.Stock.LoadAsync(stock);
        Assert.True(await _world.Stock.CommitAsync(new StockCommit
        {
            Key = stock,
            ExpectedVersion = stored.Level.Version,
            Level = stored.Level with { Reserved = 3, Version = stored.Level.Version + 1 },
            Reservations = [Reserved(key, 3)],
            At = _world.Time.GetUtcNow().AddSeconds(-12),
        }));
        await _world.DeactivateAsync(_world.StockGrain(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        Assert.Equal((10, 3, 0), await _world.LevelAsync(sku));
        await SweepAfterAsync(TimeSpan.FromSeconds(14));
        Assert.Equal((10, 0, 0), await _world.LevelAsync(sku));
    }

    [Fact]
    public async Task A_nudge_that_fails_after_taking_at_another_location_is_made_up_for()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(1));
        await _world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        Assert.Equal((1, 0, 2), await _world.LevelAsync(sku));
        await _world.CountAsync(sku, 2, "west");
        _world.Faults.FailNext(key, Fault.BeforeCommit);
        await _world.Order(key).StockChangedAsync();
        await Eventually.EqualAsync((2, 2, 0), () => _world.LevelAsync(sku, "west"));
        await _world.WaitForDeactivationAsync(_world.Order(key));
        Assert.Equal(OrderStatus.Backordered, await _world.StatusAsync(key));

        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        await _world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("west", Assert.Single((await _world.LoadAsync(key)).Releases).Location);
        Assert.Equal((1, 0, 0), await _world.LevelAsync(sku));
        Assert.Equal((2, 2, 0), await _world.LevelAsync(sku, "west"));
        await IsCleanAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task What_a_failed_turn_gave_back_is_reserved_again_or_waited_for(bool held, bool taken)
    {
        var (key, sku) = (_world.NewOrder("early"), await _world.NewSkuAsync(3));
        await _world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 2)));
        if (held)
            await _world.Order(key).ActAsync(OrderAct.Hold, "ops", null);
        Assert.Equal((3, 2, 0), await _world.LevelAsync(sku));
        await FailAsync(key, Stated(key, 2, paid: false, cancelled: true, lines: (sku, 2)));
        Assert.Equal((3, 0, 0), await _world.LevelAsync(sku));
        if (taken)
            await _world.DeliverAsync(Stated(_world.NewOrder(), 1, lines: (sku, 3)));

        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(taken ? (3, 3, 2) : (3, 2, 0), await _world.LevelAsync(sku));
        await IsCleanAsync();
        if (held)
            await _world.Order(key).ActAsync(OrderAct.Resume, "ops", null);
        await _world.DeliverAsync(Stated(key, 3, lines: (sku, 2)));
        Assert.Equal(taken ? 0 : 1, (await _world.LoadAsync(key)).Releases.Count);
        await IsCleanAsync();
    }

    [Fact]
    public async Task An_order_counts_on_units_that_are_gone_only_until_the_sweep_after_a_start()
    {
        var (key, sku) = (_world.NewOrder("early"), await _world.NewSkuAsync(3));
        await _world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 2)));
        await FailAsync(key, Stated(key, 2, paid: false, cancelled: true, lines: (sku, 2)));
        await _world.RestartAsync(TimeSpan.FromHours(1) / 2);
        await SweepAsync();
        Assert.Equal((3, 2, 0), await _world.LevelAsync(sku));
        await IsCleanAsync();
    }

    [Fact]
    public async Task An_order_that_cannot_be_reviewed_stands_in_nobodys_way_and_is_asked_again()
    {
        var sku = await _world.NewSkuAsync(10);
        var keys = new[] { _world.NewOrder(), _world.NewOrder() };
        foreach (var key in keys)
        {
            await _world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 3)));
            await FailAsync(key, Stated(key, 2, lines: (sku, 3)));
        }

        _world.Faults.FailNext(keys[0], Fault.BeforeCommit);
        await SweepAfterAsync(TimeSpan.FromSeconds(6));
        Assert.Equal((10, 3, 0), await _world.LevelAsync(sku));
        await _world.WaitForDeactivationAsync(_world.Order(keys[0]));
        await SweepAfterAsync(TimeSpan.FromSeconds(2));
        Assert.Equal((10, 0, 0), await _world.LevelAsync(sku));
    }

    private async Task FailAsync(OrderKey key, OrderChange change)
    {
        _world.Faults.FailNext(key, Fault.BeforeCommit);
        await Assert.ThrowsAsync<StorageException>(() => _world.DeliverAsync(change));
        await _world.WaitForDeactivationAsync(_world.Order(key));
    }

    private Task SweepAsync() => _world.Grains.GetGrain<ISweepGrain>(0).SweepAsync();

    private Task SweepAfterAsync(TimeSpan time)
    {
        _world.Time.Advance(time);
        return SweepAsync();
    }

    private async Task IsCleanAsync() => Assert.Equal(
        new StockAudit(0, 0, 0, 0, 0, 0, 0), await _world.Stock.AuditAsync(_world.Time.GetUtcNow().AddMinutes(1)));

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
