using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

public sealed class OrderLifecycleTests
{
    private readonly OrderWorld _world = new();

    [Fact]
    public void A_replayed_version_is_a_duplicate_and_an_older_one_is_stale()
    {
        _world.Apply(OrderWorld.Stated(1, paid: true));

        Assert.IsType<Decision.Duplicate>(_world.Apply(OrderWorld.Stated(1, paid: true)));
        Assert.IsType<Decision.Stale>(_world.Apply(OrderWorld.Stated(0)));
    }

    [Fact]
    public void An_unpaid_order_waits_in_received()
    {
        _world.Apply(OrderWorld.Stated(0));

        Assert.Equal(OrderStatus.Received, _world.Order.Status);
        Assert.Empty(_world.Order.Releases);
    }

    [Fact]
    public void A_cancel_that_overtakes_its_create_is_kept()
    {
        _world.Apply(new OrderCancelled(OrderWorld.Key, "deleted in the storefront"));
        _world.Apply(OrderWorld.Stated(0, paid: true));

        Assert.Equal(OrderStatus.Cancelled, _world.Order.Status);
        Assert.Empty(_world.Order.Releases);
    }

    [Fact]
    public void A_release_that_was_not_answered_yet_is_superseded_by_a_stop()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        Assert.Equal(OrderStatus.Allocated, _world.Order.Status);
        _world.Apply(OrderWorld.Stated(1, paid: true, cancelled: true));

