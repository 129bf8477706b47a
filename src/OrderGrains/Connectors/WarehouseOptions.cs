using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Connectors;

/// <summary>
/// A warehouse system (WMS) and the locations that it serves (CONTRACT section 1, <c>Warehouses</c>).
/// </summary>
public sealed class WarehouseOptions
{
    [Required] public WarehouseKind? Kind { get; set; }

    /// <summary>Where CONTRACT section 3 is served; paths are appended.</summary>
    [Required] public Uri? BaseUrl { get; set; }

    /// <summary>Signs our requests with the first by Standard Webhooks; unsigned when empty.</summary>
    public IList<string> Secrets { get; init; } = [];

    [MinLength(1)] public IList<string> Locations { get; init; } = [];

    /// <summary>Calls under way at once. Default 16.</summary>
    [Range(1, 1024)] public int CallsAtOnceMax { get; set; } = 16;

    /// <summary>Calls begun in any second. Default 100.</summary>
    [Range(1, 10_000)] public int CallsPerSecondMax { get; set; } = 100;

    /// <summary>
    /// One call in all, in seconds. Default 10; well under the 30 s after which a grain call gives up.
    /// </summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 10;
}

/// <summary>Kinds of warehouse that this version speaks.</summary>
public enum WarehouseKind
{
    Http,
}
