namespace OrderGrains.Ingress;

/// <summary>So many a second, and so many at once. Safe for many threads.</summary>
/// <param name="perSecond">How fast it fills.</param>
/// <param name="burst">How many it holds; it is full at first.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly Lock _sync = new();
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    public bool IsFull
    {
        get
        {
            lock (_sync)
                return Filled() >= _burst;
        }
    }

    /// <summary>Time until there is one: zero when there is.</summary>
    public TimeSpan UntilOne
    {
        get
        {
            lock (_sync)
                return TimeSpan.FromSeconds(Math.Max(0, (1 - Filled()) / perSecond));
        }
    }

    /// <summary>Takes one; false when there is none.</summary>
    public bool TryTake()
    {
        lock (_sync)
        {
            if (Filled() < 1)
                return false;
            _tokens--;
            return true;
        }
    }

    private double Filled()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (perSecond * time.GetElapsedTime(_filledAt, now).TotalSeconds));
        _filledAt = now;
        return _tokens;
    }
}
