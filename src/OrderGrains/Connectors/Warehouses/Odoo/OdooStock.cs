using System.Globalization;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>
/// The stock of a warehouse, as Odoo sums it up for each product: a product that is sold out has no
/// <c>stock.quant</c> any more, and must be told as 0.
/// </summary>
internal static class OdooStock
{
    private const int PageMax = 500;

    /// <summary>100,000 products of one warehouse.</summary>
    private const int PagesMax = 200;

    /// <summary>
    /// Stock, and where goods are packed and wait for the carrier: until they leave they are on hand. What has just
    /// come in is not, as long as it is in the input or under quality control.
    /// </summary>
    private static readonly string[] ShelfNames = ["lot_stock_id", "wh_pack_stock_loc_id", "wh_output_stock_loc_id"];

    public static JsonObject ShelfFields => OdooQuery.Of(ShelfNames);

    /// <summary>Numbers of locations; a warehouse that ships in one step may have but one.</summary>
    public static int[] Shelves(JsonFields row) =>
    [
        .. ShelfNames.Where(name => row.Has(name) && !row.IsFalse(name))
            .Select(name => row.Whole(name, 1, int.MaxValue)),
    ];

    /// <exception cref="PullException">It could not be asked.</exception>
    public static async Task CountAsync(
        OdooApi api, int[] shelves, string location, StockCounts counts, CancellationToken stopping)
    {
        // Without any, Odoo would sum up all warehouses.
        if (shelves.Length == 0)
            throw new PullException($"the warehouse of location {location} has no location for its stock");
        var rows = new List<(string? Sku, long Units)>();
        for (var page = 0; page < PagesMax; page++)
        {
            var (wrong, found) = await api.SearchAsync(
                new OdooQuery(
                    "product.product",
                    [new JsonArray("is_storable", "=", true), new JsonArray("default_code", "!=", false)],
                    OdooQuery.Of("default_code", "qty_available"))
                {
                    Offset = page * PageMax,
                    CountMax = PageMax,
                    Context = new JsonObject
                    {
                        ["location"] = new JsonArray([.. shelves.Select(shelf => (JsonNode)shelf)]),
                    },
                },
                Row, stopping);
            PolledWarehouse.ThrowIf(wrong);
            rows.AddRange(found);
            if (found.Count < PageMax)
            {
                Add(counts, location, rows);
                return;
            }
        }

        throw new PullException($"the stock of a warehouse has more than {PagesMax} pages");
    }

    /// <summary>Whose units they are nobody knows where several products have one SKU.</summary>
    private static void Add(StockCounts counts, string location, IEnumerable<(string? Sku, long Units)> rows)
    {
        var bySku = rows.Where(row => row.Sku is not null).ToLookup(
            row => row.Sku!, row => row.Units, StringComparer.Ordinal);
        counts.Add(
            location, bySku.Where(sku => sku.Count() == 1).Select(sku => (sku.Key, sku.First())),
            bySku.Where(sku => sku.Count() > 1).Select(sku => sku.Key));
    }

    private static (string? Sku, long Units) Row(JsonFields row)
    {
        if (!decimal.TryParse(
            row.Text("qty_available"), NumberStyles.Float, CultureInfo.InvariantCulture, out var quantity))
        {
            row.Fault("qty_available", "is no number");
        }

        // A part of a unit is not sold.
        return (row.FindSku("default_code"), (long)Math.Clamp(
            Math.Floor(quantity), -ConnectorLimits.OnHandMax, ConnectorLimits.OnHandMax));
    }
}
