using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>A release carries who gets it, and a new address follows it.</summary>
public sealed class RecipientTests
{
    private static readonly ShipTo Moved = OrderWorld.ShipTo with { Address1 = "1 New Street" };
    private readonly OrderWorld _world = new();

    [Fact]
    public void A_new_address_is_sent_as_a_change_as_long_as_nothing_has_shipped()
    {
        Stated(0, OrderWorld.ShipTo);
        _world.AnswerAll();
        Stated(1, Moved);
        Assert.NotNull(_world.Order.Releases[0].MessageId);
        _world.AnswerAll();
        Assert.Equal("1 New Street", _world.Told!.ShipTo!.Address1);

        Stated(2, Moved);
        Assert.False(_world.Answer());
    }

    [Theory]
    [InlineData(true, "name")]
    [InlineData(true, "phone")]
    [InlineData(true, "method")]
    [InlineData(false, "email")]
    public void What_the_parcel_needs_is_sent_and_what_it_does_not_is_not(bool sent, string what)
    {
        Stated(0, OrderWorld.ShipTo);
        _world.AnswerAll();
        var to = what switch
        {
            "name" => OrderWorld.ShipTo with { Name = "Grace Hopper" },
            "phone" => OrderWorld.ShipTo with { Phone = "+1" },
            "email" => OrderWorld.ShipTo with { Email = "grace@example.org" },
            _ => OrderWorld.ShipTo,
        };

        Stated(1, to, what == "method" ? "express" : null);

        Assert.Equal(sent, _world.Answer());
    }

    [Fact]
    public void A_message_that_waits_says_the_newest_address()
    {
        Stated(0, OrderWorld.ShipTo);
        Stated(1, Moved);

        _world.AnswerAll();

        Assert.Equal("1 New Street", _world.Told!.ShipTo!.Address1);
        Assert.False(_world.Answer());
    }

    [Fact]
    public void What_was_found_there_may_have_the_old_address_and_is_changed()
    {
        Stated(0, OrderWorld.ShipTo);
        Stated(1, Moved);

        // Taken at an attempt whose answer was lost; the look-up says no more than that it is there.
        _world.Answer(new WarehouseAnswer.Taken("W1"));

        Assert.True(_world.Answer());
        Assert.False(_world.Answer());
    }

    [Fact]
    public void Too_late_to_change_who_gets_it_holds_the_order_and_asks_the_warehouse_to_stop()
    {
        Stated(0, OrderWorld.ShipTo);
        _world.AnswerAll();
        Stated(1, Moved);
        _world.Answer(new WarehouseAnswer.TooLate());

        Assert.Equal(HeldBy.Warehouse, _world.Order.HoldReason?.By);
        Assert.Contains("too late to change who gets", _world.Order.HoldReason!.What, StringComparison.Ordinal);
        Assert.Equal(ReleaseStatus.Cancelling, _world.Order.Releases[0].Status);
        _world.AnswerAll();
        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);
        _world.Act(OrderAct.Resume);
        _world.AnswerAll();
        Assert.Equal("1 New Street", _world.Told!.ShipTo!.Address1);
    }

    [Fact]
    public void An_address_that_changes_after_the_lines_were_too_late_is_asked_for_all_the_same()
    {
        Stated(0, OrderWorld.ShipTo);
        _world.AnswerAll();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 1));
        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.Null(_world.Order.HoldReason);

        _world.Apply(new OrderStated(OrderWorld.Key, OrderWorld.Stated(2, paid: true, units: 1).Snapshot with
        {
            ShipTo = Moved,
        }));

        Assert.True(_world.Answer());
        Assert.Equal("1 New Street", _world.Told!.ShipTo!.Address1);
    }

    [Fact]
    public void Once_a_parcel_has_left_the_address_is_no_reason_to_ask()
    {
        Stated(0, OrderWorld.ShipTo);
        _world.AnswerAll();
        _world.Apply(new ShipmentMade(OrderWorld.Key, new Shipment
        {
            ShipmentId = "p1",
            Reference = _world.Order.Releases[0].Reference,
            Lines = [new ShippedLine("1", 1)],
            ShippedAt = OrderWorld.Noon,
        }));

        Stated(1, Moved);

        Assert.False(_world.Answer());
    }

    private void Stated(int second, ShipTo to, string? method = null) => _world.Apply(new OrderStated(
        OrderWorld.Key, OrderWorld.Stated(second, paid: true).Snapshot with { ShipTo = to, ShippingMethod = method }));
}
