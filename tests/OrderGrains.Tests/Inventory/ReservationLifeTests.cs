using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Inventory;

/// <summary>A reservation lives as its order does: after whatever happens, every unit is accounted for.</summary>
public sealed class ReservationLifeTests(SharedSilo silo) : SharedSiloTests(silo)
{
    private const int Units = 10;
    private int _second;

    [Theory]
    [InlineData(false, 5)]
    [InlineData(false, 1)]
    [InlineData(true, 5)]
    [InlineData(true, 1)]
    public async Task An_edit_up_or_down_before_and_after_release_is_followed(bool released, int units)
    {
        var (key, mug, cap) = await PlaceAsync(released);
        await StateAsync(key, (mug, units), (cap, 1));
        await HoldsAsync(key, mug, units);
        await HoldsAsync(key, cap, 1);
        await PayAndShipAsync(key, (mug, units), (cap, 1));
        Assert.Equal((Units - units, 0, 0), await World.LevelAsync(mug));
        Assert.Equal((Units - 1, 0, 0), await World.LevelAsync(cap));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_swap_gives_one_line_back_and_takes_the_other(bool released)
    {
        var (key, mug, cap) = await PlaceAsync(released);
        var tea = await World.NewSkuAsync(Units);
        await World.DeliverAsync(new OrderStated(key, Stated(
            key, ++_second, lines: [(mug, 0), (cap, 1), (tea, 2)]).Snapshot));
        await HoldsAsync(key, mug, 0);
        await HoldsAsync(key, tea, 2);
        await PayAndShipAsync(key, (mug, 0), (cap, 1), (tea, 2));
        Assert.Equal((Units, 0, 0), await World.LevelAsync(mug));
        Assert.Equal((Units - 2, 0, 0), await World.LevelAsync(tea));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_order_gives_all_back_before_and_after_release(bool released)
    {
        var (key, mug, cap) = await PlaceAsync(released);
        await World.DeliverAsync(Stated(key, ++_second, cancelled: true, lines: [(mug, 2), (cap, 1)]));
        await World.ReachesAsync(key, OrderStatus.Cancelled);
        await Eventually.EqualAsync((Units, 0, 0), () => World.LevelAsync(mug));
        await Eventually.EqualAsync((Units, 0, 0), () => World.LevelAsync(cap));
    }

    [Fact]
    public async Task A_refund_before_shipping_gives_back_and_a_return_changes_no_stock()
    {
        var (key, mug, cap) = await PlaceAsync(released: true);
        await RefundAsync(key, "1", -1);
        await HoldsAsync(key, mug, 1);
        await PayAndShipAsync(key, (mug, 2), (cap, 1));
        Assert.Equal((Units - 1, 0, 0), await World.LevelAsync(mug));

        // A return restocks when the warehouse counts or adjusts, not at the storefront's word.
        await RefundAsync(key, "2", 0);
        Assert.Equal((Units - 1, 0, 0), await World.LevelAsync(mug));
        await World.StockGrain(mug).AdjustAsync(1, "returned", OrderWorld.Noon, $"return of {key}");
        Assert.Equal((Units, 0, 0), await World.LevelAsync(mug));
    }

    [Fact]
    public async Task Parcels_take_their_units_one_after_the_other()
    {
        var (key, mug, cap) = await PlaceAsync(released: true);
        await ShipAsync(key, "S1", 1, ("1", 1));
        Assert.Equal((Units - 1, 1, 0), await World.LevelAsync(mug));
        await ShipAsync(key, "S2", 1, ("2", 1));
        Assert.Equal((Units - 1, 0, 0), await World.LevelAsync(cap));
        await ShipAsync(key, "S3", 1, ("1", 1));
        Assert.Equal((Units - 2, 0, 0), await World.LevelAsync(mug));
        Assert.Equal(OrderStatus.Shipped, await World.StatusAsync(key));
    }

    [Fact]
    public async Task A_parcel_of_a_release_that_was_stopped_leaves_the_stock_all_the_same()
    {
        var (key, mug, cap) = await PlaceAsync(released: true);
        await World.Order(key).ActAsync(OrderAct.Cancel, "ops", null);
        await World.ReachesAsync(key, OrderStatus.Cancelled);
        await Eventually.EqualAsync((Units, 0, 0), () => World.LevelAsync(mug));
        await ShipAsync(key, "S1", 1, ("1", 2));
        Assert.Equal((Units - 2, 0, 0), await World.LevelAsync(mug));
        Assert.Equal((Units, 0, 0), await World.LevelAsync(cap));
    }

    [Fact]
    public async Task An_order_on_hold_keeps_its_units_until_one_placed_before_it_needs_them()
    {
        var (key, mug, cap) = await PlaceAsync(released: true);
        await World.Order(key).ActAsync(OrderAct.Hold, "ops", null);
        await World.ReachesAsync(key, OrderStatus.OnHold);
        await Eventually.TrueAsync(async () =>
            (await World.LoadAsync(key)).Allocations.All(a => a.AtWarehouse == 0));
        Assert.Equal((Units, 2, 0), await World.LevelAsync(mug));

        var later = World.NewOrder("shopeast");
        await World.DeliverAsync(Stated(later, 1, placed: 99, lines: (mug, Units)));
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(later));
        var earlier = World.NewOrder("shopeast");
        await World.DeliverAsync(Stated(earlier, 1, placed: -99, lines: (mug, Units)));
        await World.ReachesAsync(earlier, OrderStatus.Released);
        await Eventually.TrueAsync(async () =>
            (await World.TimelineAsync(key)).Contains("reservation.taken_back", StringComparer.Ordinal));

        await World.Order(key).ActAsync(OrderAct.Resume, "ops", null);
        Assert.Equal(OrderStatus.Backordered, await World.StatusAsync(key));
        await World.CountAsync(mug, Units + 2);
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((Units + 2, Units + 2, Units), await World.LevelAsync(mug));
        Assert.Equal((Units, 1, 0), await World.LevelAsync(cap));
    }

    [Fact]
    public async Task An_unpaid_order_holds_its_stock_until_its_time_is_over_and_takes_it_anew_when_it_pays()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup());
        var (key, sku) = (world.NewOrder("early"), await world.NewSkuAsync(3));
        await world.DeliverAsync(Stated(key, 1, paid: false, lines: (sku, 2)));
        Assert.Equal((3, 2, 0), await world.LevelAsync(sku));
        Assert.Empty((await world.LoadAsync(key)).Releases);

