using System.Net;
using System.Net.Sockets;
using OrderGrains.Orders;
using OrderGrains.Storage;
using OrderGrains.Storage.Postgres;
using OrderGrains.Telemetry;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace OrderGrains;

/// <summary>Orleans in this process: a silo, or on a gateway a client of the silos.</summary>
internal static class ClusterServices
{
    /// <summary>Orders and stock calls that may wait at one grain; more are refused and come again.</summary>
    private const int EnqueuedRequestsMax = 10_000;

    /// <summary>
    /// Grains whose silo is remembered, and so called without asking the directory: the stock in use and the orders
    /// under way. Orleans' own limit is a million. The table alone then takes 8 MB, the dashboard reads all of it once
    /// a second to count what it holds, and an order stays there until as many others have come.
    /// </summary>
    private const int KnownPlacesMax = 50_000;

    /// <summary>How often a gateway looks for silos that came.</summary>
    private static readonly TimeSpan SilosReadEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long a gateway waits before it looks again for the first silo.</summary>
    private static readonly TimeSpan ConnectEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a grain may take to go: a destination waits for its calls in hand, most of which end in 10 s. Less than
    /// the process has to stop.
    /// </summary>
    private static readonly TimeSpan DeactivationMax = TimeSpan.FromSeconds(15);

    public static void AddSilo(this WebApplicationBuilder builder, OrderGrainsOptions options) =>
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton(s => new Membership(
                s.GetRequiredService<TimeProvider>(),
                options.Storage.Kind == StorageKind.Postgres ? MembershipWatch.Tolerated : null));
            silo.Services.AddSingleton<IFatalErrorHandler, FatalErrors>();
            if (options.Storage.Kind == StorageKind.Postgres)
                AddClusteredSilo(silo, options);
            else
                AddLoneSilo(silo, options);
            if (options.ClusterTls is { } tls)
                silo.UseTls(tls.Configure);
            // A filter around every call, which only traces need.
            if (builder.Traces())
                silo.AddActivityPropagation();
            silo.AddMemoryStreams(OrderFeed.ProviderName);
            silo.AddDashboard(dashboard => dashboard.HideTrace = true);
            silo.Configure<SiloMessagingOptions>(o => o.MaxEnqueuedRequestsHardLimit = EnqueuedRequestsMax);
            // At 95 % of the processors or 90 % of the memory, what gateways send is refused and comes again later.
            silo.Configure<LoadSheddingOptions>(o => o.LoadSheddingEnabled = true);
            // The usual placement leaves out silos that shed load; when all of them do, it puts every new grain of the
            // cluster on the first (ResourceOptimizedPlacementDirector).
            silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
            silo.Configure<GrainDirectoryOptions>(o => o.CacheSize = KnownPlacesMax);
            silo.Configure<GrainCollectionOptions>(o =>
            {
                o.EnableActivationSheddingOnMemoryPressure = true;
                o.DeactivationTimeout = DeactivationMax;
            });
        });

    /// <summary>
    /// The client is started by <see cref="ClusterConnection"/>, which does not hold up the web server.
    /// </summary>
    public static void AddGateway(this WebApplicationBuilder builder, OrderGrainsOptions options)
    {
        var services = builder.Services;
        var before = services.ToHashSet();
        builder.UseOrleansClient(client =>
        {
            client.AddPostgresOrleans(options.Storage.ConnectionString!);
            client.Configure<Orleans.Configuration.ClusterOptions>(o => Name(o, options.Cluster));
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = SilosReadEvery);
            client.UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(ConnectEvery, TimeProvider.System, cancellation);
                return true;
            });
            if (options.ClusterTls is { } tls)
                client.UseTls(tls.Configure);
            if (builder.Traces())
                client.AddActivityPropagation();
            client.AddMemoryStreams(OrderFeed.ProviderName);
        });
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && !before.Contains(s)));
        services.AddSingleton<ClusterConnection>();
        services.AddSingleton<IClusterConnectionStatusObserver>(s => s.GetRequiredService<ClusterConnection>());
        services.AddHostedService(s => s.GetRequiredService<ClusterConnection>());
    }

    private static void AddLoneSilo(ISiloBuilder silo, OrderGrainsOptions options)
    {
        silo.UseLocalhostClustering(
            options.Cluster.SiloPort ?? FreePort(IPAddress.Loopback),
            options.Cluster.GatewayPort ?? FreePort(IPAddress.Loopback),
            serviceId: options.Cluster.ServiceId, clusterId: options.Cluster.ClusterId);
        silo.AddSqliteOrleans(options.DataDirectory);
        silo.AddMemoryGrainStorage("PubSubStore");
    }

    private static void AddClusteredSilo(ISiloBuilder silo, OrderGrainsOptions options)
    {
        var cluster = options.Cluster;
        var address = IPAddress.Parse(cluster.AdvertisedAddress);
        var listen = cluster.ListenAddress is null ? null : IPAddress.Parse(cluster.ListenAddress);
        silo.AddPostgresOrleans(options.Storage.ConnectionString!);
        silo.Configure<Orleans.Configuration.ClusterOptions>(o => Name(o, cluster));
        silo.Configure<EndpointOptions>(o =>
        {
            // Kubernetes' own part fills in the pod's address where none is set.
            if (!cluster.Kubernetes)
                o.AdvertisedIPAddress = address;
            o.SiloPort = cluster.SiloPort ?? FreePort(listen ?? address);
            o.GatewayPort = cluster.GatewayPort ?? FreePort(listen ?? address);
            if (listen is not null)
            {
                o.SiloListeningEndpoint = new IPEndPoint(listen, o.SiloPort);
                o.GatewayListeningEndpoint = new IPEndPoint(listen, o.GatewayPort);
            }
        });
        silo.Configure<ClusterMembershipOptions>(Tune);
        if (cluster.Kubernetes)
            silo.UseKubernetesHosting();
    }

    /// <summary>
    /// A silo that dies is declared dead within 10 s; one that stops for 2 s, to collect garbage, is not.
    /// </summary>
    private static void Tune(ClusterMembershipOptions membership)
    {
        // Three probes in a row must fail. A killed process refuses the connection: three periods, at most 7.5 s. A
        // machine that vanished lets each probe run out: one period and three timeouts, at most 10 s.
        membership.NumMissedProbesLimit = 3;
        // Orleans measures how fast a silo answers, and waits no less and no longer than these. A pause of 2 s fails
        // at most two probes of 1.5 s; the third is answered.
        membership.ProbeTimeout = TimeSpan.FromSeconds(2);
        membership.MinProbeTimeout = TimeSpan.FromSeconds(1.5);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2.5);
        // Two silos must agree, so that one with a broken network cannot put the others out; of two silos one is
        // enough.
        membership.NumVotesForDeathDeclaration = 2;
        // When all died at once there is nobody left to declare them dead, and the first that starts again waits for
        // them until they have given no sign of life for these three periods.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        membership.NumMissedTableIAmAliveLimit = 3;
        // A silo that was cut off, and did not stand still, learns within this that it was declared dead. Orleans' own
        // period is a minute, for which such a silo would go on in vain.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // Nobody asks after a dead silo for longer than a day; its row only makes each read longer.
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }

    private static void Name(Orleans.Configuration.ClusterOptions orleans, ClusterSettings cluster) =>
        (orleans.ClusterId, orleans.ServiceId) = (cluster.ClusterId, cluster.ServiceId);

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
