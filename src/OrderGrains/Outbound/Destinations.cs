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
public sealed record Destination(DestinationLimits Limits, IDestination Connector);

/// <summary>How much a destination is asked at once.</summary>
public sealed class DestinationLimits
{
    /// <summary>Calls under way at once. Default 16.</summary>
    [Range(1, 1024)] public int CallsAtOnceMax { get; set; } = 16;

    /// <summary>Calls begun in any second. Default 100.</summary>
    [Range(1, 10_000)] public int CallsPerSecondMax { get; set; } = 100;
}
