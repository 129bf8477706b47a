using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>What a warehouse was asked for, agreed to and shipped, and what the shop says meanwhile.</summary>
public sealed class ReleaseConversationTests
{
    private const string Reference = "acme-820982911946154508-1";
    private readonly OrderWorld _world = new();

    [Fact]
    public void A_line_that_the_warehouse_no_longer_has_may_still_come_in_a_parcel()
    {
        Released();
        _world.Apply(Fulfilled(1, "T1", ("1", 2)));
        _world.AnswerAll();
        Assert.Equal([new ReleaseLine("2", "CAP", 1)], _world.Order.Releases[0].Lines);

        Assert.IsType<Decision.Accept>(_world.Apply(Shipped("p1", "T1", ("1", 2))));

        Assert.Equal(new ShippedLine("1", 2, "MUG"), _world.Order.Shipments[0].Lines[0]);
        Assert.Empty(_world.Order.Excess);
        _world.Apply(Shipped("p2", "T2", ("2", 1)));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void After_a_first_parcel_the_rest_can_still_shrink()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true, units: 5));
        _world.AnswerAll();
        _world.Apply(Shipped("p1", null, ("1", 1)));
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));

        _world.AnswerAll();

        // In all, what has left included: the warehouse's order of that reference.
        Assert.Equal(
            [new ReleaseLine("1", "MUG", 3), new ReleaseLine("2", "CAP", 1)], _world.Order.Releases[0].Lines);
        Assert.Equal(2, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));
    }

    [Fact]
    public void After_a_first_parcel_a_rest_that_nobody_wants_is_stopped()
    {
        Released();
        _world.Apply(Shipped("p1", null, ("1", 2)));
        _world.Apply(Lines(1, new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 2 }));
        Assert.Equal(ReleaseStatus.Cancelling, _world.Order.Releases[0].Status);

        _world.AnswerAll();

        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
        Assert.Empty(_world.Order.Allocations);
    }

    [Fact]
    public void A_warehouse_may_say_too_late_to_stop_the_rest_and_then_too_many_go()
    {
        Released();
        _world.Apply(Shipped("p1", null, ("1", 2)));
        _world.Apply(Lines(1, new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 2 }));
        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.True(_world.Order.Releases[0].StopRefused);

        _world.Apply(Shipped("p2", null, ("2", 1)));

        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void A_release_that_cannot_change_is_stopped_once_nothing_of_it_is_wanted()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 1));
        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.True(_world.Order.Releases[0].Frozen);

        _world.Apply(Lines(2, new SnapshotLine { LineId = "3", Sku = "POT", Quantity = 1 }));
        _world.AnswerAll();

        Assert.Equal(ReleaseStatus.Cancelled, _world.Order.Releases[0].Status);
        Assert.Equal([new ReleaseLine("3", "POT", 1)], _world.Order.Releases[1].Lines);
    }

    [Fact]
    public void One_number_on_two_parcels_of_two_releases_counts_twice()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 5));
        _world.Answer(new WarehouseAnswer.TooLate());
        _world.AnswerAll();

        Assert.IsType<Decision.Accept>(_world.Apply(Shipped("1", null, ("1", 2), ("2", 1))));
        Assert.IsType<Decision.Accept>(_world.Apply(
            new ShipmentMade(OrderWorld.Key, Parcel("acme-820982911946154508-2", "1", null, ("1", 3)))));

        Assert.Equal(5, OrderFacts.ShippedUnits(_world.Order, "1"));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void A_tracking_number_that_came_about_before_the_one_that_is_known_is_not_taken()
    {
        Released();
        _world.Apply(At(10, "T1"));
        Assert.IsType<Decision.Accept>(_world.Apply(At(30, "T3")));

        Assert.IsType<Decision.Duplicate>(_world.Apply(At(20, "T2")));
        Assert.IsType<Decision.Duplicate>(_world.Apply(At(40, "T3")));
        var parcel = Assert.Single(_world.Order.Shipments);
        Assert.Equal(("T3", OrderWorld.Noon.AddMinutes(30)), (parcel.TrackingNumber, parcel.NumberedAt));
        Assert.Equal(["T1"], parcel.EarlierNumbers);

        static ShipmentMade At(int minute, string number) => new(OrderWorld.Key, Parcel(
            Reference, "p1", number, ("1", 2)) with
        { NumberedAt = OrderWorld.Noon.AddMinutes(minute) });
    }

    [Fact]
    public void A_later_word_on_a_parcel_updates_where_it_is_and_adds_lines()
    {
        Released();
        _world.Apply(Shipped("p1", "T1", ("1", 2)));

        Assert.IsType<Decision.Accept>(_world.Apply(Shipped("P1", "T2", ("1", 2))));
        Assert.Equal("T2", Assert.Single(_world.Order.Shipments).TrackingNumber);
        Assert.IsType<Decision.Duplicate>(_world.Apply(Shipped("p1", "T2", ("1", 2))));
        Assert.IsType<Decision.Accept>(_world.Apply(Shipped("p1", "T2", ("2", 1))));

        var parcel = Assert.Single(_world.Order.Shipments);
        Assert.Equal([new ShippedLine("1", 2, "MUG"), new ShippedLine("2", 1, "CAP")], parcel.Lines);
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
        var other = Assert.IsType<Decision.Reject>(_world.Apply(Shipped("p1", "T2", ("1", 1))));
        Assert.Contains("has 2 units of line 1, and now 1", other.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void References_parcels_and_lines_are_known_in_any_case()
    {
        _world.Apply(Lines(0, new SnapshotLine { LineId = "a1", Sku = "MUG", Quantity = 2 }));
        _world.AnswerAll();

        _world.Apply(new ShipmentMade(OrderWorld.Key, Parcel(Reference.ToUpperInvariant(), "p", null, ("A1", 2))));

        Assert.Equal((Reference, new ShippedLine("a1", 2, "MUG")),
            (_world.Order.Shipments[0].Reference, _world.Order.Shipments[0].Lines[0]));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void A_line_that_nobody_knows_is_noted_and_the_others_count()
    {
        Released();

        var accept = Assert.IsType<Decision.Accept>(_world.Apply(Shipped("p1", null, ("1", 2), ("99", 1))));

        Assert.Contains("line 99 was never asked for", accept.Summary, StringComparison.Ordinal);
        Assert.Null(_world.Order.Shipments[0].Lines[1].Sku);
        Assert.Equal(2, OrderFacts.ShippedUnits(_world.Order, "1"));
        Assert.IsType<Decision.Reject>(_world.Apply(Shipped("p2", null, ("98", 1))));
    }

    [Fact]
    public void More_than_was_asked_for_has_left_all_the_same_and_is_said()
    {
        Released();

        var accept = Assert.IsType<Decision.Accept>(_world.Apply(Shipped("p1", null, ("1", 5), ("2", 1))));

        Assert.Contains("line 1: 5 units have left, 2 were asked for", accept.Summary, StringComparison.Ordinal);
        Assert.Equal(5, OrderFacts.ShippedUnits(_world.Order, "1"));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void Parcels_of_the_shop_add_to_ours_unless_they_are_ours()
    {
        _world.Apply(Fulfilled(0, "X1", [("1", 3)], units: 4));
        Assert.Equal(1, OrderFacts.Units(_world.Order.Releases[0].Lines, "1"));
        _world.AnswerAll();

        _world.Apply(Shipped("p1", "OURS", ("1", 3), ("2", 1)));
        Assert.Equal(6, OrderFacts.WantedLines(_world.Order)[0].Gone);

        // The shop hears of our parcel, and spells its number in its own way.
        _world.Apply(new OrderStated(OrderWorld.Key, Fulfilled(1, "X1", [("1", 3)], units: 4).Snapshot with
        {
            Fulfilments =
            [
                new Fulfilment("f1", ["X1"], [new ShippedLine("1", 3)]),
                new Fulfilment("f2", ["ou rs"], [new ShippedLine("1", 3), new ShippedLine("2", 1)]),
            ],
        }));
        Assert.Equal(6, OrderFacts.WantedLines(_world.Order)[0].Gone);
    }

    [Fact]
    public void A_change_that_was_never_answered_may_ship_the_more_or_the_fewer()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 4));
        Assert.Equal(4, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));

        _world.Apply(OrderWorld.Stated(2, paid: true, units: 1));
        Assert.Equal(4, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));

        // Agreed to four by now, asked for one: until it agrees, it may ship the four.
        _world.Answer();
        Assert.Equal((1, 4), (OrderFacts.Units(_world.Order.Releases[0].Lines, "1"),
            OrderFacts.OutstandingUnits(_world.Order, "1", "east")));

        _world.AnswerAll();
        Assert.Equal(1, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));
    }

    [Fact]
    public void A_change_that_came_too_late_is_not_held_for_when_the_stop_comes_too_late_as_well()
    {
        StoppedWhileChanging();
        _world.AnswerSuperseded(new WarehouseAnswer.TooLate());
        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.Equal(2, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));

        _world.Apply(Shipped("p1", null, ("1", 2), ("2", 1)));

        Assert.Equal(ReleaseStatus.Shipped, _world.Order.Releases[0].Status);
        Assert.Empty(_world.Order.Allocations);
    }

    [Fact]
    public void A_change_that_was_taken_before_the_stop_ships_when_the_stop_comes_too_late()
    {
        StoppedWhileChanging();
        _world.AnswerSuperseded(new WarehouseAnswer.Taken(null));
        _world.Answer(new WarehouseAnswer.TooLate());

        Assert.False(_world.Answer());
        Assert.Equal(4, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 4)]
    public void A_warehouse_that_will_not_stop_is_asked_whether_a_change_without_an_answer_has_reached_it(
        bool hasTheOld, int outstanding)
    {
        StoppedWhileChanging();
        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.Equal(2, OrderFacts.Units(_world.Order.Releases[0].Lines, "1"));

        _world.Answer(hasTheOld ? new WarehouseAnswer.Taken(null) : new WarehouseAnswer.TooLate());

        Assert.Equal(outstanding, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));
        Assert.False(_world.Answer());
    }

    [Fact]
    public void The_fewer_of_a_change_without_an_answer_are_all_that_is_held_once_the_warehouse_says_so()
    {
        StoppedWhileChanging(units: 1);
        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.Equal(2, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));

        _world.Answer(new WarehouseAnswer.Taken(null));
        Assert.Equal(1, OrderFacts.OutstandingUnits(_world.Order, "1", "east"));
        _world.Apply(Shipped("p1", null, ("1", 1), ("2", 1)));
        Assert.Equal(ReleaseStatus.Shipped, _world.Order.Releases[0].Status);
    }

    [Theory]
    [InlineData(true, 2, 1)]
    [InlineData(false, 3, 0)]
    public void Of_a_change_that_has_more_of_one_line_and_fewer_of_another_the_warehouse_is_asked_for_both(
        bool hasTheOld, int mugs, int caps)
    {
        StoppedWhileSwapping();
        Assert.Equal([new ReleaseLine("1", "MUG", 3)], _world.Order.Releases[0].Lines);

        _world.Answer(hasTheOld ? new WarehouseAnswer.TooLate() : new WarehouseAnswer.Taken(null));
        if (hasTheOld)
        {
            Assert.Equal(
                [new ReleaseLine("1", "MUG", 2), new ReleaseLine("2", "CAP", 1)], _world.Order.Releases[0].Lines);
            _world.Answer(new WarehouseAnswer.Taken(null));
        }

        Assert.Equal((mugs, caps), Outstanding());
        Assert.False(_world.Answer());
        _world.Apply(Shipped("p1", null, hasTheOld ? [("1", 2), ("2", 1)] : [("1", 3)]));
        Assert.Equal(ReleaseStatus.Shipped, _world.Order.Releases[0].Status);
        Assert.Empty(_world.Order.Allocations);
    }

    [Fact]
    public void A_warehouse_that_refuses_both_may_ship_the_most_of_each_line_and_is_asked_no_more()
    {
        StoppedWhileSwapping();
        _world.Answer(new WarehouseAnswer.TooLate());
        _world.Answer(new WarehouseAnswer.TooLate());

        Assert.Equal((3, 1), Outstanding());
        Assert.False(_world.Answer());
    }

    private (int Mugs, int Caps) Outstanding() => (
        OrderFacts.OutstandingUnits(_world.Order, "1", "east"), OrderFacts.OutstandingUnits(_world.Order, "2", "east"));

    /// <summary>3 mugs instead of 2 mugs and a cap, without an answer; then a stop that came too late.</summary>
    private void StoppedWhileSwapping()
    {
        Released();
        _world.Apply(Lines(1, new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 3 }));
        _world.Apply(OrderWorld.Stated(2, paid: true, cancelled: true, units: 0));
        _world.Answer(new WarehouseAnswer.TooLate());
    }

    private void StoppedWhileChanging(int units = 4)
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: units));
        _world.Apply(OrderWorld.Stated(2, paid: true, cancelled: true, units: 0));
        Assert.Equal(ReleaseStatus.Cancelling, _world.Order.Releases[0].Status);
    }

    [Fact]
    public void A_parcel_is_of_the_SKU_that_the_warehouse_still_had_to_ship()
    {
        _world.Apply(Lines(0, new SnapshotLine { LineId = "1", Sku = "OLD", Quantity = 3 }));
        _world.AnswerAll();
        _world.Apply(Shipped("p1", null, ("1", 1)));
        _world.Apply(Lines(1, new SnapshotLine { LineId = "1", Sku = "NEW", Quantity = 3 }));
        _world.AnswerAll();
        Assert.Equal(
            [new ReleaseLine("1", "OLD", 1), new ReleaseLine("1", "NEW", 2)], _world.Order.Releases[0].Lines);

        _world.Apply(Shipped("p2", null, ("1", 2)));

        Assert.Equal([new ShippedLine("1", 2, "NEW")], _world.Order.Shipments[1].Lines);
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void A_parcel_of_a_line_whose_SKU_was_never_agreed_may_be_of_both()
    {
        _world.Apply(Lines(0, new SnapshotLine { LineId = "1", Sku = "OLD", Quantity = 2 }));
        _world.AnswerAll();
        _world.Apply(Lines(1, new SnapshotLine { LineId = "1", Sku = "NEW", Quantity = 2 }));

        _world.Apply(Shipped("p1", null, ("1", 3)));

        Assert.Equal(
            [new ShippedLine("1", 2, "OLD"), new ShippedLine("1", 1, "NEW")], _world.Order.Shipments[0].Lines);
        Assert.IsType<Decision.Duplicate>(_world.Apply(Shipped("p1", null, ("1", 3))));
    }

    [Fact]
    public void A_parcel_stays_ours_by_each_number_that_it_ever_had()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true, units: 4));
        _world.AnswerAll();
        _world.Apply(Shipped("p1", "OLD", ("1", 2)));
        _world.Apply(Fulfilled(1, "OLD", [("1", 2)], units: 4));
        _world.Apply(Shipped("p1", "NEW", ("1", 2)));

        var line = OrderFacts.WantedLines(_world.Order)[0];
        Assert.Equal((2, 2), (line.Gone, line.Remaining));
        _world.Apply(Fulfilled(2, "new", [("1", 2)], units: 4));
        Assert.Equal(2, OrderFacts.WantedLines(_world.Order)[0].Gone);
    }

    [Fact]
    public void A_message_about_a_release_that_has_ended_is_not_sent()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 4));
        _world.Apply(new ReleaseRefused(OrderWorld.Key, Reference, "closed today"));

        Assert.False(_world.Answer());
        Assert.Null(_world.Order.Releases[0].MessageId);
    }

    private void Released()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
    }

    private static OrderStated Lines(int second, params SnapshotLine[] lines) => new(
        OrderWorld.Key, OrderWorld.Stated(second, paid: true).Snapshot with { Lines = lines });

    private static OrderStated Fulfilled(int second, string tracking, params (string Line, int Units)[] lines) =>
        Fulfilled(second, tracking, lines, 2);

    private static OrderStated Fulfilled(
        int second, string tracking, (string Line, int Units)[] lines, int units) => new(
            OrderWorld.Key, OrderWorld.Stated(second, paid: true, units: units).Snapshot with
            {
                Fulfilments =
                    [new Fulfilment("f1", [tracking], [.. lines.Select(l => new ShippedLine(l.Line, l.Units))])],
            });

    private static ShipmentMade Shipped(string id, string? tracking, params (string Line, int Units)[] lines) =>
        new(OrderWorld.Key, Parcel(Reference, id, tracking, lines));

    private static Shipment Parcel(
        string reference, string id, string? tracking, params (string Line, int Units)[] lines) => new()
        {
            ShipmentId = id,
            Reference = reference,
            TrackingNumber = tracking,
            Lines = [.. lines.Select(l => new ShippedLine(l.Line, l.Units))],
            ShippedAt = OrderWorld.Noon.AddHours(1),
        };
}
