using System.Text.Json.Nodes;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// The stock of a warehouse. It falls when a shipment is done: until then the goods are at the warehouse's output.
/// </summary>
internal static class TrytonStock
{
    /// <exception cref="PullException">It could not be asked.</exception>
    public static async Task CountAsync(
        TrytonApi api, TrytonCompany company, TrytonPlace place, string location, StockCounts counts,
        CancellationToken stopping)
    {
        var context = company.Context();
        context["locations"] = new JsonArray(place.Id);
        counts.Add(location, await StockRows.AskAsync(offset => api.SearchAsync(
            new TrytonQuery("product.product", [new JsonArray("type", "=", "goods")], ["code", "quantity"], context)
            {
                Offset = offset,
                CountMax = StockRows.PageMax,
            },
            row => StockRows.Read(row, "code", "quantity"), stopping)));
    }
}
