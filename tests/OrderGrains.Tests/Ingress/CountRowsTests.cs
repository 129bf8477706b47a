using System.Text;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Counts as warehouses send them: with rows that make no sense, and with every SKU that they have.</summary>
[Collection(nameof(RunningProduct))]
public sealed class CountRowsTests(RunningProduct product)
{
    [Fact]
    public async Task One_bad_row_costs_one_row_and_a_person_reads_which()
    {
        var receipt = await product.AcceptedAsync(product.ByWarehouse(Encoding.UTF8.GetBytes($$"""
            {"type":"stock.counted","data":{"location":"east","asOf":"{{WarehouseEvents.Now:O}}","items":[
            {"sku":"ROW-A","onHand":5},{"sku":"ROW-B","onHand":-2},{"sku":"ROW-C","onHand":7}]} }
            """)));

        var end = await product.EndAsync(receipt);

        const string reason =
            "items[1] (SKU ROW-B): onHand is -2; it must not be negative; the 2 others are counted";
        Assert.Equal(("parked", reason), end);
        Assert.Equal(
            (5, null, 7),
            (await product.OnHandAsync("ROW-A"), await product.OnHandAsync("ROW-B"),
                await product.OnHandAsync("ROW-C")));

        // A newer count has come before somebody resumes the old one.
        Assert.Equal(("applied", null), await product.TellAsync("stock.counted", new
        {
            location = "east",
            asOf = WarehouseEvents.Now,
            items = new[] { new { sku = "ROW-A", onHand = 4 } },
        }));
        Assert.True(await product.Inbox.ResumeAsync(Guid.Parse(receipt)));
        await RunningProduct.EventuallyAsync(async _ =>
            await product.EndAsync(receipt) == ("parked", reason));
        Assert.Equal(
            (4, 7), (await product.OnHandAsync("ROW-A"), await product.OnHandAsync("ROW-C")));
    }

    [Fact]
    public async Task A_SKU_counted_twice_counts_when_the_counts_agree()
    {
        Assert.Equal(
            ("parked", "items[2] (SKU TWICE-B): onHand is 2, and 1 in items[1]; neither counts; "
                + "the other one is counted"),
            await product.TellAsync("stock.counted", new
            {
                location = "East",
                asOf = WarehouseEvents.Now,
                items = new[]
                {
                    new { sku = "TWICE-A", onHand = 3 }, new { sku = "TWICE-B", onHand = 1 },
                    new { sku = "TWICE-B", onHand = 2 }, new { sku = " TWICE-A\u200B", onHand = 3 },
                },
            }));

        Assert.Equal(
            (3, null), (await product.OnHandAsync("TWICE-A"), await product.OnHandAsync("TWICE-B")));
    }

    [Fact]
    public async Task A_SKU_is_the_same_in_every_spelling_of_it()
    {
        await product.TellAsync("stock.counted", new
        {
            location = "EAST",
            asOf = WarehouseEvents.Now.AddMinutes(-1),
            items = new[] { new { sku = "\u00A0CAFE\u0301 one\t", onHand = 8 } },
        });

        Assert.Equal(8, await product.OnHandAsync("CAF\u00C9 one"));
        Assert.Equal(8, await product.OnHandAsync(" CAFE\u0301 one"));

        var adjusted = new
        {
            location = "east",
            adjustmentId = "Fold-1",
            sku = "CAF\u00C9 one ",
            delta = "-3.0",
            at = WarehouseEvents.Now,
        };
        Assert.Equal(("applied", null), await product.TellAsync("Stock.Adjusted", adjusted));
        Assert.Equal(
            ("duplicate", "adjustment FOLD-1 took effect before"),
            await product.TellAsync("stock.adjusted", adjusted with { adjustmentId = "FOLD-1" }));
        Assert.Equal(5, await product.OnHandAsync("CAF\u00C9 one"));
    }

    [Fact]
    public async Task A_count_of_fifty_thousand_SKUs_is_taken()
    {
        var rows = Enumerable.Range(0, 50_000).Select(at => $$"""{"sku":"M{{at:D5}}","onHand":{{at}}}""");
        var body = $$"""
            {"type":"stock.counted","data":{"location":"east","asOf":"{{WarehouseEvents.Now:O}}",
            "items":[{{string.Join(',', rows)}}]} }
            """;

        Assert.Equal(("applied", null), await product.TellAsync(body));

        Assert.Equal(
            (0, 25_000, 49_999),
            (await product.OnHandAsync("M00000"), await product.OnHandAsync("M25000"),
                await product.OnHandAsync("M49999")));
    }
}
