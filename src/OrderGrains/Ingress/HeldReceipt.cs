using OrderGrains.Vocabulary;
using Orleans.Serialization;

namespace OrderGrains.Ingress;

/// <summary>A receipt with a place in memory, and what its tries have come to. One worker at a time has it.</summary>
/// <param name="receipt">The receipt, pending.</param>
/// <param name="letGo">Cancelled: others may claim it, and it is not tried here any more.</param>
/// <param name="room">Where it has its bytes; null where nobody counts.</param>
internal sealed class HeldReceipt(Receipt receipt, CancellationToken letGo, HeldRoom? room = null)
{
    public static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(15);

    /// <summary>How many of its kind had passed when it last failed; null when it has not failed.</summary>
    private long? _passedAtFailure;

    private TimeSpan _nextDelay = DelayMin;

    public Receipt Receipt => receipt;

    public CancellationToken LetGo => letGo;

    /// <summary>Another has it in memory now, and lets go of its bytes.</summary>
    public bool IsElsewhere { get; set; }

    /// <summary>What is done with it just now.</summary>
    public Task Trying { get; set; } = Task.CompletedTask;

    /// <summary>It is out of memory.</summary>
    public void ReturnBytes() => room?.ReturnBytes(receipt);

    /// <summary>Failures that count against it.</summary>
    public int Strikes { get; private set; }

    /// <summary>
    /// It failed. That counts against it when another of its kind took effect since it failed last, and the first time;
    /// and never when the failure is of what lies between the receipt and its grain.
    /// </summary>
    /// <param name="exception">How.</param>
    /// <param name="passed">How many of its kind took effect so far.</param>
    public bool Fail(Exception exception, long passed)
    {
        var counts = !IsOfTheWay(exception) && (_passedAtFailure is not { } before || passed > before);
        _passedAtFailure = passed;
        Strikes += counts ? 1 : 0;
        return counts;
    }

    /// <summary>How long to wait before the next try: twice as long as before, up to a bound.</summary>
    public TimeSpan TakeDelay()
    {
        var delay = _nextDelay;
        _nextDelay = delay * 2 < DelayMax ? delay * 2 : DelayMax;
        return delay;
    }

    /// <summary>
    /// The database is away, a silo came or went or has another configuration, a grain has more waiting than it takes,
    /// or this process stops: that passes, and no receipt is to blame. All that Orleans says of itself is of that sort,
    /// as when another silo cannot even put into words how its database failed; what a grain throws comes as the grain
    /// threw it.
    /// </summary>
    private static bool IsOfTheWay(Exception exception) => exception is
        StorageException { IsRefusal: false } or SourceUnknownException or OrleansException or SerializerException
        or TimeoutException or OperationCanceledException or ObjectDisposedException;
}
