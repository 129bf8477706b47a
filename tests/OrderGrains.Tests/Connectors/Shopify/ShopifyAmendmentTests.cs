using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

public sealed class ShopifyAmendmentTests
{
    // The shape is that of shopify.dev's webhook reference, "orders/edited"; the values are its examples.
    private const string Edited = """
        {"order_edit":{"id":78912328793,"app_id":null,"created_at":"2026-01-01T00:00:00Z",
        "committed_at":"2026-01-01T00:00:05+01:00","order_id":820982911946154508,"staff_note":"",
        "line_items":{"additions":[{"id":1,"delta":2},{"id":3,"delta":1}],
        "removals":[{"id":2,"delta":1},{"id":3,"delta":1}]}}}
        """;

    private const string Refunded = """
        {"id":509562969,"order_id":450789469,"created_at":"2025-04-02T11:29:59-05:00","processed_at":null,
        "refund_line_items":[
          {"id":1,"line_item_id":703073504,"quantity":1,"restock_type":"cancel"},
          {"id":2,"line_item_id":703073504,"quantity":2,"restock_type":"no_restock"},
          {"id":3,"line_item_id":466157049,"quantity":1,"restock_type":"return"}]}
        """;

    [Fact]
    public void An_edit_adds_and_removes_units_of_its_lines()
    {
        var amended = Amended("orders/edited", Edited);

        Assert.Equal(new OrderKey("acme", "820982911946154508"), amended.Order);
        Assert.Equal("78912328793", amended.Amendment.Id);
        Assert.Equal(new DateTimeOffset(2025, 12, 31, 23, 0, 5, TimeSpan.Zero), amended.Amendment.At);
        Assert.Equal([new AmendedLine("1", 2), new AmendedLine("2", -1)], amended.Amendment.Lines);
    }

    [Fact]
    public void An_edit_without_a_time_is_as_old_as_its_arrival() => Assert.Equal(
        Deliveries.Now,
        Amended("orders/edited", Edited.Replace("committed_at", "seen_at", StringComparison.Ordinal)).Amendment.At);

    [Fact]
    public void A_refund_takes_units_away_save_those_that_came_back()
    {
        var amended = Amended("refunds/create", Refunded);

        Assert.Equal(new OrderKey("acme", "450789469"), amended.Order);
        Assert.Equal("509562969", amended.Amendment.Id);
        Assert.Equal(new DateTimeOffset(2025, 4, 2, 16, 29, 59, TimeSpan.Zero), amended.Amendment.At);
        Assert.Equal([new AmendedLine("703073504", -3)], amended.Amendment.Lines);
    }

    [Fact]
    public void A_refund_of_money_alone_changes_no_line()
    {
        var amended = Amended(
            "refunds/create",
            """{"id":1,"order_id":2,"processed_at":"2026-01-01T00:00:00Z","refund_line_items":[]}""");

        Assert.Empty(amended.Amendment.Lines);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), amended.Amendment.At);
    }

    [Fact]
    public void The_refund_of_the_sample_has_one_id_by_either_way()
    {
        var amended = Amended("refunds/create", Refunded);

        Assert.Equal([amended.Amendment.Id], ShopifySample.Snapshot(ShopifySample.Order).RefundIds!);
    }

    [Theory]
    [InlineData("orders/edited", """{"id":1}""", "order_edit is missing")]
    [InlineData("orders/edited", """{"order_edit":{"id":1}}""", "order_edit.order_id is missing")]
    [InlineData("orders/edited", """{"order_edit":{"id":1,"order_id":2}}""", "order_edit.line_items is missing")]
    [InlineData("orders/edited", """{"order_edit":{"id":1,"order_id":2,"committed_at":"2026-01-01T00:00:00Z"}}""",
        "order_edit.line_items is missing")]
    [InlineData("orders/edited",
        """
        {"order_edit":{"id":1,"order_id":2,"committed_at":"2026-01-01T00:00Z",
        "line_items":{"additions":[{"id":1,"delta":-1}]}}}
        """,
        "order_edit.line_items.additions[0].delta is -1; it must not be negative")]
    [InlineData("refunds/create", """{"id":1,"created_at":"2026-01-01T00:00:00Z","refund_line_items":[]}""",
        "order_id is missing")]
    [InlineData("refunds/create", """{"id":1,"order_id":2,"refund_line_items":[]}""", "created_at is missing")]
    [InlineData("refunds/create", """{"id":1,"order_id":2,"created_at":"2026-01-01T00:00:00Z"}""",
        "refund_line_items is missing")]
    public void A_fault_names_the_field_and_the_rule(string topic, string body, string reason) =>
        Assert.Equal(new Reading.Unreadable(reason), ShopifySample.Read(topic, body));

    [Theory]
    [InlineData("orders/edited", Refunded)]
    [InlineData("orders/create", Refunded)]
    [InlineData("orders/delete", Refunded)]
    [InlineData("refunds/create", Edited)]
    [InlineData("orders/create", Edited)]
    [InlineData("orders/delete", Edited)]
    [InlineData("orders/create", """{"id":820982911946154508}""")]
    public void Replayed_under_another_topic_it_is_unreadable(string topic, string body) =>
        Assert.IsType<Reading.Unreadable>(ShopifySample.Read(topic, body));

    private static OrderAmended Amended(string topic, string body)
    {
        var understood = Assert.IsType<Reading.Understood>(ShopifySample.Read(topic, body));
        Assert.Equal($"{topic}:d-1", understood.EventKey);
        return Assert.IsType<OrderAmended>(understood.Change);
    }
}
