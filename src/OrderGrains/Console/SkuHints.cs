using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>Lines that wait for a SKU that is not the one on the shelf, by a slip of the keyboard. Pure.</summary>
internal static class SkuHints
{
    /// <summary>The stock that each waiting line waits for, by line id.</summary>
    public static IReadOnlyDictionary<string, StockKey> Waiting(Order order) => order.Allocations
        .Where(allocation => allocation.Waiting > 0)
        .DistinctBy(allocation => allocation.LineId, StringComparer.Ordinal)
        .ToDictionary(
            allocation => allocation.LineId, allocation => new StockKey(allocation.Location, allocation.Sku),
            StringComparer.Ordinal);

    public static IReadOnlyList<OrderLineView> Add(
        IReadOnlyList<OrderLineView> lines, IReadOnlyDictionary<string, StockKey> waiting,
        IReadOnlyList<SimilarSku> similar) =>
        [.. lines.Select(line => waiting.TryGetValue(line.LineId, out var stock)
            ? line with { Hint = Hint(stock, [.. similar.Where(s => s.Unknown == stock).Select(s => s.Known)]) }
            : line)];

    private static string? Hint(StockKey stock, string[] known) => known.Length == 0 ? null
        : $"{stock.Location} has counted {string.Join(" and ", known.Select(sku => $"\"{sku}\""))}, which "
            + $"{(known.Length == 1 ? "differs" : "differ")} from \"{stock.Sku}\" by case or spaces alone";
}
