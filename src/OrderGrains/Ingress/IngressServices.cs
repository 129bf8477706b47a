using Microsoft.AspNetCore.Mvc;

namespace OrderGrains.Ingress;

/// <summary>The front: webhook → inbox → 200, and the pump that hands on what came.</summary>
internal static class IngressServices
{
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
        .AddSingleton<WebhookEndpoint>();

    /// <summary>What runs by itself, on every process.</summary>
    public static IServiceCollection AddIngressAgents(this IServiceCollection services) => services
        .AddHostedService(s => s.GetRequiredService<InboxPump>())
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
