using OrderGrains.Orders;
using Orleans.Streams;

namespace OrderGrains.Console;

/// <summary>
/// Brings the cluster's stream of order changes to the consoles that are open on this process: an agent.
/// </summary>
internal sealed class LiveFeedAgent(IClusterClient cluster, LiveFeed feed) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stream = cluster.GetStreamProvider(OrderFeed.ProviderName).GetStream<OrderChanged[]>(OrderFeed.Stream);
        var subscription = await stream.SubscribeAsync((batch, _) =>
        {
            foreach (var change in batch)
                feed.Publish(change);
            return Task.CompletedTask;
        });
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stoppingToken.UnsafeRegister(_ => stopped.TrySetResult(), null))
            await stopped.Task;
        await subscription.UnsubscribeAsync();
    }
}
