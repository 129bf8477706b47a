using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>What came of a count of many SKUs, in the memory of a few.</summary>
internal sealed class CountTally
{
    /// <summary>SKUs that the reason names.</summary>
    private const int NamedMax = 5;

    private const int SkuCharsMax = 40;

    private readonly List<string> shortSkus = [];
    private int count;
    private int applied;
    private int stale;
    private int shortCount;

    public void Add(string sku, StockAnswer answer)
    {
        count++;
        applied += answer.Outcome == StockOutcome.Applied ? 1 : 0;
        stale += answer.Outcome == StockOutcome.Stale ? 1 : 0;
        if (answer.Shortfall == 0)
            return;
        shortCount++;
        if (shortSkus.Count < NamedMax)
            shortSkus.Add($"{Printable.Of(sku, SkuCharsMax)} ({answer.Shortfall} short)");
    }

    /// <summary>The outcome of the whole, and for people why.</summary>
    public (ReceiptOutcome Outcome, string? Reason) Sum()
    {
        if (count == 0)
            return (ReceiptOutcome.Ignored, "no SKU is counted");
        if (applied == 0 && stale == count)
            return (ReceiptOutcome.Stale, "every SKU has a newer count");
        // An earlier try may have counted some of them, before it broke off.
        if (applied == 0)
            return (ReceiptOutcome.Duplicate, stale == 0 ? "every SKU is counted so already"
                : "every SKU is counted so already, or has a newer count");
        return (ReceiptOutcome.Applied, shortCount == 0 ? null
            : $"warehouses have orders for more than was counted of {shortCount} SKUs: {string.Join(", ", shortSkus)}");
    }
}
