using CsCheck;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

public sealed class OrderLifecycleProperties
{
    private static readonly OrderChange[] Life =
    [
        OrderWorld.Stated(0),
        OrderWorld.Stated(1, units: 3),
        OrderWorld.Stated(2, paid: true, units: 3),
        OrderWorld.Stated(3, paid: true, cancelled: true, units: 3),
    ];

    /// <summary>The same life within one second: the storefront's clock tells nothing.</summary>
    private static readonly OrderChange[] OneSecond =
    [
        OrderWorld.Stated(0),
        OrderWorld.Stated(0, paid: true),
        OrderWorld.Stated(0, paid: true, cancelled: true),
    ];

    /// <summary>All of it within one second, told apart by when it was sent.</summary>
    private static readonly OrderChange[] Triggered =
    [
        Sent(1, OrderWorld.Stated(0, units: 2)),
        Sent(2, OrderWorld.Stated(0, paid: true, units: 2)),
        Sent(3, OrderWorld.Stated(0, paid: true, units: 2), held: true),
        Sent(4, OrderWorld.Stated(0, paid: true, units: 2)),
    ];

    /// <summary>An edit of a second that began before it: the snapshot of that second has it.</summary>
    private static readonly OrderChange[] EditedWithinASecond =
    [
        OrderWorld.Stated(0, paid: true, units: 2),
        Edit("5", 3, +1),
        OrderWorld.Stated(3, paid: true, units: 3),
    ];

    /// <summary>An edit in the very second of the order's birth, which the only snapshot does not show.</summary>
    private static readonly OrderChange[] EditedAtOnce = [OrderWorld.Stated(0, paid: true, units: 2), Edit("5", 0, +1)];

    /// <summary>A line that an edit adds in the second of the order's birth, or in that of the payment.</summary>
    private static readonly OrderChange[] LineAddedAtOnce =
        [OrderWorld.Stated(0, paid: true), Edit("5", 0, +1, "3"), WithLine(OrderWorld.Stated(0, paid: true))];

    private static readonly OrderChange[] LineAddedWithThePayment =
    [
        OrderWorld.Stated(0), OrderWorld.Stated(1, paid: true), Edit("5", 1, +1, "3"),
        WithLine(OrderWorld.Stated(1, paid: true)),
    ];

    /// <summary>Units added to a line in one second, each snapshot with its own moment of sending.</summary>
    private static readonly OrderChange[] UnitsAddedAtOnce =
    [
        Sent(1, OrderWorld.Stated(0, paid: true, units: 3)), Edit("5", 0, +2),
        Sent(3, OrderWorld.Stated(0, paid: true, units: 5)),
    ];

    /// <summary>Taken away, and one added after: only the snapshot in between tells that the last one has it.</summary>
    private static readonly OrderChange[] AddedAgain =
    [
        OrderWorld.Stated(0, paid: true, units: 2), OrderWorld.Stated(2, paid: true, units: 1),
        Edit("5", 3, +1), OrderWorld.Stated(3, paid: true, units: 2),
    ];

    /// <summary>A refund of the snapshot's second that it does not list.</summary>
    private static readonly OrderChange[] RefundedAtOnce =
        [OrderWorld.Stated(0, paid: true, units: 2), Refund("7", 0, -1)];

    private static readonly OrderChange[] Amended =
    [
        OrderWorld.Stated(0),
        OrderWorld.Stated(1, paid: true),
        Refund("1", 2, -1),
        OrderWorld.Stated(3, paid: true, units: 1, refundIds: "1"),
        new OrderAmended(OrderWorld.Key,
        new Amendment(AmendmentKind.Edit, "9", OrderWorld.Noon.AddSeconds(4), [new AmendedLine("2", 1)])),
    ];

    /// <summary>Into the trash, out again and back into it: the storefront restates it when it takes it out.</summary>
    private static readonly OrderChange[] Trashed =
    [
        OrderWorld.Stated(0, paid: true), new OrderTrashed(OrderWorld.Key, OrderWorld.Noon.AddSeconds(1)),
        OrderWorld.Stated(2, paid: true) with { RestoredAt = OrderWorld.Noon.AddSeconds(3) },
        new OrderTrashed(OrderWorld.Key, OrderWorld.Noon.AddSeconds(4)),
    ];

    /// <summary>Released, and then the storefront says that all of it has gone.</summary>
    private static readonly OrderChange[] AllGone =
    [
        OrderWorld.Stated(0), OrderWorld.Stated(1, paid: true), new OrderStated(
            OrderWorld.Key, OrderWorld.Stated(2, paid: true).Snapshot with { AllGone = true }),
    ];

    private static readonly OrderChange[][] Lives =
        [Life, Life[..3], OneSecond, Amended, Triggered, EditedWithinASecond, EditedAtOnce, RefundedAtOnce,
        LineAddedAtOnce, LineAddedWithThePayment, UnitsAddedAtOnce, AddedAgain, Trashed, Trashed[..3], AllGone];

