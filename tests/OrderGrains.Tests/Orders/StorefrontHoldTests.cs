using OrderGrains.Console;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>What the storefront holds is not sent, until it or a person lets it go.</summary>
public sealed class StorefrontHoldTests
{
    private static readonly OrderKey Key = OrderWorld.Key;

    [Fact]
    public void A_part_that_is_held_and_let_go_ships_whatever_comes_first() => EveryOrder.EndsAs(
        [
            OrderWorld.Stated(1, paid: true),
            Parts(2, ("part", true)), Parts(3, ("other", true), ("part", false)), Parts(4, ("part", false)),
        ],
        OrderStatus.Released, 3);

    [Fact]
    public void The_newest_word_on_all_parts_holds_the_order_whatever_comes_first() => EveryOrder.EndsAs(
        [
            OrderWorld.Stated(1, paid: true),
            Parts(2, ("part", false)), Parts(3, ("part", true)), Parts(4, ("other", false), ("part", true)),
        ],
        OrderStatus.OnHold, 0);

    [Fact]
    public void A_part_that_was_merged_away_holds_nothing() =>
        Assert.False(OrderFacts.IsHeld(Told(World(Parts(2, ("gone", true))), Parts(3, ("part", false)))));

    [Fact]
    public void An_older_word_is_stale_and_says_so()
    {
        var world = World(Parts(3, ("part", false)));
        Assert.IsType<Decision.Stale>(OrderLifecycle.Decide(world, Parts(2, ("part", true)), null));
        Assert.IsType<Decision.Accept>(OrderLifecycle.Decide(world, Parts(3, ("part", true)), null));
    }

    [Fact]
    public void A_person_may_resume_it_and_only_a_word_that_was_asked_for_after_that_holds_it_again()
    {
        var held = World(Parts(2, ("part", true))) with { Status = OrderStatus.OnHold };
        var resumed = Resume(held, 6);
        Assert.Equal("resumed; it was stopped because: the storefront holds part", resumed.Summary);
        Assert.Equal("wrong address", resumed.Said);
        Assert.False(OrderFacts.IsHeld(resumed.Next));
        Assert.IsType<Decision.Stale>(OrderLifecycle.Decide(resumed.Next, Parts(5, ("part", true)), null));
        Assert.True(OrderFacts.IsHeld(Told(resumed.Next, Parts(7, ("part", true)))));
    }

    [Fact]
    public void What_a_person_and_the_storefront_hold_is_shown_and_lifted_one_after_the_other()
    {
        var held = World(Parts(2, ("part", true))) with
        {
            Status = OrderStatus.OnHold,
            HoldReason = new HoldReason(HeldBy.Operator, "held by ops"),
        };
        Assert.Equal("held by ops. The storefront holds it: wrong address", Shown(held, masked: false));
        Assert.Equal("held by ops. The storefront holds it.", Shown(held, masked: true));

        var first = Resume(held, 6);
        Assert.Equal(
            "resumed; it was stopped because: held by ops; the storefront still holds part", first.Summary);
        Assert.Equal("The storefront holds it: wrong address", Shown(first.Next, masked: false));
        Assert.True(OrderFacts.IsHeld(first.Next));
        Assert.False(OrderFacts.IsHeld(Resume(first.Next, 7).Next));

        static string? Shown(Order order, bool masked) =>
            OrderView.Of(new StoredOrder(order, 1), [], masked).HoldReason;
    }

    [Fact]
    public void One_that_came_too_late_to_stop_is_shown_on_hold()
    {
        var world = new OrderWorld();
        world.Apply(OrderWorld.Stated(1, paid: true));
        world.AnswerAll();
        world.Apply(Parts(2, ("part", true)));
        world.Answer(new WarehouseAnswer.TooLate());
        Assert.Equal(OrderStatus.OnHold, world.Order.Status);

        Assert.IsType<Decision.Accept>(world.Act(OrderAct.Resume));
        Assert.Equal(OrderStatus.Released, world.Order.Status);
    }

    [Fact]
    public void Its_words_are_personal_data()
    {
        var order = World(Parts(2, ("part", true)));
        Assert.Equal("wrong address", order.StorefrontHolds[0].Said);
        Assert.Null(Redaction.Apply(order).StorefrontHolds[0].Said);
    }

    private static Decision.Accept Resume(Order order, int second) => Assert.IsType<Decision.Accept>(
        OrderActs.Decide(order, OrderAct.Resume, "ops", null, OrderWorld.Noon.AddSeconds(second)));

    private static Order World(OrderChange change) =>
        Told(new Order { Key = Key, ReceivedAt = OrderWorld.Noon }, change);

    private static Order Told(Order order, OrderChange change) =>
        Assert.IsType<Decision.Accept>(OrderLifecycle.Decide(order, change, null)).Next;

    private static PartsStated Parts(int second, params (string Id, bool IsHeld)[] parts) => new(
        Key,
        [
            .. parts.Select(part => new StatedPart(part.Id, part.IsHeld)
            {
                Said = part.IsHeld ? "wrong address" : null,
            }),
        ],
        "what the shop holds", OrderWorld.Noon.AddSeconds(second));
}
