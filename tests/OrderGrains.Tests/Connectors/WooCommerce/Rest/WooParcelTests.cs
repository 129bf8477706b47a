using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce.Rest;
using OrderGrains.Sandbox.Shops.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

/// <summary>How a parcel is recorded at the shop, once, in each of its ways.</summary>
public sealed class WooParcelTests : IAsyncLifetime
{
    private WooWorld _world = null!;
    private WooOrder _order = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await WooWorld.StartAsync();
        _order = _world.Shop.MakeOrder(("POT", 3), ("MUG", 1));
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_world.Server.Complaints);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_parcel_becomes_a_fulfillment_of_its_lines()
    {
        _world.Shop.HasFulfillments = true;

        var result = await SendAsync(Parcel(2));

        var made = Assert.Single(_world.Shop.Fulfillments(_order));
        Assert.Equal(Delivered($"fulfillment:{made.Id}"), result);
        Assert.Equal((_order.Lines[0].Id, 2), Assert.Single(made.Items.Select(item => (item.Key, item.Value))));
        Assert.Equal(
            ("1Z 999", "other", "UPS", "https://tracking.example/?n=1Z999&l=en", 1, true),
            (made["_tracking_number"], made["_shipment_provider"], made["_provider_name"], made["_tracking_url"],
                made.Mails, made.IsFulfilled));
        Assert.Empty(_world.Shop.Notes(_order));
        Assert.Equal(2, _world.NextCalls);
    }

    [Fact]
    public async Task A_fulfillment_that_is_there_is_not_made_again_and_gets_what_has_changed()
    {
        _world.Shop.HasFulfillments = true;
        await SendAsync(Parcel(2));
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(Parcel(2)));

        Assert.IsType<SendResult.Delivered>(await SendAsync(
            Parcel(3) with { TrackingNumber = "2Z", Carrier = "DHL", EarlierNumbers = ["1Z 999"] }));

        var made = Assert.Single(_world.Shop.Fulfillments(_order));
        Assert.Equal(("2Z", "DHL", 2), (made["_tracking_number"], made["_provider_name"], made.Mails));
        Assert.Equal(3, made.Items[_order.Lines[0].Id]);
    }

    [Fact]
    public async Task Without_a_number_a_fulfillment_is_known_by_our_name_for_the_parcel()
    {
        _world.Shop.HasFulfillments = true;
        var bare = Parcel(1) with { TrackingNumber = null, TrackingUrl = null, Carrier = null };
        await SendAsync(bare);

        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(bare));
        Assert.IsType<SendResult.Delivered>(await SendAsync(bare with { Parcel = "woo-1-1/s2" }));
        Assert.Equal(2, _world.Shop.Fulfillments(_order).Count);
    }

    [Fact]
    public async Task What_a_person_has_recorded_is_left_as_it_is()
    {
        _world.Shop.HasFulfillments = true;
        _world.Shop.FulfilByHand(_order, _order.Lines[0], 2, "1z999");

        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(Parcel(3)));

        var made = Assert.Single(_world.Shop.Fulfillments(_order));
        Assert.Equal((2, 0), (made.Items.Values.Single(), made.Mails));
    }

    [Fact]
    public async Task Units_that_others_have_recorded_are_not_recorded_again()
    {
        _world.Shop.HasFulfillments = true;
        _world.Shop.FulfilByHand(_order, _order.Lines[0], 2);

        var result = Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(2)));
        Assert.Equal("the shop had 1 of 2 units left to fulfil", ((ShopAnswer.Recorded)result.Answer!).Note);
        Assert.Equal(
            new SendResult.Delivered(new ShopAnswer.NothingToRecord(
                "the shop has nothing left to fulfil for these lines")),
            await SendAsync(Parcel(1) with { Parcel = "woo-1-1/s2", TrackingNumber = "2Z" }));
        Assert.Equal([2, 1], _world.Shop.Fulfillments(_order).Select(one => one.Items.Values.Single()));
    }

    [Fact]
    public async Task A_fulfillment_is_deleted_once_and_a_note_is_not()
    {
        _world.Shop.HasFulfillments = true;
        var recorded = Assert.IsType<ShopAnswer.Recorded>(
            Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(2))).Answer);
        var made = Assert.Single(_world.Shop.Fulfillments(_order));
        var back = Parcel(2) with { TakenBack = true, FulfilmentId = recorded.FulfilmentId };

        Assert.Equal(new SendResult.Delivered(new ShopAnswer.TakenBack()), await SendAsync(back));
        Assert.Equal(new SendResult.AlreadyThere(new ShopAnswer.TakenBack()), await SendAsync(back));
        Assert.Empty(_world.Shop.Fulfillments(_order));
        Assert.Equal(2, made.Mails);
        // It is not made anew, be it that a person has deleted it there.
        Assert.Equal(
            new SendResult.AlreadyThere(new ShopAnswer.TakenBack()),
            await SendAsync(back with { TakenBack = false, TrackingNumber = "2Z" }));
        Assert.Empty(_world.Shop.Fulfillments(_order));

        var kept = Assert.IsType<SendResult.Delivered>(await SendAsync(back with { FulfilmentId = "note:7" }));
        Assert.EndsWith(": note:7", Assert.IsType<ShopAnswer.NotTakenBack>(kept.Answer).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_a_bundle_alone_is_no_fulfillment()
    {
        _world.Shop.HasFulfillments = true;

        var result = await SendAsync(Parcel(1) with { Lines = [] });

        Assert.IsType<ShopAnswer.NothingToRecord>(Assert.IsType<SendResult.Delivered>(result).Answer);
    }

    [Fact]
    public async Task A_parcel_becomes_an_entry_of_shipment_tracking()
    {
        _world.Shop.HasShipmentTracking = true;

        var result = await SendAsync(Parcel(2));

        var made = Assert.Single(_world.Shop.Trackings(_order));
        Assert.Equal(Delivered($"tracking:{made.Id}"), result);
        Assert.Equal(
            ("1Z 999", "UPS", "https://tracking.example/?n=1Z999&l=en", "2026-08-01"),
            (made.Number, made.Provider, made.Link, made.ShippedOn));
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(Parcel(2) with { TrackingNumber = "1z999" }));
        Assert.Single(_world.Shop.Trackings(_order));
    }

    [Fact]
    public async Task An_entry_with_an_old_number_gives_way_to_one_with_the_new()
    {
        _world.Shop.HasShipmentTracking = true;
        await SendAsync(Parcel(2));

        await SendAsync(Parcel(2) with { TrackingNumber = "2Z", EarlierNumbers = ["1Z 999"] });

        Assert.Equal("2Z", Assert.Single(_world.Shop.Trackings(_order)).Number);
        Assert.Equal(
            ["GET", "GET", "GET", "POST", "GET", "GET", "GET", "POST", "DELETE"],
            _world.Server.Requests.Select(name => name.Split(' ')[0]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_parcel_without_a_number_is_a_note_where_shipment_tracking_takes_none()
    {
        _world.Shop.HasShipmentTracking = true;

        await SendAsync(Parcel(2) with { TrackingNumber = null });

        Assert.Empty(_world.Shop.Trackings(_order));
        Assert.Single(_world.Shop.Notes(_order));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_either_a_parcel_is_a_note(bool toBuyer)
    {
        var shop = _world.Open(options => options.NotifyCustomer = toBuyer);

        var result = await SendAsync(_world.Parcel(_order), shop);

        var made = Assert.Single(_world.Shop.Notes(_order));
        Assert.Equal(Delivered($"note:{made.Id}"), result);
        Assert.Equal(
            new WooNote(made.Id,
                "Sent: 3 × POT, 1 × MUG, UPS, tracking number 1Z 999, https://tracking.example/?n=1Z999&l=en "
                + "(parcel woo-1-1/s1)", toBuyer), made);
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(_world.Parcel(_order), shop));
    }

    [Fact]
    public async Task What_has_changed_is_another_note_that_says_so_be_it_that_it_changes_back()
    {
        var (first, second) = (Parcel(1), Parcel(1) with { TrackingNumber = "2Z", EarlierNumbers = ["1Z 999"] });
        await SendAsync(first);
        await SendAsync(second);
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(second));
        _world.Shop.AddNote(_order, "The buyer called about parcel woo-1-1/s1");
        await SendAsync(first);

        var notes = _world.Shop.Notes(_order).Where(note => note.ToBuyer).Select(note => note.Text).ToArray();
        Assert.Equal(3, notes.Length);
        Assert.StartsWith("Correction, this is what was sent: 1 × POT, UPS, tracking number 2Z", notes[1],
            StringComparison.Ordinal);
        Assert.Contains("1Z 999", notes[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("woo-1-1/s 1\\2")]
    [InlineData("woo-1-1/<b>&amp;é(parcel)")]
    public async Task A_note_is_found_again_whatever_the_warehouse_calls_the_parcel(string name)
    {
        var parcel = Parcel(1) with { Parcel = name, Carrier = "A\\B & Söhne" };
        await SendAsync(parcel);

        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(parcel));
        Assert.IsType<SendResult.Delivered>(await SendAsync(parcel with { Parcel = "s" + name }));
        Assert.Equal(2, _world.Shop.Notes(_order).Count);
    }

    [Fact]
    public async Task The_way_is_asked_for_once_an_hour()
    {
        var shop = _world.Open();
        await SendAsync(Parcel(1), shop);
        Assert.Equal(5, _world.Server.Requests.Count);
        _world.Shop.HasShipmentTracking = true;
        await SendAsync(Parcel(1) with { Parcel = "woo-1-1/s2", TrackingNumber = "2Z" }, shop);
        Assert.Equal(8, _world.Server.Requests.Count);
        Assert.Empty(_world.Shop.Trackings(_order));

        _world.Time.Advance(TimeSpan.FromHours(1));
        await SendAsync(Parcel(1) with { Parcel = "woo-1-1/s3", TrackingNumber = "3Z" }, shop);
        Assert.Single(_world.Shop.Trackings(_order));
        // The plugin is taken away.
        _world.Shop.HasShipmentTracking = false;
        await SendAsync(Parcel(1) with { Parcel = "woo-1-1/s4", TrackingNumber = "4Z" }, shop);
        Assert.Equal(3, _world.Shop.Notes(_order).Count);
    }

    [Fact]
    public async Task A_way_that_the_settings_want_and_the_shop_does_not_have_is_refused()
    {
        var shop = _world.Open(options => options.Tracking = ParcelTracking.ShipmentTracking);

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(Parcel(1), shop));

        Assert.Contains("does not have ShipmentTracking", refused.Why, StringComparison.Ordinal);
        Assert.Empty(_world.Shop.Notes(_order));
    }

    [Theory]
    [InlineData("processing", "completed", null)]
    [InlineData("shipped", "shipped", null)]
    [InlineData("packing", "completed", null)]
    [InlineData("completed", "completed", null)]
    [InlineData("cancelled", "cancelled", "its status is left as it is, cancelled")]
    [InlineData("refunded", "refunded", "its status is left as it is, refunded")]
    [InlineData("on-hold", "on-hold", "its status is left as it is, on-hold")]
    public async Task The_status_is_set_where_the_order_waits_to_be_sent(string before, string after, string? note)
    {
        _world.Shop.OwnStatuses.UnionWith(["shipped", "packing"]);
        _world.Shop.SetStatus(_order, before);
        var shop = _world.Open(options => options.ShippedStatus = before == "shipped" ? "shipped" : "completed");

        var result = await SendAsync(Parcel(3) with { AllGone = true }, shop);

        Assert.Equal(after, _order.Status);
        Assert.Equal(before == after ? 0 : 1, _order.StatusWrites);
        Assert.Equal(note, ((ShopAnswer.Recorded)((SendResult.Delivered)result).Answer!).Note);
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(Parcel(3) with { AllGone = true }, shop));
        Assert.Equal(before == after ? 0 : 1, _order.StatusWrites);
    }

    [Fact]
    public async Task The_status_is_left_while_something_is_to_be_sent_and_where_nothing_is_set()
    {
        await SendAsync(Parcel(1), _world.Open(options => options.ShippedStatus = "completed"));
        await SendAsync(Parcel(1) with { AllGone = true });

        Assert.Equal(0, _order.StatusWrites);
    }

    [Fact]
    public async Task A_status_that_the_shop_does_not_know_is_refused_and_set_once_it_does()
    {
        var shop = _world.Open(options => options.ShippedStatus = "shipped");
        var parcel = Parcel(3) with { AllGone = true };

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(parcel, shop));
        Assert.Contains("status", refused.Why, StringComparison.Ordinal);
        _world.Shop.OwnStatuses.Add("shipped");
        Assert.IsType<SendResult.Delivered>(await SendAsync(parcel, shop));

        Assert.Equal("shipped", _order.Status);
        Assert.Single(_world.Shop.Notes(_order));
    }

    [Fact]
    public async Task An_order_in_the_trash_is_told_nothing()
    {
        _world.Shop.SetStatus(_order, "trash");

        Assert.Equal(
            new SendResult.Delivered(new ShopAnswer.NothingToRecord("the order is in the shop's trash")),
            await SendAsync(
                Parcel(1) with { AllGone = true }, _world.Open(options => options.ShippedStatus = "completed")));
        Assert.Single(_world.Server.Requests);
    }

    [Theory]
    [InlineData("9")]
    [InlineData("")]
    [InlineData("12/notes")]
    public async Task An_order_that_the_shop_does_not_know_is_refused(string id) =>
        Assert.IsType<SendResult.Refused>(await SendAsync(Parcel(1) with { OrderId = id }));

    private static SendResult.Delivered Delivered(string id) => new(new ShopAnswer.Recorded(id));

    private ParcelContent Parcel(int pots) => _world.Parcel(_order, (_order.Lines[0], pots));

    private Task<SendResult> SendAsync(ParcelContent parcel, IDestination? shop = null) =>
        _world.SendAsync(shop ?? _world.Open(), parcel);
}
