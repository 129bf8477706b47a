using System.Globalization;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// The stock of a warehouse. It falls when a shipment is done: until then the goods are at the warehouse's output.
/// </summary>
internal static class TrytonStock
{
    private const int PageMax = 500;

    /// <summary>100,000 products of one warehouse.</summary>
    private const int PagesMax = 200;

    /// <exception cref="PullException">It could not be asked.</exception>
    public static async Task CountAsync(
        TrytonApi api, TrytonCompany company, TrytonPlace place, string location, StockCounts counts,
        CancellationToken stopping)
    {
        var (rows, context) = (new List<(string Sku, long Units)>(), company.Context());
        context["locations"] = new JsonArray(place.Id);
        for (var page = 0; page < PagesMax; page++)
        {
            var (wrong, found) = await api.SearchAsync(
                new TrytonQuery("product.product", [new JsonArray("type", "=", "goods")], ["code", "quantity"], context)
                {
                    Offset = page * PageMax,
                    CountMax = PageMax,
                },
                Row, stopping);
            PolledWarehouse.ThrowIf(wrong);
            // No order can name a product without a code.
            rows.AddRange(found.Where(row => row.Sku is not null).Select(row => (row.Sku!, row.Units)));
            if (found.Count < PageMax)
            {
                counts.Add(location, rows);
                return;
            }
        }

        throw new PullException($"the stock of a warehouse has more than {PagesMax} pages");
    }

    private static (string? Sku, long Units) Row(JsonFields row)
    {
        if (!decimal.TryParse(
            row.Text("quantity"), NumberStyles.Float, CultureInfo.InvariantCulture, out var quantity))
        {
            row.Fault("quantity", "is no number");
        }

        // A part of a unit is not sold.
        return (row.FindSku("code"), (long)Math.Clamp(
            Math.Floor(quantity), -ConnectorLimits.OnHandMax, ConnectorLimits.OnHandMax));
    }
}
