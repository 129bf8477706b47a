using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Outbound;

/// <summary>How failing calls are tried again (configuration section <c>Outbound</c>).</summary>
public sealed class RetryOptions
{
    /// <summary>Before the second attempt; doubles with each. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan DelayMin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>No delay is longer. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan DelayMax { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Failed attempts after which a message is parked. Default 100: about a day at the default delays.
    /// </summary>
    [Range(1, 10_000)]
    public int AttemptsMax { get; set; } = 100;

    /// <summary>
    /// No longer between two probes of a destination that fails as a whole, unless it asks for it: so soon its healing
    /// is seen. The first follows after <see cref="DelayMin"/>; each doubles the delay. Default 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ProbeDelayMax { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A message that fails when it is older than this is parked, however few its attempts. Default: attempts alone
    /// count.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan? AgeMax { get; set; }
}

/// <summary>
/// What one destination does otherwise than <see cref="RetryOptions"/> (its section <c>Retry</c>); null: the same.
/// </summary>
public sealed class RetryOverrides
{
    /// <inheritdoc cref="RetryOptions.DelayMin"/>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan? DelayMin { get; set; }

    /// <inheritdoc cref="RetryOptions.DelayMax"/>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan? DelayMax { get; set; }

    /// <inheritdoc cref="RetryOptions.AttemptsMax"/>
    [Range(1, 10_000)]
    public int? AttemptsMax { get; set; }

    /// <inheritdoc cref="RetryOptions.ProbeDelayMax"/>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan? ProbeDelayMax { get; set; }

    /// <inheritdoc cref="RetryOptions.AgeMax"/>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan? AgeMax { get; set; }

    public RetryOptions Over(RetryOptions all) => new()
    {
        DelayMin = DelayMin ?? all.DelayMin,
        DelayMax = DelayMax ?? all.DelayMax,
        AttemptsMax = AttemptsMax ?? all.AttemptsMax,
        ProbeDelayMax = ProbeDelayMax ?? all.ProbeDelayMax,
        AgeMax = AgeMax ?? all.AgeMax,
    };
}

/// <summary>The part of a destination's section that is the same for all kinds.</summary>
public sealed class DestinationSettings
{
    public RetryOverrides Retry { get; init; } = new();

    public ResumeWhenHealed ResumeWhenHealed { get; set; } = ResumeWhenHealed.Offer;
}
