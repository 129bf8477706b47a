namespace OrderGrains;

/// <summary>
/// Whether this process still belongs to its cluster, as far as it can know. One that stood still for longer than the
/// others tolerate may be dead to them: until it has read what they wrote, it must not act as one of them. One that
/// they declared dead never comes back: it ends.
/// </summary>
/// <param name="time">The clocks.</param>
/// <param name="tolerated">
/// A standstill that no other declares dead for; null on a lone silo, since nobody else is there.
/// </param>
internal sealed class Membership(TimeProvider time, TimeSpan? tolerated = null)
{
    private readonly TaskCompletionSource<string> _excluded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When somebody last looked, by the clock's timestamps; 0: it has not begun.</summary>
    private long _lookedAt;

    /// <summary>The same by the date: what suspends a whole machine may stop the other clock with it.</summary>
    private long _lookedAtTicks;

    /// <summary>Standstills so far, each counted at least once.</summary>
    private long _standstills;

    /// <summary>Of them, those after which the membership was read.</summary>
    private long _settled;

    /// <summary>The latest standstill.</summary>
    private long _lastedTicks;

    /// <summary>Ends, with the reason, once this process is no member any more.</summary>
    public Task<string> Excluded => _excluded.Task;

    /// <summary>How long the latest standstill lasted.</summary>
    public TimeSpan Lasted => TimeSpan.FromTicks(Volatile.Read(ref _lastedTicks));

    /// <summary>
    /// False after a standstill, and for ever once it is excluded. Whoever looks is also the sign that the process
    /// runs: with many who look, a busy machine's late timer is no standstill.
    /// </summary>
    public bool IsCertain
    {
        get
        {
            Look();
            return !_excluded.Task.IsCompleted && Volatile.Read(ref _settled) == Volatile.Read(ref _standstills);
        }
    }

    /// <summary>From now on somebody looks again and again.</summary>
    public void Begin()
    {
        Volatile.Write(ref _lookedAtTicks, time.GetUtcNow().UtcTicks);
        Volatile.Write(ref _lookedAt, time.GetTimestamp());
    }

    /// <summary>What is in doubt now: for <see cref="Settle"/>, once the membership was read after this.</summary>
    public long Doubt() => Volatile.Read(ref _standstills);

    /// <summary>The membership was read after the doubt arose, and this process is a member.</summary>
    public void Settle(long doubt) => Volatile.Write(ref _settled, doubt);

    /// <summary>This process is no member any more. The first reason counts.</summary>
    /// <returns>False when it was known.</returns>
    public bool Exclude(string reason) => _excluded.TrySetResult(reason);

    private void Look()
    {
        var before = Volatile.Read(ref _lookedAt);
        if (before == 0 || tolerated is not { } max)
            return;
        var (now, date) = (time.GetTimestamp(), time.GetUtcNow().UtcTicks);
        var stood = Math.Max(
            time.GetElapsedTime(before, now).Ticks, date - Volatile.Read(ref _lookedAtTicks));
        if (stood > max.Ticks)
        {
            // Before the look is remembered: whoever sees that somebody has just looked sees the doubt too.
            Volatile.Write(ref _lastedTicks, stood);
            Interlocked.Increment(ref _standstills);
        }

        Volatile.Write(ref _lookedAtTicks, date);
        Volatile.Write(ref _lookedAt, now);
    }
}
