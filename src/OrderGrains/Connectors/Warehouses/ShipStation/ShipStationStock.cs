using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// ShipStation's stock (<c>GET /inventory</c>): a row for each SKU and shelf. On hand is what lies there, be it
/// allocated to orders or not.
/// </summary>
internal sealed class ShipStationStock(ShipStationStockOptions options)
    : PagedStock(options.Warehouse, options.StockEvery, PagePause)
{
    /// <summary>With it the pages of a large stock take 20 of the 200 requests a minute.</summary>
    private static readonly TimeSpan PagePause = TimeSpan.FromSeconds(3);

    protected override bool IsByShelf => true;

    protected override JsonApi Open(CallTools tools) => options.Open(tools.Http, tools.Time);

    protected override IEnumerable<(string Location, string Address)> Begin(JsonApi api) =>
        options.InventoryWarehouseIds.Select(l => (
            l.Key, $"{api.Root}/inventory?inventory_warehouse_id={Uri.EscapeDataString(l.Value)}"));

    protected override string? Read(JsonFields page, string location, List<(string Sku, long Units)> rows)
    {
        foreach (var item in page.Items("inventory", int.MaxValue) ?? [])
        {
            // What has no SKU is nothing that an order can name.
            if (item.FindSku("sku") is { } sku
                && item.Text("inventory_warehouse_id") == options.InventoryWarehouseIds[location])
                rows.Add((sku, item.Whole("on_hand", -ConnectorLimits.OnHandMax, ConnectorLimits.OnHandMax)));
        }

        if (!page.Has("inventory"))
            page.Missing("inventory");
        return ShipStationPages.Next(page);
    }
}

/// <summary>Lists of ShipStation's come in pages.</summary>
internal static class ShipStationPages
{
    /// <summary>Far more than people split an order into.</summary>
    public const int PartsMax = 100;

    /// <summary>Where the next page is; null when this is the last. There the link is an empty object.</summary>
    public static string? Next(JsonFields page) =>
        page.Object("links")?.Object("next")?.Text("href", ConnectorLimits.UrlCharsMax);
}
