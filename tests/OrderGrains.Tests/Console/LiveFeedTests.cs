using OrderGrains.Console;
using OrderGrains.Orders;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class LiveFeedTests
{
    private static OrderChanged Change(int number) => new($"acme/{number}", OrderStatus.Released, ConsoleHost.Now);

    [Fact]
    public void Everyone_hears_and_who_left_does_not()
    {
        var feed = new LiveFeed();
        Assert.True(feed.TrySubscribe(out var first));
        Assert.True(feed.TrySubscribe(out var second));
        second.Dispose();
        feed.Publish(Change(1));
        Assert.True(first.Changes.TryRead(out var heard));
        Assert.Equal("acme/1", heard.OrderKey);
        Assert.False(second.Changes.TryRead(out _));
    }

    [Fact]
    public void The_slow_lose_the_oldest_and_are_told()
    {
        var feed = new LiveFeed();
        Assert.True(feed.TrySubscribe(out var slow));
        foreach (var number in Enumerable.Range(0, LiveFeed.PerSubscriberMax + 2))
            feed.Publish(Change(number));
        Assert.True(slow.Changes.TryRead(out var oldest));
        Assert.Equal("acme/2", oldest.OrderKey);
        Assert.True(slow.TakeLost());
        Assert.False(slow.TakeLost());
    }

    [Fact]
    public void A_crowd_is_turned_away_and_a_place_is_free_again()
    {
        var feed = new LiveFeed();
        var subscriptions = Enumerable.Range(0, LiveFeed.SubscribersMax).Select(_ =>
        {
            Assert.True(feed.TrySubscribe(out var subscription));
            return subscription;
        }).ToList();
        Assert.False(feed.TrySubscribe(out _));
        subscriptions[0].Dispose();
        subscriptions[0].Dispose();
        Assert.True(feed.TrySubscribe(out _));
        Assert.False(feed.TrySubscribe(out _));
    }

    [Fact]
    public async Task The_pages_hear_of_a_changed_order()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        using var reader = new StreamReader(await browser.StreamAsync("/console/live"));
        var ended = TestContext.Current.CancellationToken;
        Assert.Equal("event: ping", await reader.ReadLineAsync(ended));
        host.Live.Publish(Change(7));
        string? line;
        do
            line = await reader.ReadLineAsync(ended);
        while (line != "event: changed");
        Assert.Equal(
            """data: {"orderKey":"acme/7","status":"released","at":"2026-03-01T12:00:00Z"}""",
            await reader.ReadLineAsync(ended));
    }

    [Fact]
    public async Task Nobody_listens_without_a_session()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Browse().GetAsync("/console/live");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
