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

    private readonly ConcurrentDictionary<LiveSubscription, bool> _subscriptions = new();
    private int _count;

    public void Publish(OrderChanged change)
    {
        foreach (var (subscription, _) in _subscriptions)
            subscription.Offer(change);
    }

    /// <summary>False when too many are open. Dispose the subscription to leave.</summary>
    public bool TrySubscribe([NotNullWhen(true)] out LiveSubscription? subscription)
    {
        subscription = null;
        if (Interlocked.Increment(ref _count) > SubscribersMax)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        subscription = new LiveSubscription(this);
        _subscriptions[subscription] = true;
        return true;
    }

    internal void Leave(LiveSubscription subscription)
    {
        if (_subscriptions.TryRemove(subscription, out _))
            Interlocked.Decrement(ref _count);
    }
}

/// <summary>One console's place in the feed.</summary>
public sealed class LiveSubscription : IDisposable
{
    private readonly LiveFeed _feed;
    private readonly Channel<OrderChanged> _channel;
    private int _lost;

    internal LiveSubscription(LiveFeed feed)
    {
        _feed = feed;
        var options = new BoundedChannelOptions(LiveFeed.PerSubscriberMax)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        };
        _channel = Channel.CreateBounded<OrderChanged>(options, _ => Interlocked.Exchange(ref _lost, 1));
    }

    public ChannelReader<OrderChanged> Changes => _channel.Reader;

    /// <summary>Whether changes were lost since this was last asked: then anything may have changed.</summary>
    public bool TakeLost() => Interlocked.Exchange(ref _lost, 0) == 1;

    public void Dispose() => _feed.Leave(this);

    internal void Offer(OrderChanged change) => _channel.Writer.TryWrite(change);
}
