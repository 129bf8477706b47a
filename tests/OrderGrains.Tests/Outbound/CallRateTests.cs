using OrderGrains.Outbound;
using Xunit;

namespace OrderGrains.Tests.Outbound;

public sealed class CallRateTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(1234)]
    public void In_no_second_begin_more_calls_than_may_and_in_the_long_run_no_fewer(int perSecond)
    {
        var rate = new CallRate();
        var begun = new List<DateTimeOffset>();
        for (var now = Start; now < Start.AddSeconds(5);)
        {
            if (rate.TryTake(perSecond, now, out var nextAt))
            {
                begun.Add(now);
                continue;
            }

            Assert.True(nextAt > now);
            now = nextAt;
        }

        for (var at = 0; at < begun.Count; at++)
        {
            var end = begun[at].AddSeconds(1);
            Assert.InRange(begun.Skip(at).TakeWhile(time => time < end).Count(), 1, perSecond);
            var tenth = begun[at].AddSeconds(0.1);
            Assert.InRange(
                begun.Skip(at).TakeWhile(time => time < tenth).Count(), 1, Math.Max(2, perSecond / 5));
        }

        Assert.InRange(begun.Count, perSecond * 5, (perSecond * 5) + 1);
    }

    [Fact]
    public void A_clock_that_was_set_back_stops_no_calls_for_long()
    {
        var rate = new CallRate();
        Assert.True(rate.TryTake(1, Start.AddHours(1), out _));
        Assert.True(rate.TryTake(1, Start, out _));
    }
}
