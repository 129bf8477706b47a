using Microsoft.Extensions.DependencyInjection.Extensions;
using OrderGrains.Connectors;
using OrderGrains.Wire;

namespace OrderGrains.Outbound;

/// <summary>The destinations' grains and what they call out with.</summary>
internal static class OutboundServices
{
    /// <summary>Above each destination's own.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <param name="services">Where all is added.</param>
    /// <param name="retry">How failing calls are tried again.</param>
    /// <param name="open">Opens the configured destinations.</param>
    /// <param name="subscriptions">Which of them hear of what.</param>
    /// <param name="shops">Which of them are storefronts, and what they are told.</param>
    public static IServiceCollection AddOutbound(
        this IServiceCollection services, RetryOptions retry, Func<CallTools, Destinations> open,
        Subscriptions subscriptions, Shops shops)
    {
        services.AddHttpClient("outbound", http => http.Timeout = Timeout)
            .RemoveAllLoggers()
            // Redirects are answers to a person.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.TryAddSingleton(Random.Shared);
        return services
            .AddSingleton(retry)
            .AddSingleton<OutboundMetrics>()
            .AddSingleton<OperatorEvents>()
            .AddSingleton(subscriptions)
            .AddSingleton(shops)
            .AddSingleton(_ => new GuardedHttp())
            .AddSingleton(s => new CallTools(
                s.GetRequiredService<IHttpClientFactory>().CreateClient("outbound"),
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<GuardedHttp>())
            {
                Logs = s.GetRequiredService<ILoggerFactory>(),
            })
            .AddSingleton(s => open(s.GetRequiredService<CallTools>()));
    }

    /// <summary>What runs by itself, where grains are.</summary>
    public static IServiceCollection AddOutboundAgents(this IServiceCollection services) =>
        services.AddHostedService<OutboxSweep>();
}
