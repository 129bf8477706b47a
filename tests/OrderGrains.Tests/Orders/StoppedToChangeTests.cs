using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>A warehouse that cannot change an order: it is stopped there, and released anew.</summary>
public sealed class StoppedToChangeTests
{
    private const string First = "acme-820982911946154508-1";
    private const string Second = "acme-820982911946154508-2";
    private readonly OrderWorld _world = new() { StopsToChange = true };

    [Fact]
    public void A_change_ends_as_a_release_of_the_next_number_and_nobody_has_to_look()
    {
        Released();

        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));
        _world.AnswerAll();

        Assert.Null(_world.Order.HoldReason);
        Assert.Equal(OrderStatus.Released, _world.Order.Status);
        Assert.Equal(
            [(First, ReleaseStatus.Cancelled), (Second, ReleaseStatus.Accepted)],
            _world.Order.Releases.Select(r => (r.Reference, r.Status)));
        Assert.Equal(
            [new ReleaseLine("1", "MUG", 3), new ReleaseLine("2", "CAP", 1)], _world.Order.Releases[1].Lines);
        Assert.Equal(4, _world.AtWarehouse.Values.Sum());
    }

    [Fact]
    public void Another_recipient_is_a_change_too()
    {
        Released();
        var moved = OrderWorld.Stated(1, paid: true);
        _world.Apply(moved with
        {
            Snapshot = moved.Snapshot with { ShipTo = OrderWorld.ShipTo with { Address1 = "1 New Street" } },
        });

        _world.AnswerAll();

        Assert.Equal(("1 New Street", Second), (_world.Told?.ShipTo?.Address1, _world.Told?.Reference));
        Assert.Equal(3, _world.AtWarehouse.Values.Sum());
    }

    [Fact]
    public void Units_that_left_before_are_not_released_again()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true, units: 5));
        _world.AnswerAll();
        Ship("p1", First, ("1", 2));

        _world.Apply(OrderWorld.Stated(1, paid: true, units: 4));
        _world.AnswerAll();

        Assert.Equal(
            [new ReleaseLine("1", "MUG", 2), new ReleaseLine("2", "CAP", 1)], _world.Order.Releases[1].Lines);
        Ship("p2", Second, ("1", 2), ("2", 1));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
        Assert.Empty(_world.Order.Excess);
    }

    [Fact]
    public void An_order_that_is_cancelled_while_it_is_stopped_to_change_is_not_released_anew()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));
        _world.Apply(OrderWorld.Stated(2, paid: true, cancelled: true, units: 3));

        _world.AnswerSuperseded(new WarehouseAnswer.StoppedToChange());

        Assert.Equal(ReleaseStatus.Cancelled, Assert.Single(_world.Order.Releases).Status);
        Assert.Equal(OrderStatus.Cancelled, _world.Order.Status);
        Assert.Empty(_world.Order.Allocations);
        Assert.False(_world.Answer());
    }

    [Fact]
    public void Held_while_it_is_stopped_to_change_it_is_released_anew_when_it_is_resumed()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));
        _world.Act(OrderAct.Hold);
        _world.AnswerSuperseded(new WarehouseAnswer.StoppedToChange());
        Assert.Single(_world.Order.Releases);

        _world.Act(OrderAct.Resume);
        _world.AnswerAll();

        Assert.Equal([ReleaseStatus.Cancelled, ReleaseStatus.Accepted], _world.Order.Releases.Select(r => r.Status));
        Assert.Equal(3, OrderFacts.Units(_world.Order.Releases[1].Lines, "1"));
    }

    [Fact]
    public void The_warehouses_event_may_come_before_its_answer_and_the_hold_is_taken_back()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));
        _world.Apply(new ReleaseCancelled(OrderWorld.Key, First));
        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);

        _world.AnswerSuperseded(new WarehouseAnswer.StoppedToChange());
        _world.AnswerAll();

        Assert.Null(_world.Order.HoldReason);
        Assert.Equal(OrderStatus.Released, _world.Order.Status);
        Assert.Equal(4, _world.Order.Releases[1].Lines.Sum(l => l.Quantity));
    }

    [Fact]
    public void The_warehouses_event_may_come_after_its_answer_and_changes_nothing()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));
        _world.AnswerAll();

        Assert.IsType<Decision.Stale>(_world.Apply(new ReleaseCancelled(OrderWorld.Key, First)));
        Assert.Equal(OrderStatus.Released, _world.Order.Status);
    }

    [Fact]
    public void A_hold_for_another_reason_stays()
    {
        Released();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));
        _world.Act(OrderAct.Hold);
        _world.Apply(new ReleaseCancelled(OrderWorld.Key, First));

        _world.AnswerSuperseded(new WarehouseAnswer.StoppedToChange());

        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);
    }

    private void Released()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
    }

    private void Ship(string id, string reference, params (string Line, int Units)[] lines) => _world.Apply(
        new ShipmentMade(OrderWorld.Key, new Shipment
        {
            ShipmentId = id,
            Reference = reference,
            Lines = [.. lines.Select(l => new ShippedLine(l.Line, l.Units))],
            ShippedAt = OrderWorld.Noon,
        }));
}
