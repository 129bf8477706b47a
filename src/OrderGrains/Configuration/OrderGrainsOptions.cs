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

    /// <summary>
    /// The IP address that the other processes reach this silo at. Default: loopback.
    /// </summary>
    [Required] public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>
    /// The IP address that this silo listens at, when it is not the one that it is reached at: in a container with
    /// published ports, or behind address translation. The ports are the same. Default: the advertised address alone.
    /// </summary>
    public string? ListenAddress { get; set; }

    /// <summary>For the other silos. Default: a free port.</summary>
    [Range(1, 65535)] public int? SiloPort { get; set; }

    /// <summary>For the gateways. Default: a free port.</summary>
    [Range(1, 65535)] public int? GatewayPort { get; set; }

    /// <summary>
    /// Takes name and address from the pod, and leaves the cluster when the pod goes; <see cref="AdvertisedAddress"/>
    /// does not count. Default: no.
    /// </summary>
    public bool Kubernetes { get; set; }
}

/// <summary>Parts that a process can play. A role other than All needs PostgreSQL.</summary>
public enum ClusterRole
{
    /// <summary>Web server and silo.</summary>
    All,

    /// <summary>Web server: webhooks, API, console. The grains live on the silos.</summary>
    Gateway,

    /// <summary>Silo: no webhooks, but health, metrics, console and dashboard.</summary>
    Silo,
}
