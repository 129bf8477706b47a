using CsCheck;
using OrderGrains.Bench.Measuring;
using Xunit;

namespace OrderGrains.Tests.Bench;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_quantile_is_never_off_by_more_than_a_fiftieth() =>
        Gen.Select(Gen.Long[0, 3_600_000_000_000].Array[1, 200], Gen.Double[0.01, 1.0]).Sample((nanoseconds, part) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var each in nanoseconds) histogram.Record(TimeSpan.FromTicks(each / 100));

            var exact = nanoseconds.Select(each => each / 100).Order()
                .ElementAt((int)Math.Ceiling(part * nanoseconds.Length) - 1);
            Assert.InRange(histogram.Quantile(part).Ticks, exact - 1, exact + (exact / 50) + 1);
        });

    [Fact]
    public void Merging_is_as_recording_all_in_one()
    {
        var (one, two, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var at = 1; at <= 1000; at++)
        {
            (at % 3 == 0 ? one : two).Record(TimeSpan.FromMicroseconds(at));
            both.Record(TimeSpan.FromMicroseconds(at));
        }

        one.Add(two);

        Assert.Equal(1000, one.Count);
        Assert.Equal(both.Quantile(0.5), one.Quantile(0.5));
        Assert.Equal(both.Quantile(0.999), one.Quantile(0.999));
    }

    [Fact]
    public void Nothing_recorded_is_no_latency() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Quantile(0.99));

    [Fact]
    public void What_is_out_of_range_counts_as_the_nearest_that_is_not()
    {
        var histogram = new LatencyHistogram();
        histogram.RecordTicks(-5);
        histogram.Record(TimeSpan.FromDays(3));

        Assert.Equal(TimeSpan.Zero, histogram.Quantile(0.5));
        Assert.True(histogram.Quantile(1) > TimeSpan.FromHours(2));
    }
}
