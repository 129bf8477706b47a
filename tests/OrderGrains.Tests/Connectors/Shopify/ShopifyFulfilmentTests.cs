using System.Text;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

/// <summary>A parcel that comes by itself, made of Shopify's own example.</summary>
public sealed class ShopifyFulfilmentTests
{
    private static readonly DateTimeOffset Updated = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("fulfillments/create")]
    [InlineData("fulfillments/update")]
    public void One_that_has_gone_states_its_units_and_numbers_under_either_topic(string topic)
    {
        var understood = Assert.IsType<Reading.Understood>(ShopifySample.Read(topic, With(
            ("status", "\"success\""), ("tracking_number", "\"T1\""), ("tracking_numbers", "[\"T1\",\"T2\"]"),
            ("line_items/0/quantity", "2"))));

        var stated = Assert.IsType<FulfilmentStated>(understood.Change);
        Assert.Equal($"{topic}:d-1", understood.EventKey);
        Assert.Equal(new OrderKey("acme", "820982911946154500"), stated.Order);
        Assert.Equal(("123456", Updated), (stated.Fulfilment.Id, stated.At));
        Assert.Equal(["T1", "T2"], stated.Fulfilment.TrackingNumbers, StringComparer.Ordinal);
        Assert.Equal(new ShippedLine("487817672276298560", 2), stated.Fulfilment.Lines[0]);
        Assert.Equal(5, stated.Fulfilment.Lines.Count);
    }

    [Fact]
    public void One_that_was_taken_back_has_no_units()
    {
        var understood = Assert.IsType<Reading.Understood>(
            ShopifySample.Read("fulfillments/update", With(("status", "\"cancelled\""))));

        Assert.Empty(Assert.IsType<FulfilmentStated>(understood.Change).Fulfilment.Lines);
    }

    [Theory]
    [InlineData("\"pending\"")]
    [InlineData("\"open\"")]
    [InlineData("\"error\"")]
    [InlineData("\"failure\"")]
    [InlineData("null")]
    public void One_that_is_neither_is_ignored(string status) => Assert.IsType<Reading.Ignored>(
        ShopifySample.Read("fulfillments/update", With(("status", status))));

    [Theory]
    [InlineData("order_id", null, "order_id is missing")]
    [InlineData("id", null, "id is missing")]
    [InlineData("updated_at", null, "updated_at is missing")]
    [InlineData("line_items", null, "line_items is missing")]
    [InlineData("line_items/1/quantity", "-1", "line_items[1].quantity is -1; it must not be negative")]
    [InlineData("tracking_number", null, "the body is not a fulfilment: it has no tracking_number, be it null")]
    [InlineData("admin_graphql_api_id", "\"gid://shopify/DraftOrder/1\"",
        "admin_graphql_api_id is not that of a fulfilment")]
    public void A_fault_names_the_field_and_the_rule(string path, string? json, string reason) => Assert.Equal(
        reason, ShopifySample.Unreadable("fulfillments/create", With(("status", "\"success\""), (path, json))));

    [Theory]
    [InlineData("on_hold", "fulfilment order 7 is on hold in the shop, ")]
    [InlineData("open", "fulfilment order 7 is no longer on hold in the shop, ")]
    [InlineData("cancelled", "fulfilment order 7 is no longer on hold in the shop, ")]
    public void A_hold_is_what_the_body_says_under_either_topic(string status, string begins)
    {
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/7","status":"{{{status}}}"}}""");

        foreach (var topic in (string[])["fulfillment_orders/placed_on_hold", "fulfillment_orders/hold_released"])
            Assert.StartsWith(begins, ShopifySample.Unreadable(topic, body), StringComparison.Ordinal);
    }

    /// <summary>A shop that can be asked is asked, and what it says then holds, whatever the body said.</summary>
    [Theory]
    [InlineData("fulfillment_orders/placed_on_hold", "fulfillment_order", "ON_HOLD", true)]
    [InlineData("fulfillment_orders/placed_on_hold", "fulfillment_order", "OPEN", false)]
    [InlineData("fulfillment_orders/hold_released", "fulfillment_order", "ON_HOLD", true)]
    [InlineData("fulfillment_orders/cancelled", "fulfillment_order", "CANCELLED", false)]
    [InlineData("fulfillment_orders/moved", "moved_fulfillment_order", "OPEN", false)]
    public void Whose_a_fulfilment_order_is_says_the_shop(string topic, string name, string status, bool isHeld)
    {
        var source = new ShopifySource(
            "acme", new ShopifyOptions { Secrets = ["hush"] }, new PartFetching(new ShopifyShopOptions()));
        var receipt = Deliveries.Receipt(topic, Encoding.UTF8.GetBytes($$$"""
            {"{{{name}}}":{"id":"gid://shopify/FulfillmentOrder/7","status":"on_hold"},
             "destination_location_id":"gid://shopify/Location/5"}
            """));
        Assert.Equal(
            "gid://shopify/FulfillmentOrder/7",
            Assert.IsType<Reading.Fetch>(source.Read(receipt)).Address.OriginalString);

        var at = Deliveries.Now.AddSeconds(3);
        var understood = Assert.IsType<Reading.Understood>(source.Read(Fetched(at, $$"""
            {"orderId":"gid://shopify/Order/12","parts":[
             {"id":"gid://shopify/FulfillmentOrder/8","status":"OPEN","fulfillmentHolds":[]},
             {"id":"gid://shopify/FulfillmentOrder/7","status":"{{status}}",
             "fulfillmentHolds":[{"displayReason":"Fraud","reasonNotes":"ask Ada"},{"displayReason":"Other"}]}]}
            """)));
        var stated = Assert.IsType<PartsStated>(understood.Change);
        Assert.Equal((new OrderKey("acme", "12"), at), (stated.Order, stated.At));
        Assert.Equal(
            [
                ("fulfilment order 8", false, null),
                ("fulfilment order 7", isHeld, isHeld ? "Fraud: ask Ada; Other" : null),
            ],
            stated.Parts.Select(part => (part.Id, part.IsHeld, part.Said)));
        Assert.Equal(
            (isHeld ? "the shop holds fulfilment order 7" : "the shop holds no part of it")
                + "; it has moved fulfilment order 7 to its location 5", stated.What);
        Assert.Equal(
            new Reading.Unreadable("what was fetched: parts is missing"),
            source.Read(Fetched(at, """{"orderId":"gid://shopify/Order/12"}""")));

        Receipt Fetched(DateTimeOffset when, string body) =>
            receipt with { Fetched = new FetchedDocument(Encoding.UTF8.GetBytes(body), when) };
    }

    [Theory]
    [InlineData("fulfillment_orders/placed_on_hold", "{}", "fulfillment_order is missing")]
    [InlineData("fulfillment_orders/placed_on_hold", """{"fulfillment_order":{"id":"7","status":"open"}}""",
        "fulfillment_order.id is not the global id of a FulfillmentOrder")]
    [InlineData("fulfillment_orders/cancelled",
        """{"fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/7 Ada","status":"open"}}""",
        "fulfillment_order.id is not the global id of a FulfillmentOrder")]
    [InlineData("fulfillment_orders/moved",
        """{"moved_fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/7","status":"open"}}""",
        "destination_location_id is missing")]
    public void A_fault_of_a_fulfilment_order_names_the_field_and_the_rule(string topic, string body, string reason) =>
        Assert.Equal(new Reading.Unreadable(reason), ShopifySample.Read(topic, body));

    [Theory]
    [InlineData("inventory_levels/update", """{"inventory_item_id":8,"location_id":6,"available":-42}""",
        "inventory item 8 at location 6: the shop has -42 available; that is noted and never taken as a count, since "
        + "the warehouse counts")]
    [InlineData("inventory_levels/update", """{"inventory_item_id":8,"location_id":6,"available":"Ada"}""",
        "inventory item 8 at location 6: the shop has an unknown number available; that is noted and never taken as a "
        + "count, since the warehouse counts")]
    [InlineData("inventory_items/update", """{"id":8,"sku":" mug\n"}""",
        "inventory item 8 has SKU mug: orders have the SKUs that they state themselves, and the warehouse counts")]
    [InlineData("products/update",
        """
        {"id":9,"variants":[{"sku":"A","inventory_quantity":1},{"sku":"B"},{},{"sku":"D","inventory_quantity":4},
        {"sku":"E","inventory_quantity":5},{"sku":"F"},{"sku":"G"}]}
        """,
        "product 9: the shop has 1 of SKU A, an unknown number of SKU B, an unknown number of no SKU, 4 of SKU D, 5 of "
        + "SKU E and 2 more variants; that is noted and never taken as a count, since the warehouse counts")]
    public void Stock_is_shown_and_never_counted(string topic, string body, string reason) =>
        Assert.Equal(new Reading.Ignored(reason), ShopifySample.Read(topic, body));

    [Fact]
    public void An_event_of_an_order_states_no_order_and_is_parked() => Assert.StartsWith(
        "it is of Shopify's Events, which do not state whole orders: ",
        ShopifySample.Unreadable("Order", """{"topic":"Order","action":"update"}"""u8.ToArray()),
        StringComparison.Ordinal);

    private static byte[] With(params (string Path, string? Json)[] changes) =>
        AlteredJson.Of(ShopifyExamples.Newest("fulfillments/create"), changes);
}
