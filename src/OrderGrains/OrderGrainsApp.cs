using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Configuration.Memory;
using OrderGrains.Configuration;
using OrderGrains.Connectors;
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

    /// <summary>How long a browser asks by https alone, once it was answered so.</summary>
    private static readonly TimeSpan HttpsRemembered = TimeSpan.FromDays(365);

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
        // Why a process does not start, and which agent failed, is said at its end, once.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
        ["Logging:LogLevel:Polly"] = "None",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ ",
    };

    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes what the host is built of.</param>
    /// <param name="kinds">The systems that the configuration can name; null: those that the product knows.</param>
    /// <param name="alone">Whether the command line is all there is, so that no file and no variable counts.</param>
    /// <exception cref="ConfigurationException">The configuration has mistakes.</exception>
    public static WebApplication Create(
        string[] args, Action<WebApplicationBuilder>? configure = null, Kinds? kinds = null, bool alone = false)
    {
        CommandLine.Check(args);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogDefaults });
        var configuration = alone ? ConfigurationLayers.ReadAlone(args) : ConfigurationLayers.Read(args);
        var options = ConfigurationCheck.Read(configuration, kinds);
        builder.Configuration.AddConfiguration(configuration);
        configure?.Invoke(builder);

        builder.UseCertificates(options);
        builder.Services.AddHsts(hsts => hsts.MaxAge = HttpsRemembered);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemCodes.Complete);
        var (hasSilo, takesWebhooks) =
            (options.Cluster.Role != ClusterRole.Gateway, options.Cluster.Role != ClusterRole.Silo);
        builder.LimitConnections(options.Ingress);
        builder.AddStorage(options);
        if (hasSilo)
            builder.AddSilo(options);
        else
            builder.AddGateway(options);
        builder.Services
            .AddIngress(options.Ingress, SourcesOf(options))
            .AddOrders(PoliciesOf(options))
            .AddInventory()
            .AddOutbound(
                options.Outbound, tools => DestinationsOf(options, tools), SubscriptionsOf(options), ShopsOf(options))
            .AddIngressAgents();
        if (hasSilo)
            builder.Services.AddSiloAgents(options);
        builder.Services.AddHostedService<LiveFeedAgent>();
        builder.Services.AddHostedService(s => ActivatorUtilities.CreateInstance<StartNews>(
            s, options, Oddities.Of(configuration, options).ToList()));
        builder.AddTelemetry(hasSilo);
        builder.AddOperatorConsole();

        var app = builder.Build();
        app.UseTrustedProxies(options.Ingress);
        app.UseHsts();
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
            builder.Services.AddSqliteStorage(options.DataDirectory, options.Storage);
        }
    }

    private static void UseCertificates(this WebApplicationBuilder builder, OrderGrainsOptions options)
    {
        builder.UseCertificates(options.Served);
        var looked = options.Served.ToDictionary(StringComparer.Ordinal);
        if (options.ClusterTls is { } tls)
            looked.Add("Cluster:Tls:Certificate", tls.Own);
        builder.Services.AddHostedService(
            s => ActivatorUtilities.CreateInstance<CertificateAgent>(s, looked));
    }

    /// <summary>They run where grains are, and on every silo: whoever is left goes on.</summary>
    private static void AddSiloAgents(this IServiceCollection services, OrderGrainsOptions options)
    {
        // On SQLite the silo is the whole cluster: nobody else can declare it dead.
        if (options.Storage.Kind == StorageKind.Postgres)
            services.AddHostedService<MembershipWatch>();
        services.AddHostedService(s => ActivatorUtilities.CreateInstance<ClusterNews>(s, options));
        services.AddOrderAgents().AddInventoryAgents().AddOutboundAgents().AddSourceAgents();
    }

    private static Sources SourcesOf(OrderGrainsOptions options) => new(options.Sources.ToDictionary(
        s => s.Key, s => s.Value.Source, StringComparer.Ordinal));

    private static OrderPolicies PoliciesOf(OrderGrainsOptions options) => new(
        options.Sources.Where(s => s.Value.Policy is not null).ToDictionary(
            s => s.Key, s => s.Value.Policy!, StringComparer.Ordinal),
        options.Warehouses.ToDictionary(w => w.Key, w => w.Value.Locations, StringComparer.Ordinal),
        options.Bundles.AsReadOnly());

    private static Destinations DestinationsOf(OrderGrainsOptions options, CallTools tools) => new(
        options.Warehouses.Select(w => (Name: w.Key, w.Value.Destination))
            .Concat(options.Subscribers.Select(s => (Name: s.Key, s.Value.Destination)))
            .Concat(Told(options).Select(s => (s.Name, s.Shop.Destination)))
            .ToDictionary(
                d => d.Name, d => d.Destination.Open(tools), StringComparer.Ordinal));

    private static Shops ShopsOf(OrderGrainsOptions options) => new(
        Told(options).ToDictionary(s => s.Name, s => s.Shop.Shop, StringComparer.Ordinal),
        options.Bundles.AsReadOnly());

    private static IEnumerable<(string Name, ConfiguredShop Shop)> Told(OrderGrainsOptions options) =>
        options.Sources.Where(s => s.Value.Shop is not null).Select(s => (s.Key, s.Value.Shop!));

    private static Subscriptions SubscriptionsOf(OrderGrainsOptions options) => new(
        options.Subscribers.ToDictionary(s => s.Key, s => s.Value.Subscription, StringComparer.Ordinal));
}
