using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <inheritdoc cref="IShopStockGrain"/>
/// <remarks>How far it came is kept in memory: another activation begins anew.</remarks>
internal sealed partial class ShopStockGrain(
    Shops shops, IStockStore stock, IOutbox outbox, TimeProvider time, ILogger<ShopStockGrain> log)
    : Grain, IShopStockGrain
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>One call ends after this, well before whoever made it gives up.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Compared in one call, which must end before its caller gives up: some shops are asked for each SKU by itself.
    /// </summary>
    private const int SkusAtOnce = 50;

    private DateTimeOffset _nextAt;
    private string? _location;
    private string? _cursor;
    private int _told;

    public async Task LookAsync()
    {
        var now = time.GetUtcNow();
        if (now < _nextAt || shops.Find(this.GetPrimaryKeyString()) is not { Stock: not null } shop)
            return;
        var locations = shop.Places.Keys.Order(StringComparer.Ordinal).ToArray();
        _location ??= locations[0];
        while (time.GetUtcNow() - now < LookMax)
        {
            if (!await ComparePageAsync(shop))
                return;
            if (_cursor is not null)
                continue;
            _location = locations.FirstOrDefault(later => string.CompareOrdinal(later, _location) > 0);
            if (_location is not null)
                continue;
            Compared(this.GetPrimaryKeyString(), _told);
            (_nextAt, _told) = (now + Every, 0);
            return;
        }
    }

    /// <summary>False when the shop cannot be asked now: the same page again, later.</summary>
    private async Task<bool> ComparePageAsync(Shop shop)
    {
        var name = this.GetPrimaryKeyString();
        var page = await stock.ListAsync(
            new StockFilter(_location), new PageRequest(SkusAtOnce, _cursor));
        // A bundle has no stock of its own: it comes with one of its parts.
        var contents = await Task.WhenAll(page.Items
            .SelectMany(row => shops.BundlesListedWith(row.Key.Sku).Prepend(row.Key.Sku), (row, sku) => (row, sku))
            .Select(one => ContentOfAsync(shop, one.row, one.sku)));
        foreach (var ours in contents.OfType<StockContent>().Chunk(SkusAtOnce))
        {
            if (await GrainFactory.Find<IDestinationGrain>(name).CompareStockAsync(ours) is not { } differing)
                return false;
            var now = time.GetUtcNow();
            await outbox.AppendAsync([.. differing.Select(at =>
                Shops.StockMessage(name, shop, new StockKey(_location!, ours[at].Sku), now))]);
            _told += differing.Count;
            if (differing.Count > 0)
                await GrainFactory.Find<IDestinationGrain>(name).NudgeAsync(now);
        }

        _cursor = page.NextCursor;
        return true;
    }

    private Task<StockContent?> ContentOfAsync(Shop shop, StockRow row, string sku) => shops.ContentOfAsync(
        shop, sku, shop.Places[row.Key.Location], async key =>
            key == row.Key ? row.Level.Told : (await stock.FindAsync(key))?.Level.Told);

    [LoggerMessage(1, LogLevel.Information, "The stock of {Shop} was compared with ours: {Count} numbers differed",
        EventName = "shop.compared")]
    private partial void Compared(string shop, int count);
}
