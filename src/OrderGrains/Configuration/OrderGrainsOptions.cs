using System.ComponentModel.DataAnnotations;
using OrderGrains.Connectors;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Outbound;
using OrderGrains.Storage;

namespace OrderGrains.Configuration;

/// <summary>
/// The whole configuration (CONTRACT section 1). Checked by <see cref="ConfigurationCheck"/> at start.
/// </summary>
public sealed class OrderGrainsOptions
{
    /// <summary>Where SQLite, keys and the admin key live. Default <c>data</c> under the working directory.</summary>
    [Required] public string DataDirectory { get; set; } = "data";

    public StorageOptions Storage { get; init; } = new();
    public ClusterOptions Cluster { get; init; } = new();
    public ApiOptions Api { get; init; } = new();
    public IngressOptions Ingress { get; init; } = new();
    public RetryOptions Outbound { get; init; } = new();
    public IDictionary<string, SourceOptions> Sources { get; init; } =
        new Dictionary<string, SourceOptions>(StringComparer.Ordinal);
    public IDictionary<string, WarehouseOptions> Warehouses { get; init; } =
        new Dictionary<string, WarehouseOptions>(StringComparer.Ordinal);

    /// <summary>Sold SKUs that stand for stocked ones, with the units of each in one. None by default.</summary>
    public IDictionary<string, IDictionary<string, int>> Bundles { get; init; } =
        new Dictionary<string, IDictionary<string, int>>(StringComparer.Ordinal);
}

/// <summary>This process's part in the cluster. On SQLite it is the whole cluster.</summary>
public sealed class ClusterOptions
{
    public ClusterRole Role { get; set; } = ClusterRole.All;
    [Required] public string ClusterId { get; set; } = "ordergrains";
    [Required] public string ServiceId { get; set; } = "ordergrains";

    /// <summary>Default: a free port, since on SQLite no other silo will ever connect.</summary>
    [Range(1, 65535)] public int? SiloPort { get; set; }

    /// <summary>Default: a free port.</summary>
    [Range(1, 65535)] public int? GatewayPort { get; set; }
}

/// <summary>Roles that this version has.</summary>
public enum ClusterRole
{
    All,
}
