using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using OrderGrains.Orders;

namespace OrderGrains.Console;

/// <summary>Hands order changes to the consoles that are open on this process. Publishing never waits.</summary>
public sealed class LiveFeed
{
    /// <summary>Changes kept for one slow subscriber; beyond it the oldest go, and it is told so.</summary>
    public const int PerSubscriberMax = 64;

    /// <summary>Consoles open at once on one process.</summary>
    public const int SubscribersMax = 256;

    private readonly ConcurrentDictionary<LiveSubscription, bool> subscriptions = new();
    private int count;

    public void Publish(OrderChanged change)
    {
        foreach (var (subscription, _) in subscriptions)
            subscription.Offer(change);
    }

    /// <summary>False when too many are open. Dispose the subscription to leave.</summary>
    public bool TrySubscribe([NotNullWhen(true)] out LiveSubscription? subscription)
    {
        subscription = null;
        if (Interlocked.Increment(ref count) > SubscribersMax)
        {
            Interlocked.Decrement(ref count);
            return false;
        }

        subscription = new LiveSubscription(this);
        subscriptions[subscription] = true;
        return true;
    }

    internal void Leave(LiveSubscription subscription)
    {
        if (subscriptions.TryRemove(subscription, out _))
            Interlocked.Decrement(ref count);
    }
}

/// <summary>One console's place in the feed.</summary>
public sealed class LiveSubscription : IDisposable
{
    private readonly LiveFeed feed;
    private readonly Channel<OrderChanged> channel;
    private int lost;

    internal LiveSubscription(LiveFeed feed)
    {
        this.feed = feed;
        var options = new BoundedChannelOptions(LiveFeed.PerSubscriberMax)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        };
        channel = Channel.CreateBounded<OrderChanged>(options, _ => Interlocked.Exchange(ref lost, 1));
    }

    public ChannelReader<OrderChanged> Changes => channel.Reader;

    /// <summary>Whether changes were lost since this was last asked: then anything may have changed.</summary>
    public bool TakeLost() => Interlocked.Exchange(ref lost, 0) == 1;

    public void Dispose() => feed.Leave(this);

    internal void Offer(OrderChanged change) => channel.Writer.TryWrite(change);
}
