namespace OrderGrains.Inventory;

/// <summary>The stock's grains and who shares it out.</summary>
internal static class InventoryServices
{
    public static IServiceCollection AddInventory(this IServiceCollection services) =>
        services.AddSingleton<Allocator>();
}
