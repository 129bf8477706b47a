using System.Text.Json;
using OrderGrains.Connectors;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

/// <summary>What subscribers hear, and what they do not. Each test has a silo whose clock it moves.</summary>
public sealed class SubscriberTests : IAsyncLifetime
{
    private readonly RecordingSubscriber _erp = new();
    private readonly RecordingSubscriber _shelf = new();
    private readonly RecordingSubscriber _ops = new();
    private SiloWorld _world = null!;

    private ScriptedWarehouse Warehouse => _world.Warehouse("east");

    public async ValueTask InitializeAsync()
    {
        var setup = new SiloSetup
        {
            Places = ["east"],
            SilentAfter = TimeSpan.FromHours(1),
            ResumeWhenHealed = ResumeWhenHealed.Yes,
            Subscriptions = new Subscriptions(new Dictionary<string, Subscription>(StringComparer.Ordinal)
            {
                ["erp"] = new() { Events = { "order.*" }, Personal = PersonalData.Full },
                ["shelf"] = new() { Events = { "stock.changed", "order.shipped" } },
                ["ops"] = new() { Events = { "message.parked", "destination.*", "source.silent" } },
            }),
            Subscribers = { ["erp"] = _erp, ["shelf"] = _shelf, ["ops"] = _ops },
        };
        _world = await SiloWorld.StartAsync(setup);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_order_is_told_from_its_receipt_to_its_parcel_in_order()
    {
        var (key, sku) = await PlaceAsync(5);
        await _world.ReachesAsync(key, OrderStatus.Released);
        await ShipAsync(key, sku);

        var subject = Subject.Of(key);
        await Eventually.TrueAsync(() => _erp.TypesOf(subject).EndsWith("shipped", StringComparison.Ordinal));
        Assert.Equal("order.received order.allocated order.released order.shipped", _erp.TypesOf(subject));
        var told = _erp.Taken;
        long?[] numbers = [.. told.Select(one => one.Sequence)];
        Assert.Equal([.. numbers.Order()], numbers);
        Assert.Equal(4, numbers.Distinct().Count());
        var shipped = JsonDocument.Parse(told[^1].Data).RootElement;
        Assert.Equal("T-1", shipped.GetProperty("shipment").GetProperty("trackingNumber").GetString());
        Assert.Equal(2, shipped.GetProperty("lines")[0].GetProperty("shipped").GetInt32());
        Assert.Equal("shipped", shipped.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_subscriber_learns_of_the_buyer_what_it_may_and_the_outbox_nothing()
    {
        var (key, sku) = await PlaceAsync(5);
        await _world.ReachesAsync(key, OrderStatus.Released);
        await ShipAsync(key, sku);
        await Eventually.TrueAsync(() => _shelf.Taken.Any(one => one.Type == "order.shipped"));
        await Eventually.TrueAsync(() => _erp.Taken.Any(one => one.Type == "order.shipped"));

        Assert.Equal(OrderWorld.ShipTo, _erp.Taken[0].ShipTo);
        var masked = _shelf.Taken.Single(one => one.Type == "order.shipped");
        Assert.Equal(OrderWorld.ShipTo.Masked(), masked.ShipTo);
        Assert.NotEqual(OrderWorld.ShipTo.Name, masked.ShipTo!.Name, StringComparer.Ordinal);
        Assert.DoesNotContain(OrderWorld.ShipTo.Name, masked.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_event_of_an_order_waits_for_the_one_that_fails_and_other_orders_do_not()
    {
        _erp.Answer(new SendResult.Unknown("503", null));
        var (first, _) = await PlaceAsync(5);
        await _world.ReachesAsync(first, OrderStatus.Released);
        await Eventually.EqualAsync(1, () => Task.FromResult(_erp.Calls));
        var (second, _) = await PlaceAsync(5);
        await Eventually.TrueAsync(() => _erp.TypesOf(Subject.Of(second)).Split(' ').Length == 3);
        Assert.Equal("", _erp.TypesOf(Subject.Of(first)));

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _erp.TypesOf(Subject.Of(first)).Split(' ').Length == 3);
        Assert.Equal("order.received order.allocated order.released", _erp.TypesOf(Subject.Of(first)));
        Assert.Equal(_erp.Ids.Count, _erp.Ids.Distinct().Count());
    }

    [Fact]
    public async Task Many_changes_of_a_stock_within_a_second_are_one_event_with_the_newest_numbers()
    {
        var sku = await _world.NewSkuAsync(20);
        for (var i = 0; i < 4; i++)
            await OrderAsync(sku);
        await Eventually.EqualAsync((20, 8, 0), () => _world.LevelAsync(sku));
        Assert.DoesNotContain(_shelf.Taken, one => one.Type == "stock.changed");

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _shelf.Taken.Count == 1);
        var data = JsonDocument.Parse(_shelf.Taken[0].Data).RootElement;
        Assert.Equal(
            (20, 8, 12),
            (data.GetProperty("onHand").GetInt32(), data.GetProperty("reserved").GetInt32(),
                data.GetProperty("available").GetInt32()));
        Assert.Equal($"stock/east/{sku}", _shelf.Taken[0].Subject.ToString());

        await OrderAsync(sku);
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _shelf.Taken.Count == 2);
        Assert.True(_shelf.Taken[1].Sequence > _shelf.Taken[0].Sequence);
    }

    [Fact]
    public async Task A_message_says_the_same_each_time_it_is_sent()
    {
        _shelf.Answer(new SendResult.Unknown("503"), new SendResult.Unknown("503"));
        await _world.NewSkuAsync(20);
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(0.5));
            return _shelf.Taken.Count == 1;
        });

