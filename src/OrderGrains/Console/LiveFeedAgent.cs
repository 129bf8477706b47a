using OrderGrains.Orders;
using Orleans.Streams;

namespace OrderGrains.Console;

/// <summary>
/// Brings the cluster's stream of order changes to the consoles that are open on this process: an agent. Orleans
/// strikes off a subscriber that it could not reach, be it dead or only slow; so this one looks now and then that it
/// still is one. What a dead process leaves behind is struck off with the next change.
/// </summary>
internal sealed partial class LiveFeedAgent(
    IClusterClient cluster, LiveFeed feed, TimeProvider time, ILogger<LiveFeedAgent> log) : Agent
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Leaving is a courtesy: the process does not wait long for it.</summary>
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(2);

    private StreamSubscriptionHandle<OrderChanged[]>? _subscription;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await (_subscription?.UnsubscribeAsync().WaitAsync(LeaveMax, time, cancellationToken)
                ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            NotLeft(exception);
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                await SubscribeAsync();
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                NotSubscribed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task SubscribeAsync()
    {
        var stream = cluster.GetStreamProvider(OrderFeed.ProviderName).GetStream<OrderChanged[]>(OrderFeed.Stream);
        if (_subscription is not null && (await stream.GetAllSubscriptionHandles()).Contains(_subscription))
            return;
        _subscription = await stream.SubscribeAsync((batch, _) =>
        {
            foreach (var change in batch)
                feed.Publish(change);
            return Task.CompletedTask;
        });
    }

    [LoggerMessage(1, LogLevel.Debug, "The live feed is not heard; again soon", EventName = "feed.not_subscribed")]
    private partial void NotSubscribed(Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "The live feed was not left", EventName = "feed.not_left")]
    private partial void NotLeft(Exception exception);
}