        Assert.Equal(ReleaseStatus.Cancelling, Assert.Single(_world.Order.Releases).Status);
        Assert.NotEmpty(_world.Order.Allocations);
        _world.AnswerAll();
        Assert.Equal(OrderStatus.Cancelled, _world.Order.Status);
        Assert.Empty(_world.Order.Allocations);
    }

    [Fact]
    public void What_is_asked_back_before_the_warehouse_has_answered_is_not_said_to_be_there()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.Apply(OrderWorld.Stated(1, paid: true, cancelled: true));
        Assert.Equal(OrderStatus.Allocated, _world.Order.Status);

        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.Equal(OrderStatus.Released, _world.Order.Status);
    }

    [Fact]
    public void A_warehouse_that_says_too_late_to_stop_ships_and_keeps_its_units()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(OrderWorld.Stated(1, paid: true, cancelled: true));
        _world.Answer(new WarehouseAnswer.TooLate());

        Assert.Equal(OrderStatus.Released, _world.Order.Status);
        Assert.Equal(3, _world.Order.Allocations.Sum(a => a.Quantity));
        _world.Apply(Shipped("s1", 1, ("1", 2), ("2", 1)));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
        Assert.Empty(_world.Order.Allocations);
    }

    [Fact]
    public void More_units_after_too_late_to_change_go_out_as_a_second_release()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 5));
        _world.Answer(new WarehouseAnswer.TooLate());

        Assert.Equal(2, _world.Order.Releases.Count);
        var second = _world.Order.Releases[1];
        Assert.Equal("acme-820982911946154508-2", second.Reference);
        Assert.Equal([new ReleaseLine("1", "MUG", 3)], second.Lines);
    }

    [Fact]
    public void A_shipment_in_parts_ends_in_shipped_and_the_same_shipment_twice_counts_once()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(Shipped("s1", 1, ("1", 2)));
        Assert.Equal(OrderStatus.PartiallyShipped, _world.Order.Status);

        Assert.IsType<Decision.Duplicate>(_world.Apply(Shipped("s1", 1, ("1", 2))));
        _world.Apply(Shipped("s2", 1, ("2", 1)));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void A_parcel_that_leaves_before_the_warehouse_says_too_late_ends_its_release()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(OrderWorld.Stated(1, paid: true, units: 3));
        _world.Apply(Shipped("s1", 1, ("1", 2), ("2", 1)));
        _world.Answer(new WarehouseAnswer.TooLate());
        Assert.Equal(ReleaseStatus.Shipped, _world.Order.Releases[0].Status);

        _world.AnswerAll();
        _world.Apply(Shipped("s2", 2, ("1", 1)));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void A_shipment_of_no_release_of_ours_needs_a_person()
    {
        _world.Apply(OrderWorld.Stated(0));

        var rejected = Assert.IsType<Decision.Reject>(_world.Apply(Shipped("s1", 7, ("1", 2))));
        Assert.Contains("acme-820982911946154508-7", rejected.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_by_the_warehouse_holds_the_order_until_a_person_resumes_it()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(new ReleaseRefused(OrderWorld.Key, "acme-820982911946154508-1", "no such address"));
        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);

        Assert.IsType<Decision.Accept>(_world.Act(OrderAct.Resume));
        Assert.Equal("acme-820982911946154508-2", _world.Order.Releases[1].Reference);
    }

    [Fact]
    public void Hold_takes_the_order_back_from_the_warehouse_and_resume_sends_it_again()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Act(OrderAct.Hold);
        _world.AnswerAll();
        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);
        Assert.Empty(_world.AtWarehouse);
        Assert.Equal(3, _world.Order.Allocations.Sum(a => a.Quantity));

        _world.Act(OrderAct.Resume);
        _world.AnswerAll();
        Assert.Equal(OrderStatus.Released, _world.Order.Status);
        Assert.Equal(2, _world.AtWarehouse["1"]);
    }

    [Fact]
    public void An_act_on_a_shipped_order_is_refused()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(Shipped("s1", 1, ("1", 2), ("2", 1)));

        Assert.IsType<Decision.Reject>(_world.Act(OrderAct.Cancel));
        Assert.IsType<Decision.Reject>(_world.Act(OrderAct.Hold));
    }

    [Fact]
    public void An_order_that_has_lost_its_last_line_is_cancelled_and_not_shipped()
    {
        _world.Apply(Lines(0, new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 1 }));

        _world.Apply(Lines(1));
        _world.AnswerAll();

        Assert.Equal(OrderStatus.Cancelled, _world.Order.Status);
    }

    [Fact]
    public void An_order_of_nothing_to_ship_is_shipped_and_one_refunded_to_nothing_is_cancelled()
    {
        _world.Apply(Lines(0, new SnapshotLine { LineId = "1", Quantity = 1, Shippable = false }));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);

        var other = new OrderWorld();
        other.Apply(Lines(0, new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 0 }));
        Assert.Equal(OrderStatus.Cancelled, other.Order.Status);
    }

    [Fact]
    public void A_line_without_a_sku_holds_the_order_until_the_storefront_names_one()
    {
        _world.Apply(Lines(0, new SnapshotLine { LineId = "1", Quantity = 1 }));
        Assert.Equal(OrderStatus.OnHold, _world.Order.Status);
        Assert.Equal("line 1 has no SKU", OrderFacts.FindProblem(_world.Order));

        _world.Apply(Lines(1, new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 1 }));
        Assert.Equal(OrderStatus.Allocated, _world.Order.Status);
    }

    [Fact]
    public void Units_that_the_storefront_has_fulfilled_are_not_sent_again()
    {
        _world.Apply(new OrderStated(OrderWorld.Key, OrderWorld.Stated(0, paid: true).Snapshot with
        {
            Lines = [new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 3 }],
            Fulfilments = [new Fulfilment("f1", [], [new ShippedLine("1", 2)])],
        }));

        Assert.Equal([new ReleaseLine("1", "MUG", 1)], Assert.Single(_world.Order.Releases).Lines);
    }

    [Fact]
    public void An_order_refunded_in_full_is_taken_back_though_it_is_no_longer_paid()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(new OrderStated(OrderWorld.Key, OrderWorld.Stated(1).Snapshot with { Lines = [] }));
        _world.AnswerAll();

        Assert.Empty(_world.AtWarehouse);
        Assert.Empty(_world.Order.Allocations);
    }

    [Fact]
    public void An_edit_that_adds_a_line_waits_for_the_storefront_to_say_what_it_is()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.Apply(new OrderAmended(OrderWorld.Key,
            new Amendment(AmendmentKind.Edit, "1", OrderWorld.Noon.AddSeconds(1), [new AmendedLine("77", 1)])));

        Assert.Contains("77", OrderFacts.FindProblem(_world.Order), StringComparison.Ordinal);
        _world.Apply(OrderWorld.Stated(2, paid: true));
        Assert.Null(OrderFacts.FindProblem(_world.Order));
    }

    private static OrderStated Lines(int second, params SnapshotLine[] lines) => new(
        OrderWorld.Key, OrderWorld.Stated(second, paid: true).Snapshot with { Lines = lines });

    private static ShipmentMade Shipped(string id, int release, params (string Line, int Units)[] lines) => new(
        OrderWorld.Key, new Shipment
        {
            ShipmentId = id,
            Reference = $"acme-820982911946154508-{release}",
            Lines = [.. lines.Select(l => new ShippedLine(l.Line, l.Units))],
            ShippedAt = OrderWorld.Noon.AddHours(1),
        });
}
