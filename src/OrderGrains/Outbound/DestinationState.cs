namespace OrderGrains.Outbound;

/// <summary>What a destination must not forget over a restart: its breaker.</summary>
[GenerateSerializer, Alias("OrderGrains.DestinationState")]
public sealed class DestinationState
{
    /// <summary>Why the breaker is open, for people; null when it is closed.</summary>
    [Id(0)] public string? BlockedReason { get; set; }

    /// <summary>No call before this, while the breaker is open.</summary>
    [Id(1)] public DateTimeOffset BlockedUntil { get; set; }

    [Id(2)] public DateTimeOffset OpenSince { get; set; }

    /// <summary>Our credentials are refused: nothing helps until a person acts.</summary>
    [Id(3)] public bool Unauthorized { get; set; }

    /// <summary>Since the breaker opened.</summary>
    [Id(4)] public int ProbesFailed { get; set; }
}
