using System.Text;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>Counts of which some rows make no sense: they cost those rows alone.</summary>
public sealed class StockCountTests
{
    private static readonly WarehouseSource Source = Deliveries.Wms("hush", "acme");

    [Theory]
    [InlineData("""{"sku":"B","onHand":-2}""",
        "items[1] (SKU B): onHand is -2; it must not be negative; the 2 others are counted")]
    [InlineData("""{"sku":"B","onHand":2.5}""",
        "items[1] (SKU B): onHand is 2.5; it must be a whole number; the 2 others are counted")]
    [InlineData("""{"sku":"B","onHand":1000000001}""",
        "items[1] (SKU B): onHand is 1000000001; the limit is 1000000000; the 2 others are counted")]
    [InlineData("""{"sku":"B"}""", "items[1] (SKU B): onHand is missing; the 2 others are counted")]
    [InlineData("""{"onHand":2}""", "items[1]: sku is missing; the 2 others are counted")]
    [InlineData("""{"sku":" \u200b","onHand":2}""", "items[1]: sku is missing; the 2 others are counted")]
    [InlineData("""{"sku":"B\u0000","onHand":2}""", "items[1]: sku has control characters; the 2 others are counted")]
    [InlineData("""{"sku":["Bob"],"onHand":2}""",
        "items[1]: sku is a JSON array, expected a text; the 2 others are counted")]
    [InlineData("\"Bob\"", "items[1]: is a JSON text, expected an object; the 2 others are counted")]
    [InlineData("null", "items[1]: is JSON null, expected an object; the 2 others are counted")]
    [InlineData("""{"sku":"A","onHand":6}""",
        "items[1] (SKU A): onHand is 6, and 5 in items[0]; neither counts; the other one is counted", "C=7")]
    [InlineData("""{"sku":" A ","onHand":-1}""",
        "items[1] (SKU A): onHand is -1; it must not be negative; nor does items[0] of this SKU count; "
        + "the other one is counted", "C=7")]
    [InlineData("""{"sku":"A","onHand":5.0}""", null)]
    [InlineData("""{"sku":"\u00a0A","onHand":"5"}""", null)]
    public void One_bad_row_costs_one_row(string row, string? left, string counted = "A=5 C=7")
    {
        var read = Read($$"""{"sku":"A","onHand":5},{{row}},{"sku":"C","onHand":7}""");

        Assert.Equal((counted, left), (Counted(read), read.Left));
    }

    [Fact]
    public void A_SKU_in_doubt_stays_in_doubt()
    {
        var read = Read(
            """{"sku":"A","onHand":1},{"sku":"A","onHand":2},{"sku":"A","onHand":1},{"sku":"B","onHand":-1},"""
            + """{"sku":"B","onHand":3}""");

        Assert.Equal("", Counted(read));
        Assert.Equal(
            "items[1] (SKU A): onHand is 2, and 1 in items[0]; neither counts; "
            + "items[2] (SKU A): does not count, since items[0] of this SKU does not; "
            + "items[3] (SKU B): onHand is -1; it must not be negative; "
            + "items[4] (SKU B): does not count, since items[3] of this SKU does not; nothing is counted", read.Left);
    }

    [Fact]
    public void Of_many_bad_rows_the_first_are_named_and_the_rest_are_a_number()
    {
        var sku = new string('漢', 255);
        var rows = Enumerable.Range(0, 10_000)
            .Select(at => $$"""{"sku":"{{sku[..^5]}}{{at:D5}}","onHand":{{(at % 2 == 0 ? 1 : -1)}}}""");

        var read = Read(string.Join(',', rows));

        Assert.Equal(5_000, Assert.IsType<StockCounted>(read.Change).Items.Count);
        Assert.EndsWith("; and 4995 more; the 5000 others are counted", read.Left!, StringComparison.Ordinal);
        Assert.InRange(read.Left!.Length, 100, 800);
    }

    [Fact]
    public void A_count_has_as_many_rows_as_its_body_has_room_for()
    {
        var rows = Enumerable.Range(0, 50_000).Select(at => $$"""{"sku":"SKU-{{at}}","onHand":{{at}}}""");

        var read = Read(string.Join(',', rows));

        Assert.Null(read.Left);
        var items = Assert.IsType<StockCounted>(read.Change).Items;
        Assert.Equal((50_000, new StockItem("SKU-49999", 49_999)), (items.Count, items[^1]));
    }

    [Fact]
    public void Spellings_of_one_SKU_are_one_SKU()
    {
        var read = Read("""{"sku":"CAFE\u0301","onHand":1},{"sku":"CAF\u00c9 ","onHand":1},{"sku":17,"onHand":2}""");

        Assert.Equal("CAF\u00C9=1 17=2", Counted(read));
    }

    private static string Counted(Reading.Understood read) => string.Join(
        ' ', Assert.IsType<StockCounted>(read.Change).Items.Select(item => $"{item.Sku}={item.OnHand}"));

    private static Reading.Understood Read(string rows) => Assert.IsType<Reading.Understood>(Source.Read(
        Deliveries.Receipt("", Encoding.UTF8.GetBytes($$"""
            {"type":"stock.counted","data":{"location":"east","asOf":"2026-08-01T11:00:00Z","items":[{{rows}}]} }
            """))));
}
