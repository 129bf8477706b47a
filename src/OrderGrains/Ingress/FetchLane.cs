using OrderGrains.Connectors;
using OrderGrains.Connectors.Fetching;

namespace OrderGrains.Ingress;

/// <summary>One source's receipts that wait for what is fetched: bounded, and a few calls at once.</summary>
/// <param name="source">The source's name.</param>
/// <param name="rules">How it is fetched.</param>
/// <param name="tools">What is called with.</param>
internal sealed class FetchLane(string source, FetchRules rules, CallTools tools) : IDisposable
{
    /// <summary>Receipts that may wait here; the others wait in the database.</summary>
    public const int WaitingMax = 4_096;

    /// <summary>Bytes of their bodies: most are short, since they say no more than where the order is.</summary>
    public const long WaitingBytesMax = 32 * 1024 * 1024;

    private readonly SemaphoreSlim slots = new(rules.Options.CallsAtOnceMax);
    private readonly Lock sync = new();
    private int waiting;
    private long bytes;
    private int failing;

    public string Source => source;

    public Fetcher Fetcher { get; } = new(rules, tools);

    /// <summary>Calls under way now.</summary>
    public int Calls => rules.Options.CallsAtOnceMax - slots.CurrentCount;

    /// <summary>One was turned away, and more than half of what fits is here still.</summary>
    public bool IsFull { get; private set; }

    /// <summary>False when it does not fit. One that is here alone always does.</summary>
    public bool TryEnter(int bodyBytes)
    {
        lock (sync)
        {
            IsFull |= waiting >= WaitingMax || (waiting > 0 && bytes + bodyBytes > WaitingBytesMax);
            if (IsFull)
                return false;
            (waiting, bytes) = (waiting + 1, bytes + bodyBytes);
            return true;
        }
    }

    public void Leave(int bodyBytes)
    {
        lock (sync)
        {
            (waiting, bytes) = (waiting - 1, bytes - bodyBytes);
            IsFull &= waiting > WaitingMax / 2 || bytes > WaitingBytesMax / 2;
        }
    }

    /// <summary>Runs a call once there is room for it.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancelled)
    {
        await slots.WaitAsync(cancelled);
        try
        {
            return await call();
        }
        finally
        {
            slots.Release();
        }
    }

    public void Dispose() => slots.Dispose();

    /// <summary>Notes whether the host answers. True when that is news.</summary>
    public bool IsNews(bool fails) => Interlocked.Exchange(ref failing, fails ? 1 : 0) != (fails ? 1 : 0);
}
