using CsCheck;
using OrderGrains.Outbound;
using Xunit;

namespace OrderGrains.Tests.Outbound;

public sealed class RetryScheduleProperties
{
    /// <summary>Seconds as a double round to it.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly Gen<RetryOptions> Options = Gen.Select(Gen.Int[10, 60_000], Gen.Int[0, 900_000])
        .Select((min, more) => new RetryOptions
        {
            DelayMin = TimeSpan.FromMilliseconds(min),
            DelayMax = TimeSpan.FromMilliseconds(min + more),
        });

    [Fact]
    public void A_delay_is_within_its_bounds_and_grows_until_it_is_capped() =>
        Gen.Select(Options, Gen.Int[1, 200], Gen.Double[0, 1]).Sample((options, failures, chance) =>
        {
            var delay = RetrySchedule.Delay(options, failures, null, chance);
            Assert.InRange(delay, (options.DelayMin / 2) - Tick, options.DelayMax);
            var doubled = RetrySchedule.Delay(options, failures + 1, null, chance);
            Assert.True(doubled >= delay);
            Assert.InRange(RetrySchedule.Delay(options, 200, null, 1), options.DelayMax - Tick, options.DelayMax);
            if (delay * 2 <= options.DelayMax / 2)
                Assert.InRange(doubled / delay, 1.999, 2.001);
        });

    [Fact]
    public void No_delay_ends_before_the_destination_asked_for() =>
        Gen.Select(Options, Gen.Int[1, 200], Gen.Double[0, 1], Gen.Int[0, 4_000_000])
        .Sample((options, failures, chance, asked) =>
        {
            var retryAfter = TimeSpan.FromMilliseconds(asked);
            var delay = RetrySchedule.Delay(options, failures, retryAfter, chance);
            Assert.True(delay >= retryAfter);
            Assert.True(delay >= RetrySchedule.Delay(options, failures, null, chance));
            Assert.True(delay == retryAfter || delay == RetrySchedule.Delay(options, failures, null, chance));
        });
}
