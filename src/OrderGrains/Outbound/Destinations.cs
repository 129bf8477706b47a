using System.ComponentModel.DataAnnotations;
using OrderGrains.Connectors;

namespace OrderGrains.Outbound;

/// <summary>The configured destinations.</summary>
public sealed class Destinations(IReadOnlyDictionary<string, Destination> byName)
{
    public IEnumerable<string> Names => byName.Keys;

    /// <summary>Null when the name is not configured (any more).</summary>
    public Destination? Find(string name) => byName.GetValueOrDefault(name);
}

/// <summary>One configured destination.</summary>
/// <param name="Limits">How much it is asked at once.</param>
/// <param name="Retry">How its failing calls are tried again.</param>
/// <param name="Connector">The edge to it.</param>
/// <param name="ResumeWhenHealed">What becomes of messages that were given up, once it is back.</param>
public sealed record Destination(
    DestinationLimits Limits, RetryOptions Retry, IDestination Connector,
    ResumeWhenHealed ResumeWhenHealed = ResumeWhenHealed.Offer);

/// <summary>
/// What becomes of messages that were given up once their destination is back. Those that it refused stay parked.
/// </summary>
public enum ResumeWhenHealed
{
    /// <summary>The console says so, and offers to resume them.</summary>
    Offer,

    /// <summary>They are resumed by themselves.</summary>
    Yes,

    /// <summary>Nothing.</summary>
    No,
}

/// <summary>How much a destination is asked at once.</summary>
public sealed class DestinationLimits
{
    /// <summary>Calls under way at once. Default: its kind's, mostly 16.</summary>
    [Range(1, 1024)] public int CallsAtOnceMax { get; set; } = 16;

    /// <summary>Calls begun in any second. Default: its kind's, mostly 100.</summary>
    [Range(1, 10_000)] public int CallsPerSecondMax { get; set; } = 100;
}
