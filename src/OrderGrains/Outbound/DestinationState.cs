namespace OrderGrains.Outbound;

/// <summary>What a destination must not forget over a restart.</summary>
[GenerateSerializer, Alias("OrderGrains.DestinationState")]
public sealed class DestinationState
{
    /// <summary>Why every call fails until someone acts; null when none does.</summary>
    [Id(0)] public string? BlockedReason { get; set; }

    /// <summary>No call before this.</summary>
    [Id(1)] public DateTimeOffset BlockedUntil { get; set; }
}
