using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>How a parcel is recorded at the shop, once.</summary>
public sealed class ParcelTests : IAsyncLifetime
{
    private ShopWorld _world = null!;
    private ShopDestination _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ShopWorld.StartAsync();
        _world.Shop.AddItem("POT", _world.East, 100);
        _world.Shop.AddItem("MUG", _world.East, 100);
        _shop = _world.Open();
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_world.Server.Complaints);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_parcel_becomes_a_fulfilment_of_its_lines_alone()
    {
        var order = Order(("POT", 3), ("MUG", 1));

        var result = await SendAsync(Parcel(order, 2));

        var made = Assert.Single(_world.Shop.Fulfilments(order));
        Assert.Equal(new SendResult.Delivered(new ShopAnswer.Recorded(made.Id.ToString())), result);
        Assert.Equal((order.Lines[0].Id, 2), Assert.Single(made.Units.Select(unit => (unit.Key, unit.Value))));
        Assert.Equal(
            ("1Z 999", "UPS", "https://tracking.example/1Z999", 1), (made.Number, made.Company, made.Url, made.Mails));
        Assert.Equal(1, _world.NextCalls);
    }

    [Fact]
    public async Task A_parcel_that_is_there_is_not_recorded_again()
    {
        var order = Order(("POT", 3));
        await SendAsync(Parcel(order, 1));

        var result = await SendAsync(Parcel(order, 1) with { TrackingNumber = "1z999" });

        var made = Assert.Single(_world.Shop.Fulfilments(order));
        Assert.Equal(new SendResult.AlreadyThere(new ShopAnswer.Recorded(made.Id.ToString())), result);
        Assert.Equal(1, made.Mails);
    }

    [Fact]
    public async Task A_new_number_is_told_for_the_fulfilment_that_has_the_old_one()
    {
        var order = Order(("POT", 3));
        await SendAsync(Parcel(order, 1));

        var result = await SendAsync(
            Parcel(order, 1) with { TrackingNumber = "2Z", Carrier = "DHL", EarlierNumbers = ["1Z999"] });

        var made = Assert.Single(_world.Shop.Fulfilments(order));
        Assert.Equal(new SendResult.Delivered(new ShopAnswer.Recorded(made.Id.ToString())), result);
        Assert.Equal(("2Z", "DHL", 2), (made.Number, made.Company, made.Mails));
    }

    [Fact]
    public async Task A_fulfilment_is_known_by_its_id_and_gets_the_number_that_came_later()
    {
        var order = Order(("POT", 3));
        await SendAsync(Unnumbered(order, 1));
        var made = Assert.Single(_world.Shop.Fulfilments(order));

        await SendAsync(Parcel(order, 1) with { FulfilmentId = made.Id.ToString() });

        Assert.Equal("1Z 999", Assert.Single(_world.Shop.Fulfilments(order)).Number);
    }

    [Fact]
    public async Task Without_a_number_it_is_known_by_exactly_its_lines()
    {
        var order = Order(("POT", 5));
        await SendAsync(Unnumbered(order, 2));
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(Unnumbered(order, 2)));

        var first = Assert.Single(_world.Shop.Fulfilments(order)).Id.ToString();
        Assert.IsType<SendResult.Delivered>(
            await SendAsync(Unnumbered(order, 2) with { OtherFulfilmentIds = [first] }));
        Assert.IsType<SendResult.Delivered>(await SendAsync(Unnumbered(order, 1)));

        Assert.Equal([2, 2, 1], _world.Shop.Fulfilments(order).Select(one => one.Units.Values.Sum()));
    }

    [Fact]
    public async Task What_it_is_known_by_comes_before_another_of_the_same_lines()
    {
        var order = Order(("POT", 4));
        _world.Shop.FulfilByHand(order, order.Lines[0], 2, number: null);
        await SendAsync(Unnumbered(order, 1));
        _world.Shop.FulfilByHand(order, order.Lines[0], 1, number: null);
        var made = _world.Shop.Fulfilments(order);
        var ours = made[2].Id.ToString();

        await SendAsync(Unnumbered(order, 1) with { TakenBack = true, FulfilmentId = ours });

        Assert.Equal(
            ["SUCCESS", "SUCCESS", "CANCELLED"], _world.Shop.Fulfilments(order).Select(one => one.Status),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task One_that_was_cancelled_does_not_count()
    {
        var order = Order(("POT", 2));
        await SendAsync(Parcel(order, 2));
        _world.Shop.CancelFulfilment(order, _world.Shop.Fulfilments(order)[0]);

        Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(order, 2)));

        Assert.Equal(
            ["CANCELLED", "SUCCESS"], _world.Shop.Fulfilments(order).Select(one => one.Status),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_records_a_parcel_is_cancelled_once_and_its_units_are_open_again()
    {
        var order = Order(("POT", 3));
        await SendAsync(Parcel(order, 2));
        _world.Shop.FulfilByHand(order, order.Lines[0], 1, "other");
        var cancels = 0;
        _world.Server.Fault = name =>
            name == "CancelFulfilment" && ++cancels == 1 ? ShopifyFault.LostAfter : ShopifyFault.None;
        var back = Parcel(order, 2) with { TakenBack = true };

        Assert.IsType<SendResult.Unknown>(await SendAsync(back));
        Assert.Equal(new SendResult.AlreadyThere(new ShopAnswer.TakenBack()), await SendAsync(back));

        Assert.Equal(1, cancels);
        Assert.Equal(
            ["CANCELLED", "SUCCESS"], _world.Shop.Fulfilments(order).Select(one => one.Status),
            StringComparer.Ordinal);
        Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(order, 2)));
        Assert.Equal(new SendResult.Delivered(new ShopAnswer.TakenBack()), await SendAsync(back));
    }

    [Fact]
    public async Task What_a_person_has_recorded_is_not_recorded_again()
    {
        var order = Order(("POT", 3));
        _world.Shop.FulfilByHand(order, order.Lines[0], 3);

        Assert.Equal(
            new SendResult.Delivered(new ShopAnswer.NothingToRecord(
                "the shop has nothing left to fulfil for these lines")),
            await SendAsync(Parcel(order, 2)));
    }

    [Fact]
    public async Task What_is_left_is_recorded_with_a_note()
    {
        var order = Order(("POT", 3));
        _world.Shop.FulfilByHand(order, order.Lines[0], 2);

        var result = Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(order, 2)));

        var recorded = Assert.IsType<ShopAnswer.Recorded>(result.Answer);
        Assert.Equal("the shop had 1 of 2 units left to fulfil", recorded.Note);
        Assert.Equal([2, 1], _world.Shop.Fulfilments(order).Select(one => one.Units.Values.Sum()));
    }

    [Fact]
    public async Task A_parcel_over_two_locations_becomes_one_of_each_be_it_that_we_are_stopped_between()
    {
        var order = Order(("POT", 3), ("MUG", 1));
        _world.Shop.Split(order, order.Lines[1], 1, _world.Shop.AddLocation());
        var calls = 0;
        _world.Server.Fault = name =>
            name == "CreateFulfilment" && ++calls == 2 ? ShopifyFault.FailsBefore : ShopifyFault.None;
        var parcel = _world.Parcel(order, (order.Lines[0], 2), (order.Lines[1], 1));

        Assert.IsType<SendResult.Unknown>(await SendAsync(parcel));
        Assert.IsType<SendResult.Delivered>(await SendAsync(parcel));
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(parcel));

        Assert.Equal([2, 1], _world.Shop.Fulfilments(order).Select(one => one.Units.Values.Sum()));
    }

    [Fact]
    public async Task The_place_that_it_left_from_is_asked_first()
    {
        var order = Order(("POT", 4));
        var west = _world.Shop.AddLocation();
        _world.Shop.Split(order, order.Lines[0], 2, west);

        await SendAsync(Parcel(order, 2) with { Place = west.ToString() });

        Assert.Equal(west, Assert.Single(_world.Shop.Fulfilments(order)).Location);
    }

    [Theory]
    [InlineData("ON_HOLD", "Incorrect address")]
    [InlineData("SCHEDULED", "2030-01-01T00:00:00Z")]
    public async Task What_the_shop_holds_waits_and_says_why(string status, string why)
    {
        var order = Order(("POT", 1));
        _world.Shop.Set(order, status);

        var again = Assert.IsType<SendResult.NotYet>(await SendAsync(Parcel(order, 1)));
        Assert.Contains(why, again.Why, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(10), again.After);

        _world.Shop.Set(order, "OPEN");
        Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(order, 1)));
    }

    [Fact]
    public async Task What_another_service_was_asked_to_send_is_refused()
    {
        var order = Order(("POT", 1));
        _world.Shop.Set(order, "IN_PROGRESS", "ACCEPTED");

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(Parcel(order, 1)));

        Assert.Contains("ACCEPTED", refused.Why, StringComparison.Ordinal);
        Assert.Empty(_world.Shop.Fulfilments(order));
    }

    [Fact]
    public async Task Before_the_shop_has_decided_from_where_it_waits()
    {
        var order = _world.Shop.MakeOrder(_world.East, false, ("POT", 1));
        Assert.IsType<SendResult.NotYet>(await SendAsync(Parcel(order, 1)));

        _world.Shop.Route(order, _world.East);

        Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(order, 1)));
    }

    [Fact]
    public async Task An_order_that_the_shop_does_not_have_is_refused()
    {
        var order = new ShopifyOrder(1, [new ShopifyOrderLine(2, "POT", 1)]);

        Assert.IsType<SendResult.Refused>(await SendAsync(Parcel(order, 1)));
        Assert.IsType<SendResult.Refused>(await SendAsync(Parcel(order, 1) with { OrderId = "no number" }));
    }

    [Fact]
    public async Task A_parcel_that_completes_no_unit_is_not_told()
    {
        var order = Order(("POT", 1));

        Assert.IsType<ShopAnswer.NothingToRecord>(
            Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(order, 1) with { Lines = [] })).Answer);
        Assert.Empty(_world.Server.Requests);
    }

    [Fact]
    public async Task Somebody_who_was_faster_is_seen_at_a_second_look()
    {
        var order = Order(("POT", 1));
        _world.Server.Fault = name =>
        {
            if (name == "CreateFulfilment")
                _world.Shop.FulfilByHand(order, order.Lines[0], 1);
            return ShopifyFault.None;
        };

        Assert.IsType<ShopAnswer.NothingToRecord>(
            Assert.IsType<SendResult.Delivered>(await SendAsync(Parcel(order, 1))).Answer);
    }

    [Fact]
    public async Task What_the_shop_does_not_allow_is_refused_in_its_words()
    {
        var order = Order(("POT", 1));
        var looked = 0;
        _world.Server.Fault = name =>
        {
            // Between the look and the write it is held, twice.
            _world.Shop.Set(order, name == "Order" ? "OPEN" : "ON_HOLD");
            looked += name == "Order" ? 1 : 0;
            return ShopifyFault.None;
        };

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(Parcel(order, 1)));

        Assert.Contains("unfulfillable", refused.Why, StringComparison.Ordinal);
        Assert.Equal(2, looked);
    }

    [Fact]
    public async Task A_large_order_is_read_page_by_page()
    {
        var order = Order([.. Enumerable.Range(0, 600).Select(_ => ("POT", 1))]);
        foreach (var line in order.Lines.Take(7))
            _world.Shop.Split(order, line, 1, _world.East);
        foreach (var line in order.Lines.Skip(7).Take(25))
            _world.Shop.FulfilByHand(order, line, 1);
        var parcel = _world.Parcel(order, [.. order.Lines.Select(line => (line, 1))]);

        var result = await _world.UntilDoneAsync(_shop, parcel);

        var recorded = Assert.IsType<ShopAnswer.Recorded>(Assert.IsType<SendResult.Delivered>(result).Answer);
        Assert.Equal("the shop had 575 of 600 units left to fulfil", recorded.Note);
        Assert.Equal(600, _world.Shop.Fulfilments(order).Sum(one => one.Units.Values.Sum()));
        Assert.IsType<SendResult.AlreadyThere>(await _world.UntilDoneAsync(_shop, parcel));
    }

    [Fact]
    public async Task Who_does_not_want_the_buyer_to_be_told_is_heard()
    {
        var order = Order(("POT", 1));
        var quiet = _world.Open(new ShopifyShopOptions { AccessToken = "shpat_sandbox", NotifyCustomer = false });

        await _world.SendAsync(quiet, Parcel(order, 1));

        Assert.Equal(0, Assert.Single(_world.Shop.Fulfilments(order)).Mails);
    }

    [Fact]
    public async Task Two_parcels_with_one_number_are_two()
    {
        var order = Order(("POT", 1), ("MUG", 1));
        var first = _world.Parcel(order, (order.Lines[0], 1));
        var second = _world.Parcel(order, (order.Lines[1], 1)) with { Parcel = "acme-1-1/s2" };
        await SendAsync(first);

        Assert.IsType<SendResult.Delivered>(await SendAsync(second));
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(first));

        Assert.Equal(2, _world.Shop.Fulfilments(order).Count);
        Assert.All(_world.Shop.Fulfilments(order), one => Assert.Single(one.Units));
    }

    [Fact]
    public async Task One_without_a_number_over_two_locations_takes_no_unit_twice()
    {
        var order = Order(("POT", 4));
        _world.Shop.Split(order, order.Lines[0], 2, _world.Shop.AddLocation());
        var calls = 0;
        _world.Server.Fault = operation => operation == "CreateFulfilment" && ++calls == 2
            ? ShopifyFault.LostBefore : ShopifyFault.None;
        await SendAsync(Unnumbered(order, 3));

        Assert.IsType<SendResult.Delivered>(await SendAsync(Unnumbered(order, 3)));

        Assert.Equal(3, _world.Shop.Fulfilments(order).Sum(one => one.Units.Values.Sum()));
    }

    [Fact]
    public async Task An_order_of_which_we_may_see_nothing_is_refused_in_words()
    {
        var (order, other) = (Order(("POT", 1)), Order(("MUG", 1)));
        var refused = Assert.IsType<SendResult.Refused>(
            await SendAsync(_world.Parcel(order, (other.Lines[0], 1))));
        Assert.Contains("may the app read", refused.Why, StringComparison.Ordinal);
    }

    private Task<SendResult> SendAsync(ParcelContent parcel) => _world.SendAsync(_shop, parcel);

    private ShopifyOrder Order(params (string Sku, int Units)[] lines) =>
        _world.Shop.MakeOrder(_world.East, true, lines);

    private ParcelContent Parcel(ShopifyOrder order, int units) => _world.Parcel(order, (order.Lines[0], units));

    private ParcelContent Unnumbered(ShopifyOrder order, int units) =>
        Parcel(order, units) with { TrackingNumber = null, TrackingUrl = null };
}