        Assert.Equal(3, _shelf.Tried.Count);
        Assert.Single(_shelf.Tried.Distinct());
    }

    [Fact]
    public async Task Operators_hear_once_of_many_parked_messages_and_of_a_destination_that_fails_and_heals()
    {
        Warehouse.Answer(ScriptedWarehouse.Any, new SendResult.Refused("no such SKU"), times: 8);
        using (Warehouse.Hold())
        {
            for (var i = 0; i < 8; i++)
                await PlaceAsync(5);
            await Eventually.TrueAsync(() => Warehouse.InFlight == 8);
        }

        // All are parked before the first of them looks.
        await Eventually.EqualAsync(8, async () => (await _world.Outbox.ListParkedGroupsAsync()).Sum(g => g.Count));
        await Eventually.TrueAsync(() => _ops.Taken.Count == 1);
        Assert.Equal("message.parked", _ops.Taken[0].Type);
        Assert.Equal("destination/east-wms", _ops.Taken[0].Subject.ToString());

        Warehouse.Away = new SendResult.Again("no connection");
        for (var i = 0; i < 6; i++)
            await PlaceAsync(5);
        await Eventually.TrueAsync(() => _ops.Taken.Count == 2);
        Warehouse.Away = null;
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return _ops.Taken.Count == 3;
        });
        Assert.Equal(
            "message.parked destination.opened destination.closed",
            string.Join(' ', _ops.Taken.Select(one => one.Type)));
    }

    [Fact]
    public async Task What_is_wrong_with_a_subscriber_is_not_told_to_that_one()
    {
        _ops.Away = new SendResult.Refused("gone");
        Warehouse.Answer(ScriptedWarehouse.Any, new SendResult.Refused("no such SKU"));
        await PlaceAsync(5);
        await Eventually.EqualAsync(2, async () => (await _world.Outbox.ListParkedGroupsAsync()).Sum(g => g.Count));
        Assert.Equal(1, _ops.Calls);
    }

    [Fact]
    public async Task A_paused_destination_gets_nothing_until_it_is_resumed_over_a_restart_too()
    {
        await _world.Destination("east").PauseAsync("ops", "they count");
        var (key, _) = await PlaceAsync(5);
        await _world.ReachesAsync(key, OrderStatus.Allocated);
        await _world.DeactivateAsync(_world.Destination("east"));
        await _world.Destination("east").NudgeAsync();
        _world.Time.Advance(TimeSpan.FromMinutes(10));
        var status = await _world.Destination("east").GetStatusAsync();
        Assert.Equal(("ops", "they count"), (status.Pause?.By, status.Pause?.Reason));
        Assert.Empty(Warehouse.Calls);

        Assert.True(await _world.Destination("east").ResumeAsync());
        Assert.False(await _world.Destination("east").ResumeAsync());
        await _world.ReachesAsync(key, OrderStatus.Released);
        Assert.Null((await _world.Destination("east").GetStatusAsync()).Pause);
    }

    [Fact]
    public async Task Messages_that_were_given_up_go_again_once_their_destination_heals_if_it_says_so()
    {
        Warehouse.Away = new SendResult.Unknown("503");
        var (key, _) = await PlaceAsync(5);
        // Attempts of one that waits alone count: after three it is parked.
        await Eventually.TrueAsync(async () =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(30));
            return (await _world.Outbox.ListParkedGroupsAsync()).Any(group => group is { IsGivenUp: true });
        });
        for (var i = 0; i < 6; i++)
            await PlaceAsync(5);
        await Eventually.TrueAsync(async () =>
            (await _world.Destination("east").GetStatusAsync()).BlockedReason is not null);

        Warehouse.Away = null;
        await Eventually.TrueAsync(async () =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(5));
            return await _world.StatusAsync(key) == OrderStatus.Released;
        });
        Assert.NotNull((await _world.Destination("east").GetStatusAsync()).HealedAt);
    }

    [Fact]
    public async Task A_source_that_falls_silent_is_told_of_once_and_again_when_it_has_spoken_between()
    {
        var silence = _world.Grains.GetGrain<ISilenceGrain>(0);
        async Task PassAsync(double minutes)
        {
            _world.Time.Advance(TimeSpan.FromMinutes(minutes));
            await silence.LookAsync();
        }

        await _world.AppendAsync("a");
        await PassAsync(59);
        Assert.Empty(_ops.Taken);
        await PassAsync(1);
        await Eventually.TrueAsync(() => _ops.Taken.Count == 1);
        await _world.DeactivateAsync(silence);
        await PassAsync(60);

        await _world.AppendAsync("b");
        await PassAsync(59);
        // A test by an operator is no word of the sender.
        var test = await _world.AppendAsync("c");
        await _world.Inbox.SettleAsync(new ReceiptSettlement(
            test.Id, ReceiptOutcome.Ignored, TestCall.Reason, null, _world.Time.GetUtcNow()));
        await PassAsync(1);
        await Eventually.TrueAsync(() => _ops.Taken.Count == 2);
        Assert.All(_ops.Taken, one => Assert.Equal("source.silent source/acme", $"{one.Type} {one.Subject}"));
    }

    private async Task<(OrderKey Key, string Sku)> PlaceAsync(int onHand)
    {
        var sku = await _world.NewSkuAsync(onHand);
        return (await OrderAsync(sku), sku);
    }

    private async Task<OrderKey> OrderAsync(string sku)
    {
        var key = _world.NewOrder("shopeast");
        await _world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        return key;
    }

    private Task<ReceiptOutcome> ShipAsync(OrderKey key, string sku) => _world.DeliverAsync(
        new ShipmentMade(key, new Shipment
        {
            ShipmentId = "S-1",
            Reference = ReleaseReference.Of(key, 1),
            TrackingNumber = "T-1",
            Lines = [new ShippedLine("1", 2, sku)],
            ShippedAt = _world.Time.GetUtcNow(),
        }),
        warehouse: "east-wms");
}
