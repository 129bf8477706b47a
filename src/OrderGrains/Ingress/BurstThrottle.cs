namespace OrderGrains.Ingress;

/// <summary>
/// Lets the applying give way to webhooks while more come than can be applied at once: to apply fast then would cost
/// those who wait for their 200, and hasten no order that is not late already (decision 16).
/// </summary>
internal sealed class BurstThrottle(TimeProvider time) : IDisposable
{
    /// <summary>More webhooks than this under way at once wait for each other's commits.</summary>
    private const int ArrivingMax = 8;

    /// <summary>In a burst as many receipts are begun at once: together they share statements and flushes.</summary>
    private const int BegunAtOnce = 16;

    /// <summary>They are begun for so many webhooks. To apply one takes about as much as to acknowledge six.</summary>
    private const int ArrivedForBegun = 32 * BegunAtOnce;

    /// <summary>How often it is looked whether so many have come.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// A burst outlasts the moment in which a commit has just answered all who waited, and the next have not come.
    /// </summary>
    private static readonly TimeSpan Lull = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// What lasts longer is no burst but the load as it is, and a backlog is worked off at full speed alone.
    /// </summary>
    private static readonly TimeSpan BurstMax = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Webhooks that wait for their receipt's commit.</summary>
    private int _arriving;

    /// <summary>Webhooks that have ever come.</summary>
    private long _arrived;

    /// <summary>How many had come when receipts of a burst were last begun.</summary>
    private long _arrivedAtLastBegun;

    /// <summary>How many more may be begun before others must have come.</summary>
    private int _toBegin;

    /// <summary>When one of many was last answered; by the clock's timestamps, as the next.</summary>
    private long _crowdedAt;

    /// <summary>Since when more receipts wait than are applied in a moment; 0: they do not.</summary>
    private long _behindSince;

    /// <summary>Many receipts wait to be applied, and many webhooks for their 200; but not for long yet.</summary>
    public bool IsBurst => Volatile.Read(ref _behindSince) is var since and not 0
        && time.GetElapsedTime(since) < BurstMax
        && (IsCrowd(Volatile.Read(ref _arriving)) || time.GetElapsedTime(Volatile.Read(ref _crowdedAt)) < Lull);

    /// <summary>A webhook waits for its receipt's commit; <see cref="Arrived"/> follows.</summary>
    public void Arriving()
    {
        Interlocked.Increment(ref _arrived);
        Interlocked.Increment(ref _arriving);
    }

    /// <summary>It waits no more.</summary>
    public void Arrived()
    {
        if (IsCrowd(Interlocked.Decrement(ref _arriving) + 1))
            Volatile.Write(ref _crowdedAt, time.GetTimestamp());
    }

    /// <summary>More receipts wait than are applied in a moment.</summary>
    public void FellBehind()
    {
        if (Volatile.Read(ref _behindSince) == 0)
            Interlocked.CompareExchange(ref _behindSince, time.GetTimestamp(), 0);
    }

    /// <summary>No longer so, and none is left in the database.</summary>
    public void CaughtUp() => Volatile.Write(ref _behindSince, 0);

    /// <summary>
    /// Ends when the caller may begin a receipt: at once, or in a burst after all who asked before, each in turn.
    /// </summary>
    public async ValueTask GiveWayAsync(CancellationToken cancellation)
    {
        if (!IsBurst)
            return;
        await _turn.WaitAsync(cancellation);
        try
        {
            while (IsBurst && _toBegin == 0 && Volatile.Read(ref _arrived) - _arrivedAtLastBegun < ArrivedForBegun)
                await Task.Delay(LookPeriod, time, cancellation);
            if (_toBegin == 0)
                (_toBegin, _arrivedAtLastBegun) = (BegunAtOnce, Volatile.Read(ref _arrived));
            _toBegin--;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static bool IsCrowd(int arriving) => arriving > ArrivingMax;
}
