using System.Globalization;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>ShipBob's stock (<c>GET /inventory-level/locations</c>).</summary>
internal sealed class ShipBobStock(ShipBobStockOptions options)
    : PagedStock(options.Warehouse, options.StockEvery, PagePause)
{
    private const int PageMax = 250;

    /// <summary>With it the pages of a large stock leave room for orders among 150 requests a minute.</summary>
    private static readonly TimeSpan PagePause = TimeSpan.FromSeconds(1);

    protected override JsonApi Open(CallTools tools) => options.Open(tools.Http, null, tools.Time);

    protected override IEnumerable<(string Location, string Address)> Begin(JsonApi api) => options.LocationIds.Select(
        l => (l.Key, $"{api.Root}/inventory-level/locations?LocationId="
            + $"{l.Value.ToString(CultureInfo.InvariantCulture)}&PageSize={PageMax}"));

    protected override string? Read(JsonFields page, string location, List<(string Sku, long Units)> rows)
    {
        foreach (var item in page.Items("items", int.MaxValue) ?? [])
            Add(rows, item, options.LocationIds[location]);
        if (!page.Has("items"))
            page.Missing("items");
        return page.Text("next", ConnectorLimits.UrlCharsMax);
    }

    private static void Add(List<(string Sku, long Units)> rows, JsonFields item, int location)
    {
        // What has no SKU is nothing that an order can name.
        if (item.FindSku("sku") is not { } sku)
            return;
        foreach (var place in item.Items("locations", ConnectorLimits.LinesMax) ?? [])
        {
            if (place.OptionalWhole("location_id", 0, int.MaxValue) == location)
            {
                rows.Add((sku, place.Whole(
                    "on_hand_quantity", -ConnectorLimits.OnHandMax, ConnectorLimits.OnHandMax)));
            }
        }
    }
}
