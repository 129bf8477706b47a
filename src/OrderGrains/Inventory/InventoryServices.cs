namespace OrderGrains.Inventory;

/// <summary>The stock's grains and who shares it out.</summary>
internal static class InventoryServices
{
    public static IServiceCollection AddInventory(this IServiceCollection services) =>
        services.AddSingleton<Allocator>();

    /// <summary>What runs by itself, where grains are.</summary>
    public static IServiceCollection AddInventoryAgents(this IServiceCollection services) =>
        services.AddHostedService<ShopStockWatch>();
}
