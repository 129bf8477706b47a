namespace OrderGrains.Orders;

/// <summary>The orders' grains and what they are told by.</summary>
internal static class OrderServices
{
    public static IServiceCollection AddOrders(this IServiceCollection services, OrderPolicies policies) => services
        .AddSingleton(policies)
        .AddSingleton<OrderMetrics>()
        .AddSingleton<OrderFeed>();

    /// <summary>What runs by itself, where grains are.</summary>
    public static IServiceCollection AddOrderAgents(this IServiceCollection services) => services
        .AddHostedService(s => s.GetRequiredService<OrderFeed>())
        .AddHostedService<LostNudgeSweep>();
}
