using System.ComponentModel.DataAnnotations;
using OrderGrains.Connectors;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage;
using OrderGrains.Wire;

namespace OrderGrains;

/// <summary>
/// The whole configuration (CONTRACT section 1). Checked by <see cref="ConfigurationCheck"/> at start.
/// </summary>
public sealed class OrderGrainsOptions
{
    /// <summary>Where SQLite, keys and the admin key live. Default <c>data</c> under the working directory.</summary>
    [Required] public string DataDirectory { get; set; } = "data";

    public StorageOptions Storage { get; init; } = new();
    public ClusterSettings Cluster { get; init; } = new();
    public ApiOptions Api { get; init; } = new();
    public IngressOptions Ingress { get; init; } = new();
    public RetryOptions Outbound { get; init; } = new();

    /// <summary>Senders, each read by its kind.</summary>
    internal Dictionary<string, ConfiguredSource> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Warehouses, each read by its kind.</summary>
    internal Dictionary<string, ConfiguredWarehouse> Warehouses { get; } = new(StringComparer.Ordinal);

    /// <summary>Who hears of events, each read by its kind.</summary>
    internal Dictionary<string, ConfiguredSubscriber> Subscribers { get; } = new(StringComparer.Ordinal);

    /// <summary>Certificates that are served over HTTPS, each by its setting's path.</summary>
    internal Dictionary<string, CertificateFile> Served { get; set; } = [];

    /// <summary>How silos and gateways prove themselves; null: they do not.</summary>
    internal ClusterTls? ClusterTls { get; set; }

    /// <summary>Sold SKUs that stand for stocked ones, with the units of each in one. None by default.</summary>
    public IDictionary<string, IDictionary<string, int>> Bundles { get; init; } =
        new Dictionary<string, IDictionary<string, int>>(StringComparer.Ordinal);
}

/// <summary>A configured sender.</summary>
/// <param name="Kind">The name of its kind.</param>
/// <param name="Source">The sender.</param>
/// <param name="Policy">What becomes of its orders; null when it places none.</param>
/// <param name="Shop">The way back to it; null when it is told of nothing.</param>
internal sealed record ConfiguredSource(
    string Kind, Source Source, OrderPolicyOptions? Policy, ConfiguredShop? Shop = null);

/// <summary>A configured way back to a storefront.</summary>
/// <param name="Destination">How it is called.</param>
/// <param name="Shop">What it is told.</param>
internal sealed record ConfiguredShop(ConfiguredDestination Destination, Shop Shop);

/// <summary>A configured warehouse.</summary>
/// <param name="Destination">How it is called.</param>
/// <param name="Locations">The locations that it serves.</param>
internal sealed record ConfiguredWarehouse(ConfiguredDestination Destination, IReadOnlyList<string> Locations);

/// <summary>A configured subscriber.</summary>
/// <param name="Destination">How it is called.</param>
/// <param name="Subscription">What it hears of.</param>
internal sealed record ConfiguredSubscriber(ConfiguredDestination Destination, Subscription Subscription);

/// <summary>What every destination has, whatever goes there.</summary>
/// <param name="Limits">How much it is asked at once.</param>
/// <param name="Retry">How its failing calls are tried again.</param>
/// <param name="ResumeWhenHealed">What becomes of messages that were given up, once it is back.</param>
/// <param name="Connect">Opens it.</param>
internal sealed record ConfiguredDestination(
    DestinationLimits Limits, RetryOptions Retry, ResumeWhenHealed ResumeWhenHealed,
    Func<CallTools, IDestination> Connect)
{
    public Destination Open(CallTools tools) => new(Limits, Retry, Connect(tools), ResumeWhenHealed);
}

/// <summary>This process's part in the cluster. On SQLite it is the whole cluster.</summary>
public sealed class ClusterSettings
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

    /// <summary>
    /// Mutual TLS between silos, and between gateways and silos: the same for all processes of a cluster.
    /// Default: none.
    /// </summary>
    public ClusterTlsSettings? Tls { get; set; }
}

/// <summary>What the processes of a cluster prove themselves to each other by.</summary>
public sealed class ClusterTlsSettings
{
    /// <summary>This process's certificate, for servers and clients alike.</summary>
    public CertificateSettings Certificate { get; init; } = new();

    /// <summary>A PEM file: those who may have signed the others' certificates.</summary>
    [Required] public string Authorities { get; set; } = "";

    /// <summary>The DNS name that each process's certificate must be for, such as <c>silo.internal</c>.</summary>
    [Required] public string Name { get; set; } = "";
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
