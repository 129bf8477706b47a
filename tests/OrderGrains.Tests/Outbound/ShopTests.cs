using OrderGrains.Connectors;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

/// <summary>What storefronts are told of parcels and of stock. Each test has a silo whose clock it moves.</summary>
public sealed class ShopTests : IAsyncLifetime
{
    private readonly RecordingShop _acme = new();
    private readonly RecordingShop _east = new();
    private readonly RecordingShop _early = new();
    private SiloWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        var places = Places(("east", "11"), ("west", "22"));
        var setup = new SiloSetup
        {
            WaysBack =
            {
                ["acme"] = (new Shop(true, StockMeaning.Available, places, default), _acme),
                // One stock of both, half of it, less a tenth.
                ["early"] = (new Shop(
                    false, StockMeaning.Available, Places(("east", ""), ("west", "")), new StockBuffer(0, 10), 50),
                    _early),
                ["shopeast"] = (new Shop(
                    true, StockMeaning.OnHand, Places(("east", "9")), new StockBuffer(1, 0)), _east),
            },
        };
        _world = await SiloWorld.StartAsync(setup);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_parcel_is_told_to_its_storefront_and_the_order_keeps_what_that_calls_it()
    {
        var (key, _) = await ReleaseAsync(2);
        await ShipAsync(key, "S-1", "T-1", ("1", 2));

        await Eventually.TrueAsync(() => _acme.Parcels.Count == 1);
        var told = _acme.Parcels[0];
        Assert.Equal(
            (key.OrderId, $"{ReleaseReference.Of(key, 1)}/S-1", "T-1", "UPS", "11", true),
            (told.OrderId, told.Parcel, told.TrackingNumber, told.Carrier, told.Place, told.AllGone));
        Assert.Equal(("1", 2), (told.Lines.Single().LineId, told.Lines[0].Quantity));
        await Eventually.EqualAsync("1", async () => (await ParcelsAsync(key))[0].FulfilmentId ?? "");
        Assert.Null((await ParcelsAsync(key))[0].MessageId);
        Assert.Contains("parcel.recorded", await _world.TimelineAsync(key), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Each_parcel_is_told_once_and_again_when_its_number_changes()
    {
        var (key, _) = await ReleaseAsync(3);
        await ShipAsync(key, "S-1", "T-1", ("1", 1));
        await RecordedAsync(key, 1);
        await ShipAsync(key, "S-1", "T-1", ("1", 1));
        await ShipAsync(key, "S-2", "T-2", ("1", 2));
        await RecordedAsync(key, 2);
        await ShipAsync(key, "S-1", "T-9", ("1", 1));
        await Eventually.TrueAsync(() => _acme.Parcels.Count == 3);

        Assert.Equal("T-1 T-2 T-9", NumbersTold());
        var again = _acme.Parcels[2];
        Assert.Equal(("1", "T-1", "2"), (again.FulfilmentId, again.EarlierNumbers[0], again.OtherFulfilmentIds[0]));
        Assert.Equal([false, true, true], _acme.Parcels.Select(parcel => parcel.AllGone));
    }

    [Fact]
    public async Task What_changes_before_the_shop_could_be_told_is_told_once_as_it_then_is()
    {
        _acme.Answer(new SendResult.Unknown("no answer"));
        var (key, _) = await ReleaseAsync(1);
        await ShipAsync(key, "S-1", "T-1", ("1", 1));
        await Eventually.TrueAsync(() => _acme.Parcels.Count == 1);
        await ShipAsync(key, "S-1", "T-9", ("1", 1));
        await RecordedAsync(key, 1);

        Assert.Equal("T-1 T-9", NumbersTold());
        Assert.Equal(0, (await _world.Outbox.AuditAsync()).Parked);
    }

    [Fact]
    public async Task A_parcel_is_told_again_when_the_shop_wants_more_than_it_had_open()
    {
        _acme.Answer(
            new SendResult.Delivered(new ShopAnswer.Recorded("1", "2 of 3", InPart: true)),
            new SendResult.Delivered(new ShopAnswer.Recorded("1", "2 of 3", InPart: true)));
        var (key, sku) = await ReleaseAsync(3);
        await ShipAsync(key, "S-1", "T-1", ("1", 3));
        await RecordedAsync(key, 1);
        // Others have the last one: nothing is open.
        await StateAsync(key, 2, sku, 3, ("1", "T-1", 2), ("7", "T-7", 1));
        Assert.Null((await ParcelsAsync(key))[0].MessageId);
        Assert.Single(_acme.Parcels);
        await StateAsync(key, 3, sku, 3, ("1", "T-1", 2));
        await Eventually.TrueAsync(() => _acme.Parcels.Count == 2);
        await RecordedAsync(key, 1);
        // The same unit does not tell it again: it must have been taken and given back.
        await StateAsync(key, 4, sku, 3, ("1", "T-1", 2));
        Assert.Null((await ParcelsAsync(key))[0].MessageId);
        await StateAsync(key, 5, sku, 3, ("1", "T-1", 2), ("7", "T-7", 1));
        await StateAsync(key, 6, sku, 3, ("1", "T-1", 2));
        await Eventually.TrueAsync(() => _acme.Parcels.Count == 3);
        await RecordedAsync(key, 1);
        // Now it has all.
        await StateAsync(key, 7, sku, 3, ("1", "T-1", 2));

        Assert.Equal("T-1 T-1 T-1", NumbersTold());
        Assert.Null((await ParcelsAsync(key))[0].MessageId);
    }

    [Fact]
    public async Task What_the_shop_states_while_it_is_told_may_be_newer_than_its_answer()
    {
        var gate = new TaskCompletionSource();
        _acme.ParcelsWait = gate.Task;
        _acme.Answer(new SendResult.Delivered(new ShopAnswer.NothingToRecord("nothing is open")));
        var (key, sku) = await ReleaseAsync(3);
        await ShipAsync(key, "S-1", "T-1", ("1", 3));
        await Eventually.TrueAsync(() => _acme.Parcels.Count == 1);
        await StateAsync(key, 2, sku, 3);
        Assert.Single(_acme.Parcels);
        gate.SetResult();

        await Eventually.TrueAsync(() => _acme.Parcels.Count == 2);
        await RecordedAsync(key, 1);
        Assert.Contains("parcel.not_recorded", await _world.TimelineAsync(key), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_parcel_is_taken_back_at_a_persons_word_alone_and_told_no_more()
    {
        var (key, sku) = await ReleaseAsync(2);
        var order = _world.Grains.GetGrain<IOrderGrain>(key.ToString());
        var reference = ReleaseReference.Of(key, 1);
        Assert.Equal(
            $"the order has no parcel {reference}/S-1", (await order.TakeBackAsync(reference, "S-1", "ops")).Refusal);
        await ShipAsync(key, "S-1", "T-1", ("1", 2));
        await RecordedAsync(key, 1);
        _acme.Answer(
            new SendResult.Delivered(new ShopAnswer.NotTakenBack("no")), new SendResult.Again("away"),
            new SendResult.Delivered(new ShopAnswer.TakenBack()));

        Assert.Null((await order.TakeBackAsync(reference, "S-1", "ops")).Refusal);
        await RecordedAsync(key, 1);
        Assert.False((await ParcelsAsync(key))[0].TakenBack);
        Assert.Null((await order.TakeBackAsync(reference, "S-1", "ops")).Refusal);
        await Eventually.TrueAsync(async () =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(5));
            return (await ParcelsAsync(key))[0] is { TakenBack: true, MessageId: null };
        });
        Assert.Equal([false, true, true, true], _acme.Parcels.Select(parcel => parcel.TakenBack));

        // Neither a newer number nor units that are open tell it again.
        await ShipAsync(key, "S-1", "T-9", ("1", 2));
        await StateAsync(key, 7, sku, 2);
        Assert.Null((await ParcelsAsync(key))[0].MessageId);
        Assert.EndsWith("or about to be", (await order.TakeBackAsync(reference, "S-1", "ops")).Refusal);
        var timeline = await _world.TimelineAsync(key);
        Assert.Equal(2, timeline.Count(kind => kind == "operator.take_back"));
        Assert.Equal(
            (1, 1), (timeline.Count(k => k == "parcel.not_taken_back"), timeline.Count(k => k == "parcel.taken_back")));
    }

    [Fact]
    public async Task What_no_shop_has_is_not_taken_back()
    {
        _acme.Answer(new SendResult.Delivered(new ShopAnswer.NothingToRecord("others sent it")));
        var (key, _) = await ReleaseAsync(1);
        await ShipAsync(key, "S-1", "T-1", ("1", 1));
        await Eventually.TrueAsync(async () => (await ParcelsAsync(key)) is [{ MessageId: null }]);
        var answer = await _world.Grains.GetGrain<IOrderGrain>(key.ToString())
            .TakeBackAsync(ReleaseReference.Of(key, 1), "S-1", "ops");
        Assert.StartsWith("the storefront is not known to have parcel", answer.Refusal);
        Assert.Single(_acme.Parcels);
    }

    [Fact]
    public async Task A_bundle_goes_with_the_parcel_that_completes_it()
    {
        await _world.CountAsync("GIFT-MUG", 50);
        await _world.CountAsync("GIFT-TEA", 50);
        var key = _world.NewOrder();
        await _world.DeliverAsync(Stated(key, 1, lines: ("GIFT-SET", 2)));
        await _world.ReachesAsync(key, OrderStatus.Released);
        await ShipAsync(key, "S-1", "T-1", ("1:1", 2), ("1:2", 2));
        await RecordedAsync(key, 1);
        await ShipAsync(key, "S-2", "T-2", ("1:2", 2));
        await RecordedAsync(key, 2);

        Assert.Equal([1, 1], _acme.Parcels.Select(parcel => parcel.Lines.Single().Quantity));
        Assert.All(_acme.Parcels, parcel => Assert.Equal("1", parcel.Lines[0].LineId));
    }

    [Fact]
    public async Task A_parcel_without_a_number_is_known_to_be_ours_when_the_shop_shows_it()
    {
        var (key, sku) = await ReleaseAsync(1);
        await ShipAsync(key, "S-1", null, ("1", 1));
        await RecordedAsync(key, 1);
        var shown = Stated(key, 5, lines: (sku, 1));
        await _world.DeliverAsync(shown with
        {
            Snapshot = shown.Snapshot with { Fulfilments = [new Fulfilment("1", [], [new ShippedLine("1", 1)])] },
        });

        var order = await _world.LoadAsync(key);
        Assert.Equal(0, OrderFacts.ElsewhereUnits(order, "1"));
        Assert.Empty(order.Excess);
    }

    [Fact]
    public async Task Our_own_parcel_without_a_number_stops_nothing_while_its_answer_is_on_its_way()
    {
        _acme.Answer(new SendResult.Unknown("no answer"));
        var (key, sku) = await ReleaseAsync(2);
        await ShipAsync(key, "S-1", null, ("1", 1));
        await Eventually.TrueAsync(() => _acme.Parcels.Count == 1);
        var shown = Stated(key, 5, lines: (sku, 2));
        await _world.DeliverAsync(shown with
        {
            Snapshot = shown.Snapshot with { Fulfilments = [new Fulfilment("1", [], [new ShippedLine("1", 1)])] },
        });

        var order = await _world.LoadAsync(key);
        Assert.Equal(1, OrderFacts.RemainingUnits(order, OrderFacts.WantedLines(order)[0]));
        Assert.DoesNotContain("release.stopping", await _world.TimelineAsync(key), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_is_on_hold_there_waits_without_end_and_speaks_against_nobody()
    {
        for (var i = 0; i < 8; i++)
            _acme.Answer(new SendResult.NotYet("on hold: wrong address", TimeSpan.FromMinutes(10), IsHeld: true));
        var (key, _) = await ReleaseAsync(1);
        await ShipAsync(key, "S-1", "T-1", ("1", 1));
        for (var calls = 1; calls <= 8; calls++)
        {
            await Eventually.TrueAsync(() => _acme.Parcels.Count >= calls);
            await Eventually.EqualAsync(calls, async () =>
                (await _world.TimelineAsync(key)).Count(kind => kind == "message.waiting"));
            _world.Time.Advance(TimeSpan.FromHours(1));
            await _world.Grains.GetGrain<IDestinationGrain>("acme").NudgeAsync();
        }

        await RecordedAsync(key, 1);
        var status = await _world.Grains.GetGrain<IDestinationGrain>("acme").GetStatusAsync();
        Assert.Null(status.BlockedReason);
    }

    [Fact]
    public async Task What_waits_for_a_moment_does_not_wait_longer_for_being_old()
    {
        await _world.Grains.GetGrain<IDestinationGrain>("acme").PauseAsync("ops", "a test");
        var (key, _) = await ReleaseAsync(1);
        await ShipAsync(key, "S-1", "T-1", ("1", 1));
        _world.Time.Advance(TimeSpan.FromHours(8));
        _acme.Answer(new SendResult.NotYet("no points", TimeSpan.FromSeconds(2)));
        await _world.Grains.GetGrain<IDestinationGrain>("acme").ResumeAsync();
        await Eventually.TrueAsync(() => _acme.Parcels.Count == 1);
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return _acme.Parcels.Count == 2;
        });
        Assert.True(_world.Time.GetUtcNow() < OrderWorld.Noon.AddHours(8).AddMinutes(5));
    }

    [Fact]
    public async Task What_was_known_without_asking_says_nothing_of_a_shop_that_is_away()
    {
        _acme.AnswerStock = stock => stock.Sku.EndsWith('0')
            ? new SendResult.Delivered { Asked = false } : new SendResult.Again("no connection");
        var shop = _world.Grains.GetGrain<IDestinationGrain>("acme");
        await Eventually.TrueAsync(async () =>
        {
            for (var i = 0; i < 10; i++)
                await _world.NewSkuAsync(i + 1);
            _world.Time.Advance(TimeSpan.FromSeconds(2));
            return (await shop.GetStatusAsync()).BlockedReason is not null;
        });
    }

    [Fact]
    public async Task A_sale_in_one_shop_lowers_what_the_others_offer()
    {
        var sku = await _world.NewSkuAsync(20);
        await Eventually.TrueAsync(() =>
            _acme.Offered(sku) == 20 && _east.Offered(sku) == 19 && _early.Offered(sku) == 9);
        await _world.DeliverAsync(Stated(_world.NewOrder("shopeast"), 1, lines: (sku, 4)));
        _world.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => _acme.Offered(sku) == 16);
        await Eventually.TrueAsync(() => _early.Offered(sku) == 7);
        Assert.Equal(19, _east.Offered(sku));
        Assert.Equal("11", _acme.Stock[^1][0].Place);
    }

    [Fact]
    public async Task A_number_is_the_databases_be_it_that_another_activation_wrote_it()
    {
        var sku = await _world.NewSkuAsync(5);
        var key = new StockKey("east", sku);
        var level = (await _world.Stock.FindAsync(key))!.Level;
        Assert.True(await _world.Stock.CommitAsync(new StockCommit
        {
            Key = key,
            ExpectedVersion = level.Version,
            Level = level with { OnHand = 3, Counted = 3, Version = level.Version + 1 },
            At = OrderWorld.Noon,
        }));

        var told = await _world.Grains.GetGrain<IContentSource>(key.ToString()).FindUnitsAsync();
        Assert.Equal(new StockUnits(3, 3), told);
    }

    [Fact]
    public async Task A_place_of_several_locations_is_told_their_sum()
    {
        var sku = await _world.NewSkuAsync(20);
        await Eventually.TrueAsync(() => _early.Offered(sku) == 9);
        await _world.CountAsync(sku, 20, "west");
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _early.Offered(sku) == 18);
        await Eventually.TrueAsync(() =>
            _acme.Stock.SelectMany(call => call).Any(one => one.Sku == sku && one.Place == "22"));
    }

