using System.Threading.Channels;

namespace OrderGrains.Orders;

/// <summary>
/// The live feed of order changes on the Orleans stream <see cref="ProviderName"/>, for the console and for users' own
/// grains: one batch per silo and moment. It may lose items, so nothing rests on it.
/// </summary>
internal sealed partial class OrderFeed(IClusterClient cluster, TimeProvider time, ILogger<OrderFeed> log)
    : Agent
{
    public const string ProviderName = "live";

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    private readonly Channel<OrderChanged> _changes = Channel.CreateBounded<OrderChanged>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>The stream that every silo publishes to.</summary>
    public static StreamId Stream { get; } = StreamId.Create("orders", "all");

    public void Publish(OrderChanged change) => _changes.Writer.TryWrite(change);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var stream = cluster.GetStreamProvider(ProviderName).GetStream<OrderChanged[]>(Stream);
        while (await _changes.Reader.WaitToReadAsync(stopping))
        {
            await Task.Delay(Gathering, time, stopping);
            var batch = new List<OrderChanged>();
            while (batch.Count < 1000 && _changes.Reader.TryRead(out var change))
                batch.Add(change);
            try
            {
                await stream.OnNextAsync([.. batch]);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                Lost(exception, batch.Count);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "{Count} changes are lost to the live feed", EventName = "feed.lost")]
    private partial void Lost(Exception exception, int count);
}

/// <summary>An order has committed a change.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderChanged")]
public sealed record OrderChanged(
    [property: Id(0)] string OrderKey, [property: Id(1)] OrderStatus Status, [property: Id(2)] DateTimeOffset At);
