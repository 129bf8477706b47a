using OrderGrains.Outbound;

namespace OrderGrains.Inventory;

/// <summary>
/// Has each shop's stock compared with ours: an agent on every silo, so that whichever is left goes on.
/// </summary>
internal sealed partial class ShopStockWatch(
    Shops shops, IGrainFactory grains, TimeProvider time, ILogger<ShopStockWatch> log) : Agent
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (!shops.ToldOfStock.Any())
            return;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var shop in shops.ToldOfStock)
            {
                try
                {
                    await grains.GetGrain<IShopStockGrain>(shop).LookAsync();
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    NotCompared(shop, exception.GetType().Name);
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The stock of {Shop} could not be compared with ours ({Exception}); it is tried again soon",
        EventName = "shop.not_compared")]
    private partial void NotCompared(string shop, string exception);
}
