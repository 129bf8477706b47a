using OrderGrains.Orders;
using Xunit;

namespace OrderGrains.Tests.Orders;

public sealed class TimelineKindTests
{
    [Theory]
    [InlineData(TimelineKind.OrderPartiallyShipped, "order.partially_shipped")]
    [InlineData(TimelineKind.ReleaseTooLate, "release.too_late")]
    [InlineData(TimelineKind.ReservationOrphanReleased, "reservation.orphan_released")]
    public void A_kind_is_spelled_as_station_and_verb(TimelineKind kind, string name) =>
        Assert.Equal(name, TimelineKindName.Of(kind));

    [Fact]
    public void No_two_kinds_are_spelled_alike() => Assert.Distinct(
        Enum.GetValues<TimelineKind>().Select(TimelineKindName.Of), StringComparer.Ordinal);
}
