using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrderGrains.Ingress;

/// <summary>The front: webhook → inbox → 200, and the pump that hands on what came.</summary>
internal static class IngressServices
{
    /// <summary>
    /// Bytes a second of a body, below which its sender is cut off, and how long it may take to begin.
    /// </summary>
    private const double BodyBytesPerSecondMin = 32 * 1024;

    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    /// <summary>Time for the headers of a request.</summary>
    private static readonly TimeSpan HeadersMax = TimeSpan.FromSeconds(10);

    /// <summary>Who is slow, or does nothing, costs little and ends.</summary>
    public static void LimitConnections(this WebApplicationBuilder builder, IngressOptions options) =>
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Limits.MaxConcurrentConnections = options.ConnectionsMax;
            server.Limits.RequestHeadersTimeout = HeadersMax;
            server.Limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecondMin, BodyGrace);
        });

    public static IServiceCollection AddIngress(
        this IServiceCollection services, IngressOptions options, Sources sources) => services
        .AddSingleton(options)
        .AddSingleton(sources)
        .AddSingleton<IngressMetrics>()
        .AddSingleton<Erasure>()
        .AddSingleton<ReceiptRouter>()
        .AddSingleton<Fetches>()
        .AddSingleton<InboxPump>()
        .AddSingleton<IInboxWaker>(s => s.GetRequiredService<InboxPump>())
        .AddSingleton<RefusalLog>()
        .AddSingleton<FrontBook>()
        .AddSingleton<SourceGate>()
        .AddSingleton<StrangerLimit>()
        .AddSingleton<WebhookEndpoint>();

    /// <summary>What runs by itself, on every process.</summary>
    public static IServiceCollection AddIngressAgents(this IServiceCollection services) => services
        .AddHostedService(s => s.GetRequiredService<InboxPump>())
        .AddHostedService(s => s.GetRequiredService<SourceGate>())
        .AddHostedService<FrontAgent>()
        .AddHostedService<KeyAgent>();

    /// <summary>What runs by itself, where grains are.</summary>
    public static IServiceCollection AddSourceAgents(this IServiceCollection services) => services
        .AddHostedService<SilenceWatch>()
        .AddHostedService<PullAgent>();

    public static void MapWebhooks(this WebApplication app) => app.MapPost("/webhooks/v1/{source}",
        (string source, HttpContext http, WebhookEndpoint endpoint) => endpoint.ReceiveAsync(source, http))
        // Ingress:BodyBytesMax is the limit; the web server's own would be in its way.
        .WithMetadata(new DisableRequestSizeLimitAttribute())
        // What the console needs behind the routing, such as who signed in, is nothing to a sender.
        .ShortCircuit();
}
