using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce;

/// <summary>Which lines go out, and how many units of them.</summary>
public sealed class WooCommerceLinesTests
{
    [Theory]
    [InlineData("2.0", 2)]
    [InlineData("\"2\"", 2)]
    [InlineData("0", 0)]
    public void Units_may_be_written_as_plugins_write_them(string quantity, int units) =>
        Assert.Equal(units, Lines(("line_items/0/quantity", quantity))[0].Quantity);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData(null)]
    public void A_line_may_have_no_SKU(string? sku)
    {
        var line = Lines(("line_items/0/sku", sku))[0];
        Assert.Null(line.Sku);
        Assert.True(line.Shippable);
    }

    [Fact]
    public void Of_an_order_of_downloads_nothing_is_sent_but_what_the_shop_knows_no_more() => Assert.Equal(
        [false, true],
        Lines(("needs_processing", "false"), ("line_items/1/sku", "null")).Select(line => line.Shippable));

    [Theory]
    [InlineData("IPOD2008PINK", true)]
    [InlineData(" IPOD2008PINK ", true)]
    [InlineData("IPOD*", true)]
    [InlineData("IPOD", false)]
    [InlineData("ipod*", false)]
    public void What_the_configuration_says_is_not_shipped_is_not(string pattern, bool notShipped)
    {
        var shop = WooCommerceSample.Shop(options => options.NotShipped.Add(pattern));

        Assert.Equal([!notShipped, true],
            WooCommerceSample.Snapshot(WooCommerceSample.Order, shop).Lines.Select(line => line.Shippable));
    }

    /// <summary>Line 1 is the whole, 2 and 3 are its parts.</summary>
    [Theory]
    // Unassembled: the whole is nothing by itself.
    [InlineData(null, "yes", "yes", Assembled.Whole, "2 3")]
    [InlineData(null, null, null, Assembled.Whole, "2 3")]
    [InlineData(null, "yes", "no", Assembled.Whole, "2")]
    // Assembled: the parts are in it, but for one that goes apart.
    [InlineData("0.4", "no", "no", Assembled.Whole, "1")]
    [InlineData("", "no", "yes", Assembled.Whole, "1 3")]
    [InlineData("0.4", "no", "no", Assembled.Parts, "2 3")]
    // A whole that says nothing, with parts that say no: nothing is left out in silence.
    [InlineData(null, "no", "no", Assembled.Whole, "1")]
    public void Of_a_bundle_the_whole_goes_or_its_parts(
        string? weight, string? second, string? third, Assembled rule, string sent)
    {
        var shop = WooCommerceSample.Shop(options => options.Assembled = rule);
        Assert.Equal(sent, Sent($$"""
            [{"id":1,"sku":"SET","quantity":1,"bundled_by":"","bundled_items":[2,3],
                "meta_data":[{{Meta("_bundle_weight", weight)}}]},
             {"id":2,"sku":"MUG","quantity":1,"bundled_by":1,"bundled_items":[],
                "meta_data":[{{Meta("_bundled_item_needs_shipping", second)}}]},
             {"id":3,"sku":"TEA","quantity":1,"bundled_by":"1","bundled_items":[],
                "meta_data":[{{Meta("_bundled_item_needs_shipping", third)}}]}]
            """, shop));
        Assert.Equal(sent, Sent($$"""
            [{"id":1,"sku":"SET","quantity":1,"composite_parent":"","composite_children":["2","3"],
                "meta_data":[{{Meta("_composite_weight", weight)}}]},
             {"id":2,"sku":"MUG","quantity":1,"composite_parent":"1","composite_children":[],
                "meta_data":[{{Meta("_composite_item_needs_shipping", second)}}]},
             {"id":3,"sku":"TEA","quantity":1,"composite_parent":"1","composite_children":[],
                "meta_data":[{{Meta("_composite_item_needs_shipping", third)}}]}]
            """, shop));
    }

    [Fact]
    public void A_bundle_within_a_composite_product_is_a_part_and_a_whole()
    {
        Assert.Equal("4 5", Sent("""
            [{"id":1,"sku":"DESK","quantity":1,"composite_parent":"","meta_data":[]},
             {"id":2,"sku":"KIT","quantity":1,"composite_parent":"1","bundled_by":"","meta_data":[]},
             {"id":4,"sku":"LEG","quantity":4,"composite_parent":"","bundled_by":"2","meta_data":[]},
             {"id":5,"sku":"TOP","quantity":1,"composite_parent":"1","meta_data":[]}]
            """));
        Assert.Equal("2 3", Sent("""
            [{"id":1,"sku":"BOX","quantity":1,"mnm_child_of":"","mnm_child_items":[2,3],"meta_data":[]},
             {"id":2,"sku":"MUG","quantity":1,"mnm_child_of":1,"meta_data":[]},
             {"id":3,"sku":"TEA","quantity":1,"mnm_child_of":1,"meta_data":[]}]
            """));
    }

    [Fact]
    public void Refunded_units_that_the_shop_took_back_into_its_stock_are_not_sent()
    {
        var (line, note) = Refunded("""[{"id":13,"reason":"","total":"-199.00"}]""", restocked: "\"1\"");
        Assert.Equal((1, null), (line.Quantity, note));
        Assert.Equal(0, Refunded("""[{"id":13,"total":"-999.00"}]""", restocked: "7").Line.Quantity);
    }

    [Fact]
    public void A_refund_without_lines_takes_nothing_off_and_says_so()
    {
        var (line, note) = Refunded("""[{"id":13,"total":"-5.00"},{"id":15,"total":"-1.00"}]""", restocked: "0");

        Assert.Equal(2, line.Quantity);
        Assert.Equal("refund 13, 15 gave money back and names no lines, so that all of it is still to be sent: if that "
            + "is wrong, cancel the order or change its lines in the shop", note);
    }

    [Fact]
    public void Once_nothing_is_to_be_sent_it_says_nothing_of_refunds() => Assert.Null(
        Assert.IsType<Reading.Understood>(WooCommerceSample.Read("order.updated", WooCommerceSample.With(
            ("refunds", """[{"id":13,"total":"-5.00"}]"""), ("status", "\"completed\"")))).Note);

    [Fact]
    public void Lines_that_a_shop_adds_to_its_refunds_count()
    {
        const string item = """
            {"id":90,"quantity":-1,"meta_data":[{"id":1,"key":"_refunded_item_id","value":"1"}]}
            """;

        var (line, note) = Refunded($$"""
            [{"id":13,"line_items":[{{item}}]},{"id":15,"line_items":[]}]
            """, restocked: "0");
        Assert.Equal((1, null), (line.Quantity, note));
        Assert.Equal(0, Refunded($$"""
            [{"id":13,"line_items":[{{item}}]},{"id":15,"line_items":[{{item}}]}]
            """, restocked: "1").Line.Quantity);
    }

    private static (SnapshotLine Line, string? Note) Refunded(string refunds, string restocked)
    {
        var body = WooCommerceSample.With(
            ("refunds", refunds),
            ("line_items/0/meta_data", $$"""[{"id":1,"key":"_restock_refunded_items","value":{{restocked}}}]"""));
        var understood = Assert.IsType<Reading.Understood>(WooCommerceSample.Read("order.updated", body));
        return (Assert.IsType<OrderStated>(understood.Change).Snapshot.Lines[0], understood.Note);
    }

    private static string Meta(string key, string? value) => value is null
        ? """{"id":1,"key":"_stamp","value":{"a":[1]}}"""
        : $$"""{"id":1,"key":"_stamp","value":[]},{"id":2,"key":"{{key}}","value":"{{value}}"}""";

    private static string Sent(string lines, WooCommerceSource? shop = null) => string.Join(' ',
        WooCommerceSample.Snapshot(WooCommerceSample.With(("line_items", lines)), shop).Lines
            .Where(line => line.Shippable).Select(line => line.LineId));

    private static IReadOnlyList<SnapshotLine> Lines(params (string, string?)[] changes) =>
        WooCommerceSample.Snapshot(WooCommerceSample.With(changes)).Lines;
}
