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
            Part(true, 2), Part(false, 3), Part(true, 2, "other"), Part(false, 4, "other"),
        ],
        OrderStatus.Released, 3);

    [Fact]
    public void The_newest_word_on_each_part_holds_the_order_whatever_comes_first() => EveryOrder.EndsAs(
        [OrderWorld.Stated(1, paid: true), Part(false, 2), Part(true, 3), Part(false, 4, "other")],
        OrderStatus.OnHold, 0);

    [Fact]
    public void An_older_word_is_stale_and_says_so()
    {
        var world = World(Part(false, 3));
        Assert.IsType<Decision.Stale>(OrderLifecycle.Decide(world, Part(true, 2), null));
        Assert.IsType<Decision.Accept>(OrderLifecycle.Decide(world, Part(true, 3), null));
    }

    [Fact]
    public void A_person_may_resume_it_and_a_newer_word_holds_it_again()
    {
        var held = World(Part(true, 2)) with { Status = OrderStatus.OnHold };
        var resumed = Assert.IsType<Decision.Accept>(OrderActs.Decide(held, OrderAct.Resume, "ops"));
        Assert.Equal("resumed; it was stopped because: the storefront holds part", resumed.Summary);
        Assert.Equal("wrong address", resumed.Said);
        Assert.False(OrderFacts.IsHeld(resumed.Next));
        Assert.IsType<Decision.Stale>(OrderLifecycle.Decide(resumed.Next, Part(true, 1), null));
        var again = Assert.IsType<Decision.Accept>(OrderLifecycle.Decide(resumed.Next, Part(true, 5), null));
        Assert.True(OrderFacts.IsHeld(again.Next));
    }

    [Fact]
    public void Its_words_are_personal_data()
    {
        var order = World(Part(true, 2));
        Assert.Equal("wrong address", order.StorefrontHolds[0].Said);
        Assert.Null(Redaction.Apply(order).StorefrontHolds[0].Said);
    }

    private static Order World(OrderChange change) => Assert.IsType<Decision.Accept>(OrderLifecycle.Decide(
        new Order { Key = Key, ReceivedAt = OrderWorld.Noon }, change, null)).Next;

    private static PartStated Part(bool isHeld, int second, string id = "part") => new(
        Key, id, isHeld, $"the shop {(isHeld ? "holds" : "does not hold")} it", OrderWorld.Noon.AddSeconds(second))
    {
        Said = isHeld ? "wrong address" : null,
    };
}
