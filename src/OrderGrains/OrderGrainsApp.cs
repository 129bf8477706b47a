using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration.Memory;
using OrderGrains.Configuration;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Connectors.Wms;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage;
using OrderGrains.Telemetry;
using Orleans.Configuration;

namespace OrderGrains;

/// <summary>The product as one web application: for <c>Program</c>, the sandbox and tests.</summary>
public static class OrderGrainsApp
{
    /// <summary>Orders and stock calls that may wait at one grain; more are refused and come again.</summary>
    private const int EnqueuedRequestsMax = 10_000;

    /// <summary>SIGTERM ends the process within 30 s (CONTRACT section 6); the rest is for the runtime.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    /// <summary>Our own log lines, and of others what is wrong; configuration may say otherwise.</summary>
    private static readonly Dictionary<string, string?> LogDefaults = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:OrderGrains"] = "Information",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ ",
    };

    /// <exception cref="ConfigurationException">The configuration has mistakes.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogDefaults });
        var configuration = ConfigurationLayers.Read(args);
        var options = ConfigurationCheck.Read(configuration);
        builder.Configuration.AddConfiguration(configuration);
        configure?.Invoke(builder);

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemCodes.Complete);
        builder.AddSilo(options);
        builder.AddStations(options);
        builder.Services.AddHostedService<LiveFeedAgent>();
        builder.AddTelemetry();
        builder.AddOperatorConsole();

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapPost("/webhooks/v1/{source}",
            (string source, HttpContext http, WebhookEndpoint endpoint) => endpoint.ReceiveAsync(source, http))
            // Ingress:BodyBytesMax is the limit; the web server's own would be in its way.
            .WithMetadata(new DisableRequestSizeLimitAttribute());
        app.MapTelemetry();
        app.MapOperatorConsole();
        return app;
    }

    private static void AddSilo(this WebApplicationBuilder builder, OrderGrainsOptions options) =>
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                options.Cluster.SiloPort ?? FreePort(), options.Cluster.GatewayPort ?? FreePort(),
                serviceId: options.Cluster.ServiceId, clusterId: options.Cluster.ClusterId);
            silo.AddActivityPropagation();
            silo.AddSqliteOrleans(options.DataDirectory);
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(OrderFeed.ProviderName);
            silo.Configure<SiloMessagingOptions>(o => o.MaxEnqueuedRequestsHardLimit = EnqueuedRequestsMax);
            silo.Configure<GrainCollectionOptions>(o => o.EnableActivationSheddingOnMemoryPressure = true);
        });

    private static void AddStations(this WebApplicationBuilder builder, OrderGrainsOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Random.Shared);
        services.AddSqliteStorage(options.DataDirectory);

        services.AddSingleton(new OrderPolicies(
            options.Sources.AsReadOnly(), options.Warehouses.AsReadOnly(), options.Bundles.AsReadOnly()));
        services.AddSingleton<OrderMetrics>();
        services.AddSingleton<Allocator>();
        services.AddSingleton<OrderFeed>();
        services.AddHostedService(s => s.GetRequiredService<OrderFeed>());
        services.AddHostedService<LostNudgeSweep>();

        // Redirects are answers to a person; the client's own timeout is above each warehouse's.
        services.AddHttpClient("warehouse", http => http.Timeout = TimeSpan.FromSeconds(60))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton(options.Outbound);
        services.AddSingleton<OutboundMetrics>();
        services.AddSingleton(s => new Warehouses(options.Warehouses.ToDictionary(
            w => w.Key,
            w => new Warehouse(w.Value, new HttpWarehouse(
                s.GetRequiredService<IHttpClientFactory>().CreateClient("warehouse"), w.Value,
                s.GetRequiredService<TimeProvider>())),
            StringComparer.Ordinal)));
        services.AddHostedService<OutboxSweep>();

        services.AddSingleton(options.Ingress);
        services.AddSingleton(ReadSources(options));
        services.AddSingleton<IngressMetrics>();
        services.AddSingleton<ReceiptRouter>();
        services.AddSingleton<InboxPump>();
        services.AddSingleton<IInboxWaker>(s => s.GetRequiredService<InboxPump>());
        services.AddSingleton<WebhookEndpoint>();
        services.AddHostedService(s => s.GetRequiredService<InboxPump>());
    }

    private static Sources ReadSources(OrderGrainsOptions options)
    {
        var storefronts = options.Sources.Where(s => s.Value.Kind != SourceKind.Warehouse).Select(s => s.Key).ToArray();
        var shopify = new ShopifyConnector();
        var warehouse = new WarehouseConnector(storefronts);
        return new Sources(options.Sources.ToDictionary(
            s => s.Key,
            s => new Source(s.Key, s.Value, s.Value.Kind == SourceKind.Warehouse ? warehouse : shopify,
                [.. s.Value.AllowedNetworks.Select(IPNetwork.Parse)]),
            StringComparer.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
