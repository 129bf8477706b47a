using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>Which parcels a storefront is told of, and when it is told no more.</summary>
public sealed class ParcelPlanTests
{
    private int _ids;

    [Fact]
    public void What_a_person_cancels_in_the_shop_is_not_made_again()
    {
        var known = Recorded(inPart: true);

        var (cancelled, told) = Settle(known, Apply(known, Parcel(2, units: 0)));

        Assert.Equal(0, told);
        Assert.Equal((true, false), (Only(cancelled).TakenBack, Only(cancelled).Unrecorded));
        Assert.Equal(0, Settle(cancelled, Apply(cancelled, OrderWorld.Stated(3, paid: true))).Told);
        Assert.Equal(0, Settle(cancelled, Renumbered(cancelled)).Told);
    }

    [Fact]
    public void What_a_newer_snapshot_shows_no_more_was_cancelled_there()
    {
        var known = Recorded(inPart: true);
        var (shown, _) = Settle(known, Apply(known, Showing(2, 1)));
        Assert.False(Only(shown).TakenBack);

        Assert.True(Only(Settle(shown, Apply(shown, OrderWorld.Stated(3, paid: true))).Next).TakenBack);
    }

    [Fact]
    public void A_message_about_what_was_cancelled_there_is_superseded()
    {
        var known = Recorded(inPart: false);
        var (changed, _) = Settle(known, Renumbered(known));
        var message = Only(changed).MessageId;

        var plan = ParcelPlan.Of(changed, Apply(changed, Parcel(2, units: 0)), NewId);

        Assert.Equal([message!.Value], plan.Superseded);
        Assert.Empty(plan.Messages);
        Assert.Null(Only(plan.Next).MessageId);
    }

    [Fact]
    public void The_cancel_that_comes_before_the_answer_counts_with_it()
    {
        var known = Told();
        var (cancelled, _) = Settle(known, Apply(known, Parcel(2, units: 0)));

        var (next, told) = Settle(cancelled, Answer(cancelled, new ShopAnswer.Recorded("7", InPart: true)));

        Assert.Equal((0, true), (told, Only(next).TakenBack));
    }

    [Fact]
    public void It_is_told_again_once_for_the_same_open_units_and_again_when_they_grow()
    {
        var order = Recorded(inPart: true);
        foreach (var (second, recorded, told) in ((int, int, int)[])
            [(2, 2, 0), (3, 1, 1), (4, 1, 0), (5, 2, 0), (6, 1, 1), (7, 1, 0)])
        {
            var (next, times) = Settle(order, Apply(order, Showing(second, recorded)));
            Assert.Equal((second, told), (second, times));
            order = times == 0 ? next
                : Settle(next, Answer(next, new ShopAnswer.Recorded("7", InPart: true))).Next;
        }
    }

    [Fact]
    public void What_the_shop_has_deleted_by_its_answer_is_told_no_more()
    {
        var known = Recorded(inPart: false);
        var (changed, _) = Settle(known, Renumbered(known));

        var (gone, told) = Settle(changed, Answer(changed, new ShopAnswer.TakenBack()));

        Assert.Equal((0, true, (Guid?)null), (told, Only(gone).TakenBack, Only(gone).MessageId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_changed_while_it_should_be_taken_back_is_told_once_it_is_not(bool isDiscarded)
    {
        var known = Recorded(inPart: false);
        var (asked, told) = Settle(known, TakeBack(known));
        Assert.Equal(1, told);
        (asked, told) = Settle(asked, Renumbered(asked));
        Assert.Equal(0, told);

        var (kept, again) = Settle(asked, End(asked, isDiscarded));

        Assert.Equal((1, false), (again, Only(kept).TakenBack));
        Assert.Equal(0, Settle(kept, Answer(kept, new ShopAnswer.Recorded("7"))).Told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_has_not_changed_meanwhile_is_not_told(bool isDiscarded)
    {
        var known = Recorded(inPart: false);
        var (asked, _) = Settle(known, TakeBack(known));

        var (kept, told) = Settle(asked, End(asked, isDiscarded));

        Assert.Equal((0, false, (Guid?)null), (told, Only(kept).TakenBack, Only(kept).MessageId));
        Assert.IsType<Decision.Accept>(ParcelPlan.TakeBack(kept, "r-1", "S1"));
    }

    [Fact]
    public void A_change_that_the_take_back_superseded_is_told_once_it_is_not()
    {
        var known = Recorded(inPart: false);
        var (changed, _) = Settle(known, Renumbered(known));
        var (asked, _) = Settle(changed, TakeBack(changed));

        Assert.Equal(1, Settle(asked, End(asked, isDiscarded: false)).Told);
    }

    private static Order End(Order order, bool isDiscarded) => isDiscarded
        ? ReleaseAnswers.FoldDiscard(order, Only(order).MessageId!.Value, "ops")
        : Answer(order, new ShopAnswer.NotTakenBack("no"));

    private Order Told()
    {
        var stated = Apply(new Order { Key = OrderWorld.Key, ReceivedAt = OrderWorld.Noon },
            OrderWorld.Stated(1, paid: true));
        return Settle(stated, stated with
        {
            Shipments =
            [
                new Shipment
                {
                    ShipmentId = "S1",
                    Reference = "r-1",
                    TrackingNumber = "T1",
                    Lines = [new ShippedLine("1", 2)],
                    ShippedAt = OrderWorld.Noon,
                },
            ],
        }).Next;
    }

    private Order Recorded(bool inPart)
    {
        var told = Told();
        return Settle(told, Answer(told, new ShopAnswer.Recorded("7", InPart: inPart))).Next;
    }

    private (Order Next, int Told) Settle(Order before, Order next)
    {
        var plan = ParcelPlan.Of(before, next, NewId);
        return (plan.Next, plan.Messages.Count);
    }

    private static Order Answer(Order order, ShopAnswer answer) =>
        ParcelPlan.Fold(order, Only(order).MessageId!.Value, "acme", answer).Next;

    private static Order TakeBack(Order order) =>
        Assert.IsType<Decision.Accept>(ParcelPlan.TakeBack(order, "r-1", "S1")).Next;

    private static Order Renumbered(Order order) =>
        order with { Shipments = [Only(order) with { TrackingNumber = "T2", EarlierNumbers = ["T1"] }] };

    private static Order Apply(Order order, OrderChange change) =>
        Assert.IsType<Decision.Accept>(OrderLifecycle.Decide(order, change, null)).Next;

    private static Shipment Only(Order order) => Assert.Single(order.Shipments);

    private static FulfilmentStated Parcel(int second, int units) => new(
        OrderWorld.Key, new Fulfilment("7", ["T1"], units == 0 ? [] : [new ShippedLine("1", units)]),
        OrderWorld.Noon.AddSeconds(second));

    /// <summary>The storefront states the order with so many units of the parcel's line in the fulfilment.</summary>
    private static OrderStated Showing(int second, int units)
    {
        var stated = OrderWorld.Stated(second, paid: true);
        return stated with { Snapshot = stated.Snapshot with { Fulfilments = [Parcel(second, units).Fulfilment] } };
    }

    private Guid NewId() => new(++_ids, 0, 0, new byte[8]);
}
