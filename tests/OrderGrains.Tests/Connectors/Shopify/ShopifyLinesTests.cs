using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

/// <summary>The second line of the sample, 518995019, of which one unit was sold.</summary>
public sealed class ShopifyLinesTests
{
    [Theory]
    [InlineData("return", 5, 3, 5)] // 5 sold, 2 came back after shipping: 5 went out in all.
    [InlineData("no_restock", 5, 3, 3)]
    [InlineData("cancel", 5, 3, 3)]
    [InlineData("legacy_restock", 5, 3, 3)]
    public void Returned_units_had_been_shipped_and_count(string restock, int sold, int current, int quantity) =>
        Assert.Equal(quantity, Line(
            ("line_items/1/quantity", $"{sold}"), ("line_items/1/current_quantity", $"{current}"),
            Refund(restock, 2)).Quantity);

    [Theory]
    [InlineData("return", 5, 5)]
    [InlineData("no_restock", 5, 3)]
    [InlineData("cancel", 1, 0)]
    public void Without_a_current_quantity_refunded_units_are_taken_from_the_sold(
        string restock, int sold, int quantity)
    {
        Assert.Equal(quantity, Line(
            ("line_items/1/quantity", $"{sold}"), ("line_items/1/current_quantity", null),
            Refund(restock, 2)).Quantity);
    }

    [Fact]
    public void Only_fulfilments_that_succeeded_count_and_they_add_up()
    {
        const string item = """{"id":518995019,"quantity":2}""";

        var fulfilments = ShopifySample.Snapshot(ShopifySample.With(("fulfillments", $$"""
            [
              {"id":1,"status":"success","tracking_number":"T1","tracking_numbers":["T1","T2"],
                "line_items":[{{item}},{{item}}]},
              {"id":2,"status":"success","line_items":[{{item}},{"id":466157049,"quantity":9}]},
              {"status":"cancelled","line_items":[{{item}}]},
              {"status":"pending","line_items":[{{item}}]},
              {"status":null}
            ]
            """))).Fulfilments;

        Assert.Equal(["1", "2"], fulfilments.Select(f => f.Id), StringComparer.Ordinal);
        Assert.Equal(["T1", "T2"], fulfilments[0].TrackingNumbers, StringComparer.Ordinal);
        Assert.Equal([new ShippedLine("518995019", 4)], fulfilments[0].Lines);
        Assert.Equal([new ShippedLine("518995019", 2), new ShippedLine("466157049", 9)], fulfilments[1].Lines);
    }

    [Theory]
    [InlineData("true", "false", true)]
    [InlineData("null", "null", true)]
    [InlineData(null, null, true)]
    [InlineData("false", "false", false)]
    [InlineData("true", "true", false)]
    public void Gift_cards_and_services_are_not_shippable(string? requiresShipping, string? giftCard, bool shippable) =>
        Assert.Equal(shippable, Line(
            ("line_items/1/requires_shipping", requiresShipping), ("line_items/1/gift_card", giftCard)).Shippable);

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    [InlineData("\"A\\u0000B\"")]
    [InlineData("\"A\\tB\"")]
    [InlineData("[7]")]
    public void A_blank_SKU_is_none_and_so_is_one_that_no_stock_can_have(string? sku) =>
        Assert.Null(Line(("line_items/1/sku", sku)).Sku);

    [Theory]
    [InlineData("\"\\u00a0CAFE\\u0301 \"", "CAF\u00C9")]
    [InlineData("4006381333931", "4006381333931")]
    public void A_SKU_is_spelled_as_it_is_in_counts(string json, string sku) =>
        Assert.Equal(sku, Line(("line_items/1/sku", json)).Sku);

    [Fact]
    public void Refunds_that_are_not_listed_are_unknown_and_an_empty_list_is_known()
    {
        Assert.Null(ShopifySample.Snapshot(ShopifySample.With("refunds", null)).RefundIds);
        Assert.Empty(ShopifySample.Snapshot(ShopifySample.With("refunds", "[]")).RefundIds!);
    }

    private static (string, string?) Refund(string restock, int units) => ("refunds", $$"""
        [{"id":7,"refund_line_items":[
          {"line_item_id":518995019,"quantity":{{units}},"restock_type":"{{restock}}"},
          {"line_item_id":404,"quantity":1,"restock_type":"{{restock}}"}]}]
        """);

    private static SnapshotLine Line(params (string Path, string? Json)[] changes) =>
        ShopifySample.Snapshot(ShopifySample.With(changes)).Lines[1];
}
