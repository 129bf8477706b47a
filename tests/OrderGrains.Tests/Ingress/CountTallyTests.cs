using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>What becomes of a count, by what became of its SKUs.</summary>
public sealed class CountTallyTests
{
    [Theory]
    [InlineData(ReceiptOutcome.Applied, null, StockOutcome.Applied, StockOutcome.Stale)]
    [InlineData(ReceiptOutcome.Stale, "every SKU has a newer count", StockOutcome.Stale, StockOutcome.Stale)]
    [InlineData(ReceiptOutcome.Duplicate, "every SKU is counted so already",
        StockOutcome.Duplicate, StockOutcome.Duplicate)]
    // The first try had counted one and then broken off; the other was counted anew meanwhile.
    [InlineData(ReceiptOutcome.Duplicate, "every SKU is counted so already, or has a newer count",
        StockOutcome.Duplicate, StockOutcome.Stale)]
    public void The_whole_is_what_its_SKUs_are(
        ReceiptOutcome outcome, string? reason, StockOutcome first, StockOutcome second)
    {
        var tally = new CountTally();
        tally.Add("A", new StockAnswer(first, 0, 0));
        tally.Add("B", new StockAnswer(second, 0, 0));

        Assert.Equal((outcome, reason), tally.Sum());
    }
}
