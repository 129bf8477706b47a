namespace OrderGrains.Outbound;

/// <summary>When a failed message is tried again. Pure.</summary>
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
    public static TimeSpan Delay(RetryOptions options, int failures, TimeSpan? retryAfter, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var doubled = options.DelayMin.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 40));
        var capped = Math.Min(doubled, options.DelayMax.TotalSeconds);
        var delay = TimeSpan.FromSeconds(capped * (0.5 + (chance / 2)));
        return retryAfter is { } asked && asked > delay ? asked : delay;
    }
}
