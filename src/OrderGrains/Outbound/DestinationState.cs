namespace OrderGrains.Outbound;

/// <summary>What a destination must not forget over a restart: its breaker, and that a person paused it.</summary>
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

    /// <summary>Null when nobody paused it.</summary>
    [Id(5)] public Pause? Pause { get; set; }

    /// <summary>When the breaker last closed; null when it never was open.</summary>
    [Id(6)] public DateTimeOffset? HealedAt { get; set; }

    /// <summary>When <see cref="BlockedUntil"/> was set, by the clock of the silo that set it.</summary>
    [Id(7)] public DateTimeOffset BlockedAt { get; set; }
}

/// <summary>A person wants a destination to be left alone.</summary>
/// <param name="By">The name of their key.</param>
/// <param name="Reason">In their words.</param>
/// <param name="Since">When they said so.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.Pause")]
public sealed record Pause(
    [property: Id(0)] string By, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset Since);
