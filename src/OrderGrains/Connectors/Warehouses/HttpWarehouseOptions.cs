using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>Settings of a warehouse of kind <c>Http</c> (CONTRACT section 1).</summary>
public sealed class HttpWarehouseOptions
{
    /// <summary>Where CONTRACT section 3 is served; paths are appended.</summary>
    [Required] public Uri? BaseUrl { get; set; }

    /// <summary>Signs our requests with the first by Standard Webhooks; unsigned when empty.</summary>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>
    /// One call in all, in seconds. Default 10; well under the 30 s after which a grain call gives up.
    /// </summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 10;
}
