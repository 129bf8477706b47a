using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>A warehouse that sends the events of our own protocol.</summary>
internal sealed class WarehouseSourceKind : ISourceKind
{
    public string Name => "Warehouse";

    public bool IsStorefront => false;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<WarehouseSourceOptions>();
        StandardWebhooks.CheckKeys(options.Secrets, settings);
        return new WarehouseSource(options, storefronts);
    }
}

/// <summary>Settings of a source of kind <c>Warehouse</c> (CONTRACT section 1).</summary>
public sealed class WarehouseSourceOptions
{
    /// <summary>
    /// Every secret or public key that is live now, newest first: a signature by any of them is authentic.
    /// </summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>The warehouse whose events come here.</summary>
    [Required] public string? Warehouse { get; set; }

    /// <summary>
    /// How far a signed timestamp may lie from now, either way. Default 5 minutes (Standard Webhooks).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(5);
}
