using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Inventory;

public sealed class InventoryGrainTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task A_repeated_reservation_changes_nothing()
    {
        var (sku, request) = (await World.NewSkuAsync(5), Request(World.NewOrder(), 2));
        var stock = World.StockGrain(sku);
        var first = await stock.ReserveAsync(request);
        Assert.Equal(new ReservationAnswer(ReservationOutcome.Held, 2, 0, true), first);
        Assert.Equal(first, await stock.ReserveAsync(request));
        await World.DeactivateAsync(stock);
        Assert.Equal(first, await stock.ReserveAsync(request));
        Assert.Equal((5, 2, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task Who_was_placed_first_and_comes_late_is_served_at_once_and_written_so()
    {
        var sku = await World.NewSkuAsync(3);
        var stock = World.StockGrain(sku);
        await stock.ReserveAsync(Request(World.NewOrder(), 5, placed: 10));
        var early = World.NewOrder();
        var answer = await stock.ReserveAsync(Request(early, 2, placed: 1));
        Assert.Equal(new ReservationAnswer(ReservationOutcome.Held, 2, 0, true), answer);
        var stored = await World.Stock.FindReservationAsync(new StockKey("east", sku), early, "1");
        Assert.Equal((ReservationState.Open, 2, 0), (stored!.State, stored.Quantity, stored.Waiting));
        Assert.Equal((3, 2, 5), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task Units_ship_once_however_often_and_whenever_it_is_said()
    {
        var sku = await World.NewSkuAsync(5);
        var (order, stock) = (World.NewOrder(), World.StockGrain(sku));
        await stock.ReserveAsync(Request(order, 2));
        await stock.ReserveAsync(Request(order, 0, consumed: 2));
        Assert.Equal((3, 0, 0), await World.LevelAsync(sku));
        await stock.ReserveAsync(Request(order, 0, consumed: 2));
        await World.DeactivateAsync(stock);
        await stock.ReserveAsync(Request(order, 0, consumed: 2));
        Assert.Equal((3, 0, 0), await World.LevelAsync(sku));
        await stock.ReserveAsync(Request(order, 0, consumed: 3));
        Assert.Equal((2, 0, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task Units_ship_once_when_it_is_said_twice_before_the_commit()
    {
        var sku = await World.NewSkuAsync(9);
        var (order, stock, key) = (World.NewOrder(), World.StockGrain(sku), new StockKey("east", sku));
        await stock.ReserveAsync(Request(order, 2));
        await stock.ReserveAsync(Request(World.NewOrder(), 4));
        Task<ReservationAnswer>[] answers;
        var calls = World.Faults.Calls(key);
        using (World.Faults.HoldCommits(key))
        {
            answers = [.. Enumerable.Range(0, 5).Select(_ => stock.ReserveAsync(Request(order, 0, consumed: 2)))];
            await Eventually.TrueAsync(() => World.Faults.Calls(key) - calls == 5);
        }

        await Task.WhenAll(answers);
        Assert.Equal((7, 4, 0), await World.LevelAsync(sku));

        // And when nobody had reserved them.
        var stranger = World.NewOrder();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => stock.ReserveAsync(Request(stranger, 0, consumed: 1))));
        Assert.Equal((6, 4, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task An_adjustment_takes_effect_once()
    {
        var (sku, key) = (await World.NewSkuAsync(5), World.NewOrder());
        var stock = World.StockGrain(sku);
        Task<StockAnswer> Adjust(string id) => stock.AdjustAsync(-1, "broken", OrderWorld.Noon, id);
        Assert.Equal(StockOutcome.Applied, (await Adjust("one")).Outcome);
        Assert.Equal(StockOutcome.Duplicate, (await Adjust("one")).Outcome);
        await World.DeactivateAsync(stock);
        Assert.Equal(StockOutcome.Duplicate, (await Adjust("one")).Outcome);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Adjust("two")));
        Assert.Single(answers, a => a.Outcome == StockOutcome.Applied);
        Assert.Equal(4, answers.Count(a => a.Outcome == StockOutcome.Duplicate));
        Assert.Equal((3, 0, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task The_first_shipment_of_a_line_costs_no_look_up_and_each_takes_effect_once()
    {
        var sku = await World.NewSkuAsync(9);
        var (order, stock, key) = (World.NewOrder(), World.StockGrain(sku), new StockKey("east", sku));
        await stock.ReserveAsync(Request(order, 4));
        ShippedUnits[] all = [Left("A", 2, 5), Left("B", 1, 3), Left("C", 1, 4)];
        var request = Request(order, 2) with { Shipped = all[..1] };
        await stock.ReserveAsync(request);
        Assert.Equal((7, 2, 0), await World.LevelAsync(sku));
        Assert.Equal(0, World.Faults.LookUps(key));

        // Another one besides, and the same said by an activation of the order that has not heard of the first.
        await stock.ReserveAsync(request with { Quantity = 1, Shipped = all[..2] });
        await stock.ReserveAsync(request with { Quantity = 0, Shipped = all[1..] });
        Assert.Equal((5, 0, 0), await World.LevelAsync(sku));
        await World.DeactivateAsync(stock);
        await stock.ReserveAsync(request with { Quantity = 0, Shipped = all });
        Assert.Equal((5, 0, 0), await World.LevelAsync(sku));
        Assert.Equal(4, (await World.Stock.FindReservationAsync(key, order, "1"))!.Consumed);
    }

    [Fact]
    public async Task A_shipment_that_the_line_forgot_and_hears_of_again_takes_effect_once()
    {
        var sku = await World.NewSkuAsync(9);
        var (order, stock) = (World.NewOrder(), World.StockGrain(sku));
        await stock.ReserveAsync(Request(order, 2));
        await stock.ReserveAsync(Request(order, 0, consumed: 2));

        // The order's own commit failed: it knows of no shipment, and takes units anew.
        await stock.ReserveAsync(Request(order, 2));
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await stock.ReserveAsync(Request(order, 0, consumed: 2))).Held == 0;
            }
            catch (StorageException)
            {
                return false;
            }
        });
        Assert.Equal((7, 0, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task A_count_that_comes_late_is_applied_to_what_was_committed_and_others_wait_for_it()
    {
        var sku = await World.NewSkuAsync(9);
        var (order, stock, key) = (World.NewOrder(), World.StockGrain(sku), new StockKey("east", sku));
        await stock.ReserveAsync(Request(order, 5));
        var calls = World.Faults.Calls(key);
        Task<ReservationAnswer> shipped;
        Task<StockAnswer> counted;
        Task<ReservationAnswer> reserved;
        using (World.Faults.HoldCommits(key))
        {
            shipped = stock.ReserveAsync(Request(order, 0) with { Shipped = [Left("A", 3, 9), Left("B", 2, 1)] });
            await Eventually.TrueAsync(() => World.Faults.Calls(key) - calls == 1);
            counted = stock.CountAsync(8, OrderWorld.Noon.AddSeconds(5), "late");
            await Eventually.TrueAsync(() => World.Faults.Calls(key) - calls == 2);
            reserved = stock.ReserveAsync(Request(World.NewOrder(), 6));
            await Eventually.TrueAsync(() => World.Faults.Calls(key) - calls == 3);
        }

        await shipped;
        Assert.Equal(new StockAnswer(StockOutcome.Applied, 5, 0), await counted);
        Assert.Equal((ReservationOutcome.Waiting, 6), ((await reserved).Outcome, (await reserved).Waiting));
        Assert.Equal((5, 0, 6), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task What_a_person_sets_has_all_in_that_was_heard_of()
    {
        var (sku, now) = (World.NewName("SKU"), World.Time.GetUtcNow());
        var stock = World.StockGrain(sku);
        await stock.CountAsync(5, now.AddMinutes(2), "ahead");
        await stock.AdjustAsync(-1, "broken", now.AddMinutes(3), $"{sku} ahead");
        Assert.Equal(new StockAnswer(StockOutcome.Applied, 8, 0), await stock.SetAsync(8, "ops"));
        Assert.Equal(StockOutcome.Stale, (await stock.CountAsync(5, now.AddMinutes(2), "ahead")).Outcome);
        Assert.Equal((8, 0, 0), await World.LevelAsync(sku));
        await stock.AdjustAsync(-1, "broken", now.AddMinutes(4), $"{sku} later");
        Assert.Equal((7, 0, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task More_may_be_shipped_than_was_counted_and_what_comes_then_fills_the_gap_first()
    {
        var sku = World.NewName("SKU");
        var stock = World.StockGrain(sku);
        var answer = await stock.ReserveAsync(Request(World.NewOrder(), 0, consumed: 3));
        Assert.False(answer.Known);
        Assert.Equal((0, 0, 0), await World.LevelAsync(sku));
        Assert.Equal(
            new StockAnswer(StockOutcome.Applied, 1, 0),
            await stock.AdjustAsync(4, "found", OrderWorld.Noon, $"{sku} found"));
        Assert.True((await stock.ReserveAsync(Request(World.NewOrder(), 1))).Known);
    }

    [Fact]
    public async Task An_older_count_is_stale_and_a_person_may_not_set_fewer_than_are_reserved()
    {
        var stock = World.StockGrain(World.NewName("SKU"));
        var at = OrderWorld.Noon;
        Assert.Equal(StockOutcome.Applied, (await stock.CountAsync(5, at, "a")).Outcome);
        await stock.ReserveAsync(Request(World.NewOrder(), 3));
        Assert.Equal(new StockAnswer(StockOutcome.Stale, 5, 3), await stock.CountAsync(9, at.AddSeconds(-1), "b"));
        Assert.Equal(new StockAnswer(StockOutcome.Duplicate, 5, 3), await stock.CountAsync(5, at, "c"));
        Assert.Equal(new StockAnswer(StockOutcome.BelowReserved, 5, 3), await stock.SetAsync(2, "ops"));
        await World.DeactivateAsync(stock);
        Assert.Equal(new StockAnswer(StockOutcome.Applied, 3, 3), await stock.CountAsync(3, at.AddSeconds(1), "e"));
    }

    [Fact]
    public async Task A_count_that_comes_again_after_the_activation_is_a_duplicate_to_the_last_tick()
    {
        var stock = World.StockGrain(World.NewName("SKU"));
        var at = OrderWorld.Noon.AddTicks(7);
        Assert.Equal(StockOutcome.Applied, (await stock.CountAsync(5, at, "a")).Outcome);
        await World.DeactivateAsync(stock);

        Assert.Equal(StockOutcome.Duplicate, (await stock.CountAsync(5, at, "a")).Outcome);
    }

    private static ReservationRequest Request(OrderKey order, int units, int consumed = 0, int placed = 0) =>
        new(order, "1", units, [.. Enumerable.Range(1, consumed).Select(n => Left($"{n}", 1, 3600))],
            OrderWorld.Noon.AddSeconds(placed), MayWait: true);

    private static ShippedUnits Left(string id, int units, int second) =>
        new(id, units, OrderWorld.Noon.AddSeconds(second));
}
