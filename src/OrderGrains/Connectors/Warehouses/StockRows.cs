using System.Globalization;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>The stock of a warehouse, asked for product by product, a page after the other.</summary>
internal static class StockRows
{
    /// <summary>Products on a page.</summary>
    public const int PageMax = 500;

    /// <summary>100,000 products of one warehouse.</summary>
    private const int PagesMax = 200;

    /// <param name="ask">Asks for a page from a place on.</param>
    /// <exception cref="PullException">It could not be asked, or has too many.</exception>
    public static async Task<IReadOnlyList<(string Sku, long Units)>> AskAsync(
        Func<int, Task<(SendResult? Wrong, IReadOnlyList<(string? Sku, long Units)> Found)>> ask)
    {
        var rows = new List<(string Sku, long Units)>();
        for (var page = 0; page < PagesMax; page++)
        {
            var (wrong, found) = await ask(page * PageMax);
            PolledWarehouse.ThrowIf(wrong);
            // No order can name a product without one.
            rows.AddRange(found.Where(row => row.Sku is not null).Select(row => (row.Sku!, row.Units)));
            if (found.Count < PageMax)
                return rows;
        }

        throw new PullException($"the stock of a warehouse has more than {PagesMax} pages");
    }

    /// <summary>A part of a unit is not sold.</summary>
    /// <param name="row">A product.</param>
    /// <param name="sku">The field of its SKU.</param>
    /// <param name="units">The field of its units.</param>
    public static (string? Sku, long Units) Read(JsonFields row, string sku, string units)
    {
        if (!decimal.TryParse(row.Text(units), NumberStyles.Float, CultureInfo.InvariantCulture, out var quantity))
            row.Fault(units, "is no number");
        return (row.FindSku(sku), (long)Math.Clamp(
            Math.Floor(quantity), -ConnectorLimits.OnHandMax, ConnectorLimits.OnHandMax));
    }
}
