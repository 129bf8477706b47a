using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>Which of two snapshots of one second is the newer.</summary>
public sealed class SnapshotVersionTests
{
    private static readonly OrderSnapshot Known = OrderWorld.Stated(5, units: 3).Snapshot;

    [Fact]
    public void The_same_content_is_the_same_version_however_often_it_was_sent()
    {
        Assert.Equal(0, SnapshotVersion.Compare(OrderWorld.Stated(5, units: 3).Snapshot, Known));
        Assert.Equal(0, SnapshotVersion.Compare(Known with { TriggeredAt = OrderWorld.Noon }, Known));
    }

    [Fact]
    public void A_later_second_wins_whatever_it_says() => AssertNewer(
        OrderWorld.Stated(6, units: 9).Snapshot, Known with { Cancelled = true });

    [Fact]
    public void Within_a_second_cancelled_beats_not() => AssertNewer(
        Known with { Cancelled = true }, Known with { RefundIds = ["1", "2"], TriggeredAt = OrderWorld.Noon });

    [Fact]
    public void Then_more_refunds_beat_fewer() => AssertNewer(
        Known with { RefundIds = ["1"] }, OrderWorld.Stated(5, units: 1).Snapshot);

    [Fact]
    public void Then_fewer_units_beat_more() => AssertNewer(
        OrderWorld.Stated(5, units: 2).Snapshot with { TriggeredAt = OrderWorld.Noon },
        Known with { TriggeredAt = OrderWorld.Noon.AddMilliseconds(1) });

    [Fact]
    public void Then_the_one_that_was_sent_later() => AssertNewer(
        Known with { Held = true, TriggeredAt = OrderWorld.Noon.AddMilliseconds(2) },
        Known with { Payment = Payment.Paid, TriggeredAt = OrderWorld.Noon.AddMilliseconds(1) });

    [Fact]
    public void Then_the_one_whose_payment_has_come_farther()
    {
        AssertNewer(Known with { Payment = Payment.Paid }, Known);
        AssertNewer(Known with { Payment = Payment.Ended }, Known with { Payment = Payment.Paid });
    }

    [Fact]
    public void And_in_the_end_the_one_that_came_later()
    {
        Assert.True(SnapshotVersion.Compare(Known with { Number = "#1" }, Known with { Number = "#2" }) > 0);
        Assert.True(SnapshotVersion.Compare(Known with { Number = "#2" }, Known with { Number = "#1" }) > 0);
    }

    /// <summary>Whichever of them comes first.</summary>
    private static void AssertNewer(OrderSnapshot newer, OrderSnapshot older)
    {
        Assert.True(SnapshotVersion.Compare(newer, older) > 0);
        Assert.True(SnapshotVersion.Compare(older, newer) < 0);
    }
}