    [Fact]
    public async Task Changes_gather_while_a_call_is_under_way_and_go_in_one_a_second_later()
    {
        var gate = new TaskCompletionSource();
        _acme.StockWaits = gate.Task;
        var first = await _world.NewSkuAsync(5);
        await Eventually.TrueAsync(() => _acme.Stock.Count == 1);
        var skus = new List<string>();
        for (var i = 0; i < 10; i++)
            skus.Add(await _world.NewSkuAsync(i));
        await _world.CountAsync(first, 4);
        gate.SetResult();
        _acme.StockWaits = Task.CompletedTask;
        await Eventually.EqualAsync(11, () => WaitingAsync());
        Assert.Single(_acme.Stock);

        await SettleAsync();
        // What the destination had not read by then went a second later.
        Assert.InRange(_acme.Stock.Count, 2, 4);
        Assert.Equal(12, _acme.Stock.Sum(call => call.Count));
        Assert.Equal(4, _acme.Offered(first));
        Assert.Equal([.. Enumerable.Range(0, 10)], skus.Select(sku => _acme.Offered(sku)!.Value));
    }

    [Fact]
    public async Task One_that_is_refused_in_a_call_of_many_is_parked_alone()
    {
        var gate = new TaskCompletionSource();
        _acme.StockWaits = gate.Task;
        await _world.NewSkuAsync(5);
        await Eventually.TrueAsync(() => _acme.Stock.Count == 1);
        var bad = await _world.NewSkuAsync(7);
        await _world.NewSkuAsync(8);
        _acme.AnswerStock = stock => stock.Sku == bad
            ? new SendResult.Refused("it has two items") : new SendResult.Delivered();
        gate.SetResult();
        await SettleAsync();

        var parked = Assert.Single((await _world.Outbox.ListParkedAsync(new(), new())).Items);
        Assert.Equal(new StockKey("east", bad), StockKey.Parse(parked.Subject.Key));
    }

