namespace OrderGrains.Sandbox.Warehouses;

/// <summary>Counts calls as systems do that allow so many in any minute.</summary>
/// <param name="callsMax">So many.</param>
/// <param name="time">The clock.</param>
internal sealed class CallWindow(int callsMax, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<DateTimeOffset> _calls = new();

    public int CallsMax { get; set; } = callsMax;

    /// <summary>All calls so far, refused ones too.</summary>
    public int Calls { get; private set; }

    /// <summary>A call that does not count for the minute.</summary>
    public T Refuse<T>(T answer)
    {
        lock (_calls) Calls++;
        return answer;
    }

    /// <summary>Null when the call may go on; otherwise how long to wait.</summary>
    public TimeSpan? Take(out int left)
    {
        lock (_calls)
        {
            Calls++;
            var now = time.GetUtcNow();
            while (_calls.TryPeek(out var oldest) && oldest + Window <= now) _calls.Dequeue();
            left = Math.Max(0, CallsMax - _calls.Count - 1);
            if (_calls.Count >= CallsMax) return _calls.Count == 0 ? Window : _calls.Peek() + Window - now;
            _calls.Enqueue(now);
            return null;
        }
    }
}
