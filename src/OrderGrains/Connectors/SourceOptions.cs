using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Connectors;

/// <summary>A configured sender of webhooks (CONTRACT section 1, <c>Sources</c>).</summary>
public sealed class SourceOptions
{
    [Required] public SourceKind? Kind { get; set; }

    /// <summary>Every secret that is live now, newest first: a signature by any of them is authentic.</summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>CIDR networks that may send; empty admits every address.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Locations that the source's orders may ship from, the preferred first. Storefronts only.</summary>
    public IList<string> Locations { get; init; } = [];

    /// <summary>The warehouse whose events come here. <see cref="SourceKind.Warehouse"/> only.</summary>
    public string? Warehouse { get; set; }

    /// <summary>When an order may go to the warehouse. Default: when it is paid.</summary>
    public ReleaseWhen ReleaseWhen { get; set; } = ReleaseWhen.Paid;

    /// <summary>
    /// How far a signed timestamp may lie from now, either way. Default 5 minutes (Standard Webhooks).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Kinds of source that this version speaks.</summary>
public enum SourceKind
{
    Shopify,
    Warehouse,
}

/// <summary>What must be so before an order is released.</summary>
public enum ReleaseWhen
{
    Paid,
    Placed,
}
