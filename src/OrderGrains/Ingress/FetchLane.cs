using OrderGrains.Connectors;
using OrderGrains.Connectors.Fetching;

namespace OrderGrains.Ingress;

/// <summary>
/// One source's receipts that wait for what is fetched: bounded, a few calls at once, and no faster than its host
/// bears.
/// </summary>
/// <param name="source">The source's name.</param>
/// <param name="fetching">How it is fetched.</param>
/// <param name="tools">What is called with.</param>
internal sealed class FetchLane(string source, IFetching fetching, CallTools tools) : IDisposable
{
    /// <summary>Receipts that may wait here; the others wait in the database.</summary>
    public const int WaitingMax = 4_096;

    private readonly SemaphoreSlim _slots = new(fetching.CallsAtOnceMax);
    private readonly Lock _sync = new();
    private int _waiting;
    private int _failing;
    private long _next = tools.Time.GetTimestamp();

    public string Source => source;

    public IFetcher Fetcher { get; } = fetching.Open(tools);

    /// <summary>Calls under way now.</summary>
    public int Calls => fetching.CallsAtOnceMax - _slots.CurrentCount;

    /// <summary>One was turned away, and more than half of what fits is here still.</summary>
    public bool IsFull { get; private set; }

    /// <summary>False when it does not fit.</summary>
    public bool TryEnter()
    {
        lock (_sync)
        {
            IsFull |= _waiting >= WaitingMax;
            if (!IsFull)
                _waiting++;
            return !IsFull;
        }
    }

    public void Leave()
    {
        lock (_sync)
            IsFull &= --_waiting > WaitingMax / 2;
    }

    /// <summary>Runs a call once there is room for it.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancelled)
    {
        await _slots.WaitAsync(cancelled);
        try
        {
            if (TakeTurn() is { Ticks: > 0 } wait)
                await Task.Delay(wait, tools.Time, cancelled);
            return await call();
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>How long until this call may begin.</summary>
    private TimeSpan TakeTurn()
    {
        lock (_sync)
        {
            var now = tools.Time.GetTimestamp();
            var begin = Math.Max(_next, now);
            _next = begin + (long)(fetching.Pause.TotalSeconds * tools.Time.TimestampFrequency);
            return tools.Time.GetElapsedTime(now, begin);
        }
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>Notes whether the host answers. True when that is news.</summary>
    public bool IsNews(bool fails) => Interlocked.Exchange(ref _failing, fails ? 1 : 0) != (fails ? 1 : 0);
}