    [Fact]
    public void Every_permutation_and_duplication_of_a_life_ends_the_same()
    {
        foreach (var life in Lives)
        {
            var right = Outcome(life);
            foreach (var permutation in EveryOrder.Of(life))
            {
                Assert.Equal(right, Outcome(permutation));
                for (var twice = 0; twice < life.Length; twice++)
                {
                    for (var at = 0; at <= permutation.Length; at++)
                        Assert.Equal(right, Outcome([.. permutation[..at], life[twice], .. permutation[at..]]));
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_ends_the_same_wherever_the_warehouse_answers_in_between(bool stopsToChange)
    {
        Gen.Select(Gen.Int[0, Lives.Length - 1], Gen.Int[0, int.MaxValue], Gen.Bool.Array[12])
            .Sample((which, seed, answers) =>
        {
            var life = Lives[which];
            var order = life.ToArray();
            new Random(seed).Shuffle(order);
            var world = new OrderWorld { StopsToChange = stopsToChange };
            for (var i = 0; i < order.Length; i++)
            {
                world.Apply(order[i]);
                if (answers[i])
                    world.Answer();
                if (answers[i + 5])
                    world.AnswerAll();
            }

            Assert.Equal(Outcome(life), world.Outcome());
        }, iter: 2_000);
    }

    [Fact]
    public void A_cancelled_order_is_nowhere_and_a_paid_one_is_at_the_warehouse_once()
    {
        Assert.Equal(
            "Cancelled; 2026-11-23T12:00:03.0000000+00:00; 1: 0 to ship, 0 held, 0 at the warehouse; "
            + "2: 0 to ship, 0 held, 0 at the warehouse; ", Outcome(Life));
        Assert.Equal(
            "Released; 2026-11-23T12:00:02.0000000+00:00; 1: 3 to ship, 3 held, 3 at the warehouse; "
            + "2: 1 to ship, 1 held, 1 at the warehouse; ", Outcome(Life[..3]));
        Assert.Equal(
            "Released; 2026-11-23T12:00:03.0000000+00:00; 1: 1 to ship, 1 held, 1 at the warehouse; "
            + "2: 2 to ship, 2 held, 2 at the warehouse; 9", Outcome(Amended));
    }

    [Fact]
    public void An_order_out_of_the_trash_is_sent_and_one_that_has_gone_is_not()
    {
        Assert.StartsWith("Cancelled; ", Outcome(Trashed), StringComparison.Ordinal);
        Assert.Equal(
            "Released; 2026-11-23T12:00:02.0000000+00:00; 1: 2 to ship, 2 held, 2 at the warehouse; "
            + "2: 1 to ship, 1 held, 1 at the warehouse; ", Outcome(Trashed[..3]));
        Assert.Equal(
            "Shipped; 2026-11-23T12:00:02.0000000+00:00; 1: 0 to ship, 0 held, 0 at the warehouse; "
            + "2: 0 to ship, 0 held, 0 at the warehouse; ", Outcome(AllGone));
    }

    [Fact]
    public void An_edit_or_a_refund_of_the_snapshots_second_counts_once()
    {
        Assert.StartsWith("Released; ", Outcome(Triggered), StringComparison.Ordinal);
        Assert.Contains(" 1: 3 to ship, 3 held, 3 at the warehouse;", Outcome(EditedWithinASecond),
            StringComparison.Ordinal);
        Assert.Contains(" 1: 3 to ship, 3 held, 3 at the warehouse;", Outcome(EditedAtOnce), StringComparison.Ordinal);
        Assert.Contains(" 1: 1 to ship, 1 held, 1 at the warehouse;", Outcome(RefundedAtOnce),
            StringComparison.Ordinal);
        foreach (var added in (OrderChange[][])[LineAddedAtOnce, LineAddedWithThePayment])
        {
            Assert.Contains("; 3: 1 to ship, 1 held, 1 at the warehouse; ", Outcome(added), StringComparison.Ordinal);
        }

        Assert.Contains(" 1: 2 to ship, 2 held, 2 at the warehouse;", Outcome(AddedAgain), StringComparison.Ordinal);
        Assert.Contains(" 1: 5 to ship, 5 held, 5 at the warehouse;", Outcome(UnitsAddedAtOnce),
            StringComparison.Ordinal);
    }

    private static OrderStated Sent(int milliseconds, OrderStated stated, bool held = false) => stated with
    {
        Snapshot = stated.Snapshot with { TriggeredAt = OrderWorld.Noon.AddMilliseconds(milliseconds), Held = held },
    };

    private static OrderAmended Edit(string id, int second, int delta, string line = "1") => new(
        OrderWorld.Key, new Amendment(
            AmendmentKind.Edit, id, OrderWorld.Noon.AddSeconds(second), [new AmendedLine(line, delta)]));

    private static OrderStated WithLine(OrderStated stated) => stated with
    {
        Snapshot = stated.Snapshot with
        {
            Lines = [.. stated.Snapshot.Lines, new SnapshotLine { LineId = "3", Sku = "POT", Quantity = 1 }],
        },
    };

    internal static OrderAmended Refund(string id, int second, int delta) =>
        new(OrderWorld.Key, new Amendment(
            AmendmentKind.Refund, id, OrderWorld.Noon.AddSeconds(second), [new AmendedLine("1", delta)]));

    private static string Outcome(IEnumerable<OrderChange> changes)
    {
        var world = new OrderWorld();
        foreach (var change in changes)
            world.Apply(change);
        return world.Outcome();
    }
}
