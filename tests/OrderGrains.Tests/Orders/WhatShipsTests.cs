using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>Which orders go out, and which are kept, held or stopped.</summary>
public sealed class WhatShipsTests
{
    private readonly OrderWorld _world = new();

    [Fact]
    public void An_order_without_an_address_is_held_in_words()
    {
        Apply(0, s => s with { ShipTo = null });

        Assert.Equal((OrderStatus.OnHold, "it has no shipping address"),
            (_world.Order.Status, OrderFacts.FindProblem(_world.Order)));
        Assert.Empty(_world.Order.Releases);
        Apply(1, s => s with { ShipTo = new ShipTo { Name = "Ada", CountryCode = "GB" } });
        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);
        Apply(2, s => s);
        Assert.Equal(OrderStatus.Allocated, _world.Order.Status);
    }

    [Fact]
    public void What_needs_no_parcel_needs_no_address()
    {
        Apply(0, s => s with { ShipTo = null, Lines = [s.Lines[0] with { Shippable = false }] });

        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void What_a_person_hands_over_is_held_until_the_shop_says_that_it_is_gone()
    {
        Apply(0, s => s with { HandedOver = true });
        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);

        Apply(1, s => s with
        {
            HandedOver = true,
            Fulfilments = [new Fulfilment("f", [], [.. s.Lines.Select(l => new ShippedLine(l.LineId, l.Quantity))])],
        });
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void What_a_person_cancelled_does_not_come_back_out_of_the_trash()
    {
        Apply(0, s => s);
        _world.Act(OrderAct.Cancel);
        _world.Apply(new OrderTrashed(OrderWorld.Key, OrderWorld.Noon.AddSeconds(1)));
        _world.Apply(OrderWorld.Stated(2, paid: true) with { RestoredAt = OrderWorld.Noon.AddSeconds(2) });
        _world.AnswerAll();

        Assert.Equal(OrderStatus.Cancelled, _world.Order.Status);
    }

    [Fact]
    public void What_the_storefront_says_has_gone_is_counted_once_with_what_our_warehouse_sent()
    {
        Apply(0, s => s);
        _world.AnswerAll();
        _world.Apply(new ShipmentMade(OrderWorld.Key, new Shipment
        {
            ShipmentId = "p1",
            Reference = Assert.Single(_world.Order.Releases).Reference,
            Lines = [new ShippedLine("1", 1, "MUG")],
            ShippedAt = OrderWorld.Noon,
        }));
        Apply(1, s => s with { AllGone = true });
        _world.AnswerAll();

        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
        Assert.Empty(_world.Order.Excess);
        Assert.Equal([(1, 1), (0, 1)],
            OrderFacts.WantedLines(_world.Order).Select(line => (line.Shipped, line.Elsewhere)));
        // A status that was set by mistake is taken back.
        Apply(2, s => s);
        _world.AnswerAll();
        Assert.Equal([1, 1], OrderFacts.WantedLines(_world.Order).Select(line => line.Remaining));
    }

    [Theory]
    [InlineData(ReleaseWhen.Paid)]
    [InlineData(ReleaseWhen.Placed)]
    public void Money_that_is_given_back_or_never_comes_releases_nothing(ReleaseWhen when)
    {
        var placed = new OrderWorld(policy => policy with { ReleaseWhen = when, ReserveWhen = ReserveWhen.Placed });
        placed.Apply(new OrderStated(OrderWorld.Key, OrderWorld.Stated(0).Snapshot with { Payment = Payment.Ended }));

        Assert.Equal(OrderStatus.OnHold, placed.Order.Status);
        Assert.Empty(placed.Order.Releases);
        Assert.Empty(placed.Order.Allocations);
    }

    [Fact]
    public void Money_given_back_after_the_release_stops_it_or_holds_the_order()
    {
        Apply(0, s => s);
        _world.AnswerAll();
        Apply(1, s => s with { Payment = Payment.Ended });
        Assert.Equal(ReleaseStatus.Cancelling, _world.Order.Releases[0].Status);

        _world.Answer(new WarehouseAnswer.TooLate());

        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);
    }

    [Fact]
    public void Money_given_back_after_the_parcel_changes_nothing()
    {
        Apply(0, s => s);
        _world.AnswerAll();
        _world.Apply(new ShipmentMade(OrderWorld.Key, new Shipment
        {
            ShipmentId = "p1",
            Reference = _world.Order.Releases[0].Reference,
            Lines = [new ShippedLine("1", 2), new ShippedLine("2", 1)],
            ShippedAt = OrderWorld.Noon,
        }));

        Apply(1, s => s with { Payment = Payment.Ended });

        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
        Assert.Empty(_world.Order.Excess);
    }

    [Fact]
    public void An_order_from_before_OrdersSince_is_kept_and_not_released()
    {
        var late = new OrderWorld(policy => policy with { OrdersSince = OrderWorld.Noon.AddSeconds(1) });
        late.Apply(OrderWorld.Stated(0, paid: true));

        Assert.Equal(OrderStatus.Received, late.Order.Status);
        Assert.Empty(late.Order.Releases);
        Assert.Empty(late.Order.Allocations);
    }

    [Fact]
    public void An_order_that_was_closed_when_first_heard_of_is_never_released_not_even_reopened()
    {
        Apply(0, s => s with { Closed = true });
        Assert.Equal(OrderStatus.Received, _world.Order.Status);

        Apply(1, s => s);

        Assert.Equal(OrderStatus.Received, _world.Order.Status);
        Assert.Empty(_world.Order.Releases);
    }

    [Fact]
    public void An_order_that_is_closed_later_goes_on()
    {
        Apply(0, s => s);
        Apply(1, s => s with { Closed = true });
        _world.AnswerAll();

        Assert.Equal(OrderStatus.Released, _world.Order.Status);
    }

    [Fact]
    public void A_line_whose_SKU_the_shop_changes_is_asked_for_under_the_new_one_alone()
    {
        Apply(0, s => s with { Lines = [s.Lines[0]] });
        _world.AnswerAll();
        Apply(1, s => s with { Lines = [s.Lines[0] with { Sku = "MUG-2" }] });
        _world.AnswerAll();

        Assert.Equal([new ReleaseLine("1", "MUG-2", 2)], _world.Order.Releases[0].Lines);
    }

    private void Apply(int second, Func<OrderSnapshot, OrderSnapshot> change) => _world.Apply(
        new OrderStated(OrderWorld.Key, change(OrderWorld.Stated(second, paid: true).Snapshot)));
}
