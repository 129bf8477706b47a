using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Ingress;

public sealed class BurstThrottleTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    private readonly FakeTimeProvider time = new();
    private readonly BurstThrottle throttle;

    public BurstThrottleTests() => throttle = new BurstThrottle(time);

    public void Dispose() => throttle.Dispose();

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 100)]
    public void Nobody_gives_way_as_long_as_memory_has_room_or_few_webhooks_wait(bool full, int waiting)
    {
        if (full)
            throttle.LeftInDatabase();
        Arrive(waiting);
        Assert.False(throttle.IsBurst);
        for (var i = 0; i < 10; i++)
            Assert.True(AskAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task In_a_burst_a_receipt_is_begun_for_32_webhooks()
    {
        await BeginBurstAsync();
        var (first, second) = (AskAsync(), AskAsync());
        Assert.InRange(await ArriveUntilAsync(first), 32, int.MaxValue);
        Assert.False(second.IsCompleted);
        Assert.InRange(await ArriveUntilAsync(second), 32, int.MaxValue);
    }

    [Fact]
    public async Task A_burst_outlasts_the_lull_after_a_commit_and_no_more()
    {
        await BeginBurstAsync();
        var asked = AskAsync();
        for (var i = 0; i < 9; i++)
            throttle.Arrived();
        time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.True(throttle.IsBurst);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(throttle.IsBurst);
        await PassAsync(asked);
    }

    [Fact]
    public async Task A_burst_is_over_when_nothing_is_left_in_the_database()
    {
        await BeginBurstAsync();
        var asked = AskAsync();
        throttle.BacklogEnded();
        Assert.False(throttle.IsBurst);
        await PassAsync(asked);
    }

    [Fact]
    public async Task Load_that_lasts_for_30_seconds_is_no_burst_until_its_backlog_is_worked_off()
    {
        await BeginBurstAsync();
        for (var second = 0; second < 30; second++)
        {
            Assert.True(throttle.IsBurst);
            time.Advance(TimeSpan.FromSeconds(1));
            Arrive(1);
            throttle.LeftInDatabase();
        }

        Assert.False(throttle.IsBurst);
        throttle.BacklogEnded();
        throttle.LeftInDatabase();
        Assert.True(throttle.IsBurst);
    }

    /// <summary>Nine wait, memory is full, and the last receipt was begun just now.</summary>
    private async Task BeginBurstAsync()
    {
        throttle.LeftInDatabase();
        Arrive(40);
        for (var i = 0; i < 31; i++)
            throttle.Arrived();
        Assert.True(throttle.IsBurst);
        await AskAsync();
    }

    private void Arrive(int count)
    {
        for (var i = 0; i < count; i++)
            throttle.Arriving();
    }

    private Task AskAsync() => throttle.GiveWayAsync(TestContext.Current.CancellationToken).AsTask();

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
            throttle.Arrived();
            time.Advance(Step);
            return false;
        });
        return count;
    }

    /// <summary>It may still be looking: the clock goes on until it has seen that it may begin.</summary>
    private Task PassAsync(Task asked) => Eventually.TrueAsync(() =>
    {
        time.Advance(Step);
        return asked.IsCompleted;
    });
}
