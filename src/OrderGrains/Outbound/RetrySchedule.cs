namespace OrderGrains.Outbound;

/// <summary>When a failed message is tried again, and when a failing destination is. Pure.</summary>
public static class RetrySchedule
{
    /// <summary>
    /// Exponential with full jitter in the upper half, capped: attempts of many messages spread out. A destination's
    /// Retry-After (RFC 9110 section 10.2.3) is obeyed when it is later.
    /// </summary>
    /// <param name="options">The bounds.</param>
    /// <param name="failures">Attempts that failed so far, at least 1.</param>
    /// <param name="retryAfter">What the destination asked for.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan Delay(RetryOptions options, int failures, TimeSpan? retryAfter, double chance) =>
        Delay(options.DelayMin, options.DelayMax, failures, retryAfter, chance);

    /// <summary>The same between two probes of a destination, with their own cap.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="probe">Which one is to come, 1 for the first.</param>
    /// <param name="retryAfter">What the destination asked for.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan ProbeDelay(RetryOptions options, int probe, TimeSpan? retryAfter, double chance) =>
        Delay(options.DelayMin, options.ProbeDelayMax, probe, retryAfter, chance);

    /// <summary>
    /// When a message is looked at again whose goods are on hold: each time later, by a quarter of its age, up to an
    /// hour. A hold of days is then a line an hour in its order's timeline.
    /// </summary>
    /// <param name="age">Of the message.</param>
    /// <param name="after">No sooner than this.</param>
    public static TimeSpan HeldDelay(TimeSpan age, TimeSpan after)
    {
        var later = TimeSpan.FromSeconds(Math.Min(age.TotalSeconds / 4, 3600));
        return later > after ? later : after;
    }

    private static TimeSpan Delay(TimeSpan min, TimeSpan max, int failures, TimeSpan? retryAfter, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var doubled = min.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 40));
        var capped = Math.Min(doubled, max.TotalSeconds);
        var delay = TimeSpan.FromSeconds(capped * (0.5 + (chance / 2)));
        return retryAfter is { } asked && asked > delay ? asked : delay;
    }
}
