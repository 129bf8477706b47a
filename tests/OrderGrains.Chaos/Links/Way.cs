namespace OrderGrains.Chaos.Links;

/// <summary>
/// One direction of a link. What is held is neither lost nor told to anybody, as packets that a broken network drops
/// are sent again by TCP until they pass. Faults may overlap: it passes when the last of them is over.
/// </summary>
internal sealed class Way
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _delays = [];
    private int _holds;
    private TaskCompletionSource? _held;

    public TimeSpan Delay
    {
        get
        {
            lock (_lock) return _delays.Aggregate(TimeSpan.Zero, (sum, each) => sum + each);
        }
    }

    /// <summary>Nothing passes until what is returned is disposed of.</summary>
    public IDisposable Hold()
    {
        lock (_lock)
        {
            _holds++;
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Undo(() =>
        {
            lock (_lock)
            {
                if (--_holds > 0) return;
                _held!.SetResult();
                _held = null;
            }
        });
    }

    /// <summary>Everything passes late until what is returned is disposed of.</summary>
    public IDisposable Slow(TimeSpan delay)
    {
        lock (_lock) _delays.Add(delay);
        return new Undo(() =>
        {
            lock (_lock) _delays.Remove(delay);
        });
    }

    /// <summary>Ends when it passes.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task held;
            lock (_lock)
            {
                if (_held is null) return;
                held = _held.Task;
            }

            await held.WaitAsync(cancellation);
        }
    }
}
