using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>What came of a count of many SKUs, in the memory of a few.</summary>
internal sealed class CountTally
{
    /// <summary>SKUs that the reason names.</summary>
    private const int NamedMax = 5;

    private const int SkuCharsMax = 40;

    private readonly List<string> _shortSkus = [];
    private int _count;
    private int _applied;
    private int _stale;
    private int _shortCount;

    public void Add(string sku, StockAnswer answer)
    {
        _count++;
        _applied += answer.Outcome == StockOutcome.Applied ? 1 : 0;
        _stale += answer.Outcome == StockOutcome.Stale ? 1 : 0;
        if (answer.Shortfall == 0)
            return;
        _shortCount++;
        if (_shortSkus.Count < NamedMax)
            _shortSkus.Add($"{Printable.Of(sku, SkuCharsMax)} ({answer.Shortfall} short)");
    }

    /// <summary>The outcome of the whole, and for people why.</summary>
    public (ReceiptOutcome Outcome, string? Reason) Sum()
    {
        if (_count == 0)
            return (ReceiptOutcome.Ignored, "no SKU is counted");
        if (_applied == 0 && _stale == _count)
            return (ReceiptOutcome.Stale, "every SKU has a newer count");
        // An earlier try may have counted some of them, before it broke off.
        if (_applied == 0)
            return (ReceiptOutcome.Duplicate, _stale == 0 ? "every SKU is counted so already"
                : "every SKU is counted so already, or has a newer count");
        return (ReceiptOutcome.Applied, _shortCount == 0 ? null
            : $"warehouses have orders for more than was counted of {_shortCount} SKUs: "
                + string.Join(", ", _shortSkus));
    }
}