    private string NumbersTold() => string.Join(' ', _acme.Parcels.Select(parcel => parcel.TrackingNumber));

    /// <summary>Seconds go by until nothing waits.</summary>
    private Task SettleAsync(string shop = "acme") => Eventually.EqualAsync(0, () =>
    {
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        return WaitingAsync(shop);
    });

    private async Task<int> WaitingAsync(string shop = "acme") => (int)((await _world.Outbox.ListDepthsAsync())
        .FirstOrDefault(depth => depth.Destination == shop)?.Due ?? 0);

    [Fact]
    public async Task A_shop_that_takes_parcels_off_by_itself_is_told_again_once_it_has_one()
    {
        var sku = await _world.NewSkuAsync(50);
        var key = _world.NewOrder("shopeast");
        await _world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        await _world.ReachesAsync(key, OrderStatus.Released);
        _east.Answer(new SendResult.NotYet("on hold", TimeSpan.FromHours(1)));
        await ShipAsync(key, "S-1", "T-1", ("1", 2));
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return _east.Offered(sku) == 47;
        });
        await Eventually.EqualAsync(1, () => WaitingAsync("shopeast"));
        _world.Time.Advance(TimeSpan.FromHours(1));
        await RecordedAsync(key, 1);
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return _east.Stock.SelectMany(call => call).Count(one => one.Sku == sku && one.Quantity == 47) == 2;
        });
    }

    [Fact]
    public async Task The_whole_list_is_compared_once_a_day_and_what_differs_is_told()
    {
        var (right, wrong, unsold) =
            (await _world.NewSkuAsync(5), await _world.NewSkuAsync(6), await _world.NewSkuAsync(7));
        await SettleAsync();
        var before = _acme.Stock.Sum(call => call.Count);
        var list = _world.Grains.GetGrain<IShopStockGrain>("acme");
        // It cannot be asked yet.
        await list.LookAsync();
        _acme.Has = sku => sku == right ? 5 : sku == wrong ? 60 : null;
        await list.LookAsync();
        await list.LookAsync();
        await SettleAsync();
        Assert.Equal(before + 1, _acme.Stock.Sum(call => call.Count));
        Assert.Equal((wrong, 6), (_acme.Stock[^1].Single().Sku, _acme.Stock[^1][0].Quantity));
        Assert.Equal(1, _acme.Stock.SelectMany(call => call).Count(one => one.Sku == unsold));

        _world.Time.Advance(TimeSpan.FromDays(1));
        await list.LookAsync();
        await SettleAsync();
        Assert.Equal(before + 2, _acme.Stock.Sum(call => call.Count));
    }

    /// <summary>The storefront states the order anew, with the parcels that it has.</summary>
    private Task<ReceiptOutcome> StateAsync(
        OrderKey key, int second, string sku, int units, params (string Id, string Number, int Units)[] parcels)
    {
        var stated = Stated(key, second, lines: (sku, units));
        return _world.DeliverAsync(stated with
        {
            Snapshot = stated.Snapshot with
            {
                Fulfilments = [.. parcels.Select(parcel => new Fulfilment(
                    parcel.Id, [parcel.Number], [new ShippedLine("1", parcel.Units)]))],
            },
        });
    }

    private static Dictionary<string, string> Places(params (string Location, string Place)[] places) =>
        places.ToDictionary(place => place.Location, place => place.Place, StringComparer.Ordinal);

    private async Task<(OrderKey Key, string Sku)> ReleaseAsync(int units)
    {
        var sku = await _world.NewSkuAsync(50);
        var key = _world.NewOrder();
        await _world.DeliverAsync(Stated(key, 1, lines: (sku, units)));
        await _world.ReachesAsync(key, OrderStatus.Released);
        return (key, sku);
    }

    private Task<ReceiptOutcome> ShipAsync(
        OrderKey key, string id, string? number, params (string LineId, int Units)[] lines) =>
        _world.DeliverAsync(new ShipmentMade(key, new Shipment
        {
            ShipmentId = id,
            Reference = ReleaseReference.Of(key, 1),
            Carrier = "UPS",
            TrackingNumber = number,
            Lines = [.. lines.Select(line => new ShippedLine(line.LineId, line.Units))],
            ShippedAt = OrderWorld.Noon,
        }), warehouse: "east-wms");

    private async Task<IReadOnlyList<Shipment>> ParcelsAsync(OrderKey key) => (await _world.LoadAsync(key)).Shipments;

    private Task RecordedAsync(OrderKey key, int parcels) => Eventually.EqualAsync(parcels, async () =>
        (await ParcelsAsync(key)).Count(parcel => parcel is { FulfilmentId: not null, MessageId: null }));
}
