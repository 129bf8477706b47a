using System.Collections.Concurrent;

namespace OrderGrains.Sandbox.Shops;

/// <summary>
/// A trading day of the make-believe shop: a few orders a second, each with its own plot, and now and then someone who
/// forges a signature. The same seed tells the same stories.
/// </summary>
public sealed class ShopScenario(Shop shop, int seed, TimeProvider time, Action<ShopOrder?, string>? say = null)
{
    private const int ForgedEvery = 20;

    private readonly Random _random = new(seed);
    private readonly ConcurrentQueue<OrderStory> _told = new();

    /// <summary>Default 2.</summary>
    public double OrdersPerSecond { get; init; } = 2;

    /// <summary>Orders whose create has its 200.</summary>
    public int Acknowledged => _told.Count(story => story.Acknowledged);

    /// <summary>Forged webhooks that the product took all the same; each is a fault of the product.</summary>
    public int ForgeriesTaken { get; private set; }

    /// <summary>Runs until the token ends it, or until <paramref name="ordersMax"/> stories are told.</summary>
    public async Task RunAsync(CancellationToken cancellation, int ordersMax = int.MaxValue)
    {
        var stories = new List<Task>();
        try
        {
            for (var told = 1; told <= ordersMax; told++)
            {
                stories.RemoveAll(story => story.IsCompletedSuccessfully);
                var story = OrderStory.Begin(shop, Plots.Draw(_random), time, TimeSpan.FromSeconds(1.5), say);
                _told.Enqueue(story);
                stories.Add(story.TellAsync(cancellation));
                if (told % ForgedEvery == ForgedEvery / 2) await ForgeAsync(story.OrderId, cancellation);
                // Between half and one and a half of the even pace: customers do not come by the clock.
                var pause = TimeSpan.FromSeconds((0.5 + _random.NextDouble()) / OrdersPerSecond);
                await Task.Delay(pause, time, cancellation);
            }
            await Task.WhenAll(stories);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAll(stories).ContinueWith(_ => { }, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ForgeAsync(long orderId, CancellationToken cancellation)
    {
        var outcome = await shop.SendOnceAsync(Shop.Forge(shop.Restate(orderId)), cancellation);
        if (outcome.Acknowledged) ForgeriesTaken++;
        say?.Invoke(null, outcome.Acknowledged
            ? "a FORGED webhook was taken: the product is broken"
            : $"someone sends a forged webhook; the answer is {(int?)outcome.LastStatus}");
    }
}
