using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Ingress;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>How many receipts may wait for a host.</summary>
public sealed class FetchLaneTests : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly GuardedHttp _guarded = new();
    private readonly FetchLane _lane;

    public FetchLaneTests() => _lane = new FetchLane(
        "shop", FetchWorld.Rules("shop.example", """, "CallsAtOnceMax": 1 """),
        new CallTools(_http, TimeProvider.System, _guarded));

    public void Dispose()
    {
        _lane.Dispose();
        _http.Dispose();
        _guarded.Dispose();
    }

    [Fact]
    public void One_that_was_full_takes_no_more_until_half_of_it_is_free()
    {
        for (var at = 0; at < FetchLane.WaitingMax; at++)
            Assert.True(_lane.TryEnter());
        Assert.False(_lane.IsFull);
        Assert.False(_lane.TryEnter());
        Assert.True(_lane.IsFull);

        for (var at = 0; at < FetchLane.WaitingMax / 2; at++)
        {
            Assert.False(_lane.TryEnter());
            _lane.Leave();
        }

        Assert.False(_lane.IsFull);
        Assert.True(_lane.TryEnter());
    }

    [Fact]
    public async Task A_call_waits_until_another_is_over()
    {
        var first = new TaskCompletionSource<int>();
        var cancelled = TestContext.Current.CancellationToken;
        var one = _lane.CallAsync(() => first.Task, cancelled);
        var two = _lane.CallAsync(() => Task.FromResult(2), cancelled);
        Assert.False(two.IsCompleted);

        first.SetResult(1);

        Assert.Equal((1, 2), (await one, await two));
    }

    [Fact]
    public async Task Calls_begin_no_faster_than_the_host_bears()
    {
        var time = new FakeTimeProvider();
        var cancelled = TestContext.Current.CancellationToken;
        using var lane = new FetchLane(
            "shop", FetchRules.At(new Uri("https://shop.example"), new FetchOptions(), [], TimeSpan.FromSeconds(1)),
            new CallTools(_http, time, _guarded));
        Assert.Equal(1, await lane.CallAsync(() => Task.FromResult(1), cancelled));

        var two = lane.CallAsync(() => Task.FromResult(2), cancelled);
        var three = lane.CallAsync(() => Task.FromResult(3), cancelled);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(two.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, await two);
        Assert.False(three.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, await three);
    }

    [Fact]
    public void Only_what_changes_is_news()
    {
        Assert.False(_lane.IsNews(fails: false));
        Assert.True(_lane.IsNews(fails: true));
        Assert.False(_lane.IsNews(fails: true));
        Assert.True(_lane.IsNews(fails: false));
    }
}
