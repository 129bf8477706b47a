using System.Text.Json.Nodes;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>
/// The stock of a warehouse, as Odoo sums it up for each product: a product that is sold out has no
/// <c>stock.quant</c> any more, and must be told as 0.
/// </summary>
internal static class OdooStock
{
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
        Add(counts, location, await StockRows.AskAsync(offset => api.SearchAsync(
            new OdooQuery(
                "product.product",
                [new JsonArray("is_storable", "=", true), new JsonArray("default_code", "!=", false)],
                OdooQuery.Of("default_code", "qty_available"))
            {
                Offset = offset,
                CountMax = StockRows.PageMax,
                Context = new JsonObject
                {
                    ["location"] = new JsonArray([.. shelves.Select(shelf => (JsonNode)shelf)]),
                },
            },
            row => StockRows.Read(row, "default_code", "qty_available"), stopping)));
    }

    /// <summary>Whose units they are nobody knows where several products have one SKU.</summary>
    private static void Add(StockCounts counts, string location, IEnumerable<(string Sku, long Units)> rows)
    {
        var bySku = rows.ToLookup(row => row.Sku, row => row.Units, StringComparer.Ordinal);
        counts.Add(
            location, bySku.Where(sku => sku.Count() == 1).Select(sku => (sku.Key, sku.First())),
            bySku.Where(sku => sku.Count() > 1).Select(sku => sku.Key));
    }
}
