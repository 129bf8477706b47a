using System.Net;
using Microsoft.AspNetCore.DataProtection.Repositories;
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
using OrderGrains.Storage.Postgres;
using OrderGrains.Telemetry;
using Orleans.Dashboard;

namespace OrderGrains;

/// <summary>The product as one web application: for <c>Program</c>, the sandbox and tests.</summary>
public static class OrderGrainsApp
{
    /// <summary>
    /// SIGTERM ends the process within 30 s. A silo that is late after this leaves the cluster in 5 s more; the rest is
    /// for the runtime.
    /// </summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Our own log lines, and of others what is wrong; configuration may say otherwise.</summary>
    private static readonly Dictionary<string, string?> LogDefaults = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:OrderGrains"] = "Information",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        // It warns at each start that something did not complete since the machine came up; our own watch is better.
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
        // Each call to a silo that has died, or of a grain that could not be loaded, with its stack: megabytes in
        // seconds. Whoever called says so in fewer words.
        ["Logging:LogLevel:Orleans.Grain"] = "Critical",
        ["Logging:LogLevel:Orleans.Messaging"] = "Critical",
        ["Logging:LogLevel:Polly"] = "None",
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
        var (hasSilo, takesWebhooks) =
            (options.Cluster.Role != ClusterRole.Gateway, options.Cluster.Role != ClusterRole.Silo);
        builder.AddStorage(options);
        if (hasSilo)
            builder.AddSilo(options);
        else
            builder.AddGateway(options);
        builder.AddStations(options);
        if (hasSilo)
            builder.AddSiloAgents(options);
        builder.Services.AddHostedService<LiveFeedAgent>();
        builder.AddTelemetry(hasSilo);
        builder.AddOperatorConsole();

        var app = builder.Build();
        app.UseTrustedProxies(options.Ingress);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        if (takesWebhooks)
            app.MapWebhooks();
        app.MapTelemetry();
        app.MapOperatorConsole();
        if (hasSilo)
            app.MapOrleansDashboard(Dashboard.Path).Protect();
        return app;
    }

    private static void MapWebhooks(this WebApplication app) => app.MapPost("/webhooks/v1/{source}",
        (string source, HttpContext http, WebhookEndpoint endpoint) => endpoint.ReceiveAsync(source, http))
        // Ingress:BodyBytesMax is the limit; the web server's own would be in its way.
        .WithMetadata(new DisableRequestSizeLimitAttribute())
        // What the console needs behind the routing, such as who signed in, is nothing to a sender.
        .ShortCircuit();

    private static void AddStorage(this WebApplicationBuilder builder, OrderGrainsOptions options)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        if (options.Storage.Kind == StorageKind.Postgres)
        {
            builder.Services.AddPostgresStorage(options.Storage);
            builder.Services.AddSingleton<IXmlRepository>(new PostgresKeyRing(options.Storage.ConnectionString!));
        }
        else
        {
            builder.Services.AddSqliteStorage(options.DataDirectory);
        }
    }

    /// <summary>They find what was left behind; so they run where grains are, and on every silo.</summary>
    private static void AddSiloAgents(this WebApplicationBuilder builder, OrderGrainsOptions options)
    {
        // On SQLite the silo is the whole cluster: nobody else can declare it dead.
        if (options.Storage.Kind == StorageKind.Postgres)
            builder.Services.AddHostedService<MembershipWatch>();
        builder.Services.AddHostedService(s => ActivatorUtilities.CreateInstance<ClusterNews>(s, options));
        builder.Services.AddHostedService(s => s.GetRequiredService<OrderFeed>());
        builder.Services.AddHostedService<LostNudgeSweep>();
        builder.Services.AddHostedService<OutboxSweep>();
    }

    private static void AddStations(this WebApplicationBuilder builder, OrderGrainsOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(Random.Shared);
        services.AddSingleton(new OrderPolicies(
            options.Sources.AsReadOnly(), options.Warehouses.AsReadOnly(), options.Bundles.AsReadOnly()));
        services.AddSingleton<OrderMetrics>();
        services.AddSingleton<Allocator>();
        services.AddSingleton<OrderFeed>();

        // Redirects are answers to a person; the client's own timeout is above each warehouse's.
        services.AddHttpClient("warehouse", http => http.Timeout = TimeSpan.FromSeconds(60))
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton(options.Outbound);
        services.AddSingleton<OutboundMetrics>();
        services.AddSingleton(s => new Warehouses(options.Warehouses.ToDictionary(
            w => w.Key,
            w => new Warehouse(w.Value, new HttpWarehouse(
                s.GetRequiredService<IHttpClientFactory>().CreateClient("warehouse"), w.Value,
                s.GetRequiredService<TimeProvider>())),
            StringComparer.Ordinal)));

        services.AddSingleton(options.Ingress);
        services.AddSingleton(ReadSources(options));
        services.AddSingleton<IngressMetrics>();
        services.AddSingleton<ReceiptRouter>();
        services.AddSingleton<InboxPump>();
        services.AddSingleton<IInboxWaker>(s => s.GetRequiredService<InboxPump>());
        services.AddSingleton<RefusalLog>();
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
}
