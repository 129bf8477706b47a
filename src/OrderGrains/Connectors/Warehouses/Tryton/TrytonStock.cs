using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// The stock of some warehouses as counts of our own form. A warehouse's stock falls when a shipment is done: until
/// then the goods are at its output.
/// </summary>
/// <param name="asOf">Before anything was asked: what left since is taken off it.</param>
internal sealed class TrytonStock(DateTimeOffset asOf)
{
    private const int PageMax = 500;

    /// <summary>100,000 products of one warehouse.</summary>
    private const int PagesMax = 200;

    private readonly List<(string Location, JsonArray Items)> _counts = [];

    /// <summary>Another as soon as a number is, and each day.</summary>
    public string Digest => EventKey.Digest(JsonSerializer.SerializeToUtf8Bytes(new JsonArray([
        $"{asOf.UtcDateTime:yyyy-MM-dd}",
        .. _counts.Select(c => (JsonNode)new JsonArray(c.Location, c.Items.DeepClone()))])));

    public IEnumerable<PulledItem> Items() => _counts.Where(c => c.Items.Count > 0).Select(c => new PulledItem(
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["location"] = c.Location,
            ["asOf"] = asOf.UtcDateTime,
            ["items"] = c.Items.DeepClone(),
        })));

    /// <exception cref="PullException">It could not be asked.</exception>
    public async Task CountAsync(
        TrytonApi api, TrytonCompany company, TrytonPlace place, string location, CancellationToken stopping)
    {
        var (items, context) = (new JsonArray(), company.Context());
        context["locations"] = new JsonArray(place.Id);
        for (var page = 0; page < PagesMax; page++)
        {
            var (wrong, found) = await api.SearchAsync(
                new TrytonQuery("product.product", [new JsonArray("type", "=", "goods")], ["code", "quantity"], context)
                {
                    Offset = page * PageMax,
                    CountMax = PageMax,
                },
                Item, stopping);
            TrytonEvents.ThrowIf(wrong);
            foreach (var item in found.OfType<JsonObject>())
                items.Add((JsonNode)item);
            if (found.Count < PageMax)
            {
                _counts.Add((location, items));
                return;
            }
        }

        throw new PullException($"the stock of a warehouse has more than {PagesMax} pages");
    }

    /// <summary>Null for a product without a code, which no order can name.</summary>
    private static JsonObject? Item(JsonFields row)
    {
        if (!decimal.TryParse(
            row.Text("quantity"), NumberStyles.Float, CultureInfo.InvariantCulture, out var quantity))
        {
            row.Fault("quantity", "is no number");
        }

        // More than is there may have been sent; less than nothing is on no shelf, and a part of a unit is not sold.
        var units = (int)Math.Clamp(Math.Floor(quantity), 0, ConnectorLimits.OnHandMax);
        return row.FindSku("code") is { } sku ? new JsonObject { ["sku"] = sku, ["onHand"] = units } : null;
    }
}