        var sweep = world.Grains.GetGrain<ISweepGrain>(0);
        world.Time.Advance(TimeSpan.FromMinutes(59));
        await sweep.SweepAsync();
        Assert.Equal((3, 2, 0), await world.LevelAsync(sku));
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await sweep.SweepAsync();
        await Eventually.EqualAsync((3, 0, 0), () => world.LevelAsync(sku));
        await Eventually.TrueAsync(async () =>
            (await world.TimelineAsync(key)).Contains("reservation.expired", StringComparer.Ordinal));
        Assert.Empty((await world.Orders.ListReservedUntilAsync(world.Time.GetUtcNow(), null, 10)).Orders);

        await world.DeliverAsync(Stated(key, 2, lines: (sku, 2)));
        await world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((3, 2, 0), await world.LevelAsync(sku));
    }

    [Fact]
    public async Task A_bundle_is_reserved_released_and_shipped_as_its_parts()
    {
        await using var world = await SiloWorld.StartAsync(new SiloSetup());
        await world.CountAsync("GIFT-MUG", 5);
        await world.CountAsync("GIFT-TEA", 5);
        var key = world.NewOrder();
        await world.DeliverAsync(Stated(key, 1, lines: ("GIFT-SET", 2)));
        await world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((5, 2, 0), await world.LevelAsync("GIFT-MUG"));
        Assert.Equal((5, 4, 0), await world.LevelAsync("GIFT-TEA"));
        Assert.Equal([new ReleaseLine("1:1", "GIFT-MUG", 2), new ReleaseLine("1:2", "GIFT-TEA", 4)],
            Assert.Single((await world.LoadAsync(key)).Releases).Lines);

        Task ShipPartAsync(string id, params (string Line, int Units)[] lines) =>
            world.DeliverAsync(Shipment(key, id, 1, lines));
        await ShipPartAsync("S1", ("1:1", 2), ("1:2", 1));
        Assert.Equal(OrderStatus.PartiallyShipped, await world.StatusAsync(key));
        await ShipPartAsync("S2", ("1:2", 3));
        Assert.Equal(OrderStatus.Shipped, await world.StatusAsync(key));
        Assert.Equal((3, 0, 0), await world.LevelAsync("GIFT-MUG"));
        Assert.Equal((1, 0, 0), await world.LevelAsync("GIFT-TEA"));
    }

    /// <summary>2 of one and 1 of another; one that is not released waits for payment and holds its stock.</summary>
    private async Task<(OrderKey Key, string Mug, string Cap)> PlaceAsync(bool released)
    {
        var (key, mug, cap) = (
            World.NewOrder(released ? "acme" : "early"), await World.NewSkuAsync(Units),
            await World.NewSkuAsync(Units));
        await World.DeliverAsync(Stated(key, ++_second, paid: released, lines: [(mug, 2), (cap, 1)]));
        if (released)
            await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((Units, 2, 0), await World.LevelAsync(mug));
        return (key, mug, cap);
    }

    private Task<ReceiptOutcome> StateAsync(OrderKey key, params (string Sku, int Units)[] lines) =>
        World.DeliverAsync(Stated(key, ++_second, paid: key.Source == "acme", lines: lines));

    /// <summary>In the stock and in the order's own state alike.</summary>
    private async Task HoldsAsync(OrderKey key, string sku, int units)
    {
        await Eventually.EqualAsync((Units, units, 0), () => World.LevelAsync(sku));
        await Eventually.EqualAsync(units, async () =>
            (await World.LoadAsync(key)).Allocations.Where(a => a.Sku == sku).Sum(a => a.Quantity));
    }

    private async Task PayAndShipAsync(OrderKey key, params (string Sku, int Units)[] lines)
    {
        if (key.Source != "acme")
            await World.DeliverAsync(Stated(key, ++_second, lines: lines));
        await Eventually.TrueAsync(async () =>
            (await World.LoadAsync(key)).Releases.All(r => r.Status != ReleaseStatus.Requested && r.MessageId is null));
        var order = await World.LoadAsync(key);
        foreach (var release in order.Releases.Where(OrderFacts.IsLive))
        {
            await ShipAsync(key, $"S{release.Number}", release.Number,
                [.. release.Lines.Select(l => (l.LineId, l.Quantity))]);
        }

        Assert.Equal(OrderStatus.Shipped, await World.StatusAsync(key));
        Assert.Empty((await World.LoadAsync(key)).Allocations);
    }

    private Task<ReceiptOutcome> RefundAsync(OrderKey key, string id, int delta) => World.DeliverAsync(new OrderAmended(
        key, new Amendment(
            AmendmentKind.Refund, id, OrderWorld.Noon.AddSeconds(++_second), [new AmendedLine("1", delta)])));

    private async Task ShipAsync(OrderKey key, string id, int release, params (string Line, int Units)[] lines) =>
        Assert.Equal(ReceiptOutcome.Applied, await World.DeliverAsync(Shipment(key, id, release, lines)));

    private static ShipmentMade Shipment(
        OrderKey key, string id, int release, params (string Line, int Units)[] lines) => new(key, new Shipment
        {
            ShipmentId = id,
            Reference = ReleaseReference.Of(key, release),
            Lines = [.. lines.Select(l => new ShippedLine(l.Line, l.Units))],
            ShippedAt = OrderWorld.Noon,
        });
}
