using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Ingress;

public sealed class BurstThrottleTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly BurstThrottle _throttle;

    public BurstThrottleTests() => _throttle = new BurstThrottle(_time);

    public void Dispose() => _throttle.Dispose();

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 100)]
    public void Nobody_gives_way_as_long_as_few_receipts_or_few_webhooks_wait(bool behind, int waiting)
    {
        if (behind)
            _throttle.FellBehind();
        Arrive(waiting);
        Assert.False(_throttle.IsBurst);
        for (var i = 0; i < 10; i++)
            Assert.True(AskAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task In_a_burst_16_receipts_are_begun_for_512_webhooks()
    {
        await BeginBurstAsync();
        var asked = Enumerable.Range(0, 32).Select(_ => AskAsync()).ToArray();
        Assert.InRange(await ArriveUntilAsync(asked[0]), 512, int.MaxValue);
        await PassAsync(asked[15]);
        Assert.False(asked[16].IsCompleted);
        Assert.InRange(await ArriveUntilAsync(asked[16]), 400, int.MaxValue);
        await PassAsync(asked[31]);
    }

    [Fact]
    public async Task A_burst_lasts_as_long_as_a_commit_that_many_wait_for()
    {
        await BeginBurstAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_throttle.IsBurst);
    }

    [Fact]
    public async Task A_burst_outlasts_the_lull_after_a_commit_and_no_more()
    {
        await BeginBurstAsync();
        var asked = AskAsync();
        for (var i = 0; i < 9; i++)
            _throttle.Arrived();
        _time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.True(_throttle.IsBurst);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_throttle.IsBurst);
        await PassAsync(asked);
    }

    [Fact]
    public async Task A_burst_is_over_when_the_applying_has_caught_up()
    {
        await BeginBurstAsync();
        var asked = AskAsync();
        _throttle.CaughtUp();
        Assert.False(_throttle.IsBurst);
        await PassAsync(asked);
    }

    [Fact]
    public async Task Load_that_lasts_for_30_seconds_is_no_burst_until_its_backlog_is_worked_off()
    {
        await BeginBurstAsync();
        for (var second = 0; second < 30; second++)
        {
            Assert.True(_throttle.IsBurst);
            _time.Advance(TimeSpan.FromSeconds(1));
            Arrive(1);
            _throttle.FellBehind();
        }

        Assert.False(_throttle.IsBurst);
        _throttle.CaughtUp();
        _throttle.FellBehind();
        Assert.True(_throttle.IsBurst);
    }

    /// <summary>Nine wait, the applying is behind, and the last receipts were begun just now.</summary>
    private async Task BeginBurstAsync()
    {
        _throttle.FellBehind();
        Arrive(520);
        for (var i = 0; i < 511; i++)
            _throttle.Arrived();
        Assert.True(_throttle.IsBurst);
        for (var i = 0; i < 16; i++)
            await AskAsync();
    }

    private void Arrive(int count)
    {
        for (var i = 0; i < count; i++)
            _throttle.Arriving();
    }

    private Task AskAsync() => _throttle.GiveWayAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>One webhook every 2 ms; how many had come when the caller could begin.</summary>
    private async Task<int> ArriveUntilAsync(Task asked)
    {
        var count = 0;
        await Eventually.TrueAsync(() =>
        {
            if (asked.IsCompleted)
                return true;
            count++;
            Arrive(1);
            _throttle.Arrived();
            _time.Advance(Step);
            return false;
        });
        return count;
    }

    /// <summary>It may still be looking: the clock goes on until it has seen that it may begin.</summary>
    private Task PassAsync(Task asked) => Eventually.TrueAsync(() =>
    {
        _time.Advance(Step);
        return asked.IsCompleted;
    });
}
