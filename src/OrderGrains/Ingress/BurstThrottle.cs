namespace OrderGrains.Ingress;

/// <summary>
/// Lets the applying give way to webhooks while more come than can be applied at once: to apply fast then would cost
/// those who wait for their 200, and hasten no order that is not late already (decision 16).
/// </summary>
internal sealed class BurstThrottle(TimeProvider time) : IDisposable
{
    /// <summary>More webhooks than this under way at once wait for each other's commits.</summary>
    private const int ArrivingMax = 8;

    /// <summary>
    /// In a burst one receipt is begun for so many webhooks. To apply it takes about as much as to acknowledge six.
    /// </summary>
    private const int ArrivedForOneBegun = 32;

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

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Webhooks that wait for their receipt's commit.</summary>
    private int arriving;

    /// <summary>Webhooks that have ever come.</summary>
    private long arrived;

    /// <summary>How many had come when the last receipt of a burst was begun.</summary>
    private long arrivedAtLastBegun;

    /// <summary>When many waited last; by the clock's timestamps, as the next.</summary>
    private long crowdedAt;

    /// <summary>Since when receipts are left in the database; 0: none are.</summary>
    private long backlogSince;

    /// <summary>Receipts are left in the database, and many webhooks wait; but not for long yet.</summary>
    public bool IsBurst => Volatile.Read(ref backlogSince) is var since and not 0
        && time.GetElapsedTime(since) < BurstMax && time.GetElapsedTime(Volatile.Read(ref crowdedAt)) < Lull;

    /// <summary>A webhook waits for its receipt's commit; <see cref="Arrived"/> follows.</summary>
    public void Arriving()
    {
        Interlocked.Increment(ref arrived);
        if (Interlocked.Increment(ref arriving) > ArrivingMax)
            Volatile.Write(ref crowdedAt, time.GetTimestamp());
    }

    /// <summary>It waits no more.</summary>
    public void Arrived() => Interlocked.Decrement(ref arriving);

    /// <summary>Memory is full: a receipt was left in the database.</summary>
    public void LeftInDatabase() => Interlocked.CompareExchange(ref backlogSince, time.GetTimestamp(), 0);

    /// <summary>None is left there.</summary>
    public void BacklogEnded() => Volatile.Write(ref backlogSince, 0);

    /// <summary>
    /// Ends when the caller may begin a receipt: at once, or in a burst after all who asked before, each in turn.
    /// </summary>
    public async ValueTask GiveWayAsync(CancellationToken cancellation)
    {
        if (!IsBurst)
            return;
        await turn.WaitAsync(cancellation);
        try
        {
            while (IsBurst && Volatile.Read(ref arrived) - arrivedAtLastBegun < ArrivedForOneBegun)
                await Task.Delay(LookPeriod, time, cancellation);
            arrivedAtLastBegun = Volatile.Read(ref arrived);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
