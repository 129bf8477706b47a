using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.ShipBob;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipBob;

public sealed class ShipBobSourceTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    internal const string Shipped = """
        {"id":910,"order_id":88,"reference_id":"ACME-1001-1","status":"Completed","status_details":[],
         "actual_fulfillment_date":"2026-08-01T11:30:00",
         "tracking":{"carrier":"UPS","tracking_number":"1Z9","tracking_url":"https://ups.example/1Z9"},
         "products":[
           {"id":5,"sku":"MUG","reference_id":"MUG","inventory_items":[
             {"id":41,"quantity":1,"lot":"A"},{"id":41,"quantity":2,"lot":"B"}]},
           {"id":6,"sku":null,"reference_id":"CAP","inventory_items":[{"id":42,"quantity":1}]}]}
        """;

    internal static ShipBobSource Source { get; } = new(
        new WarehouseSourceOptions { Secrets = [Secret], Warehouse = "bob" }, ["acme"]);

    [Theory]
    [InlineData("order.shipped")]
    [InlineData("order.shipment.tracking.updated")]
    [InlineData("order.shipment.delivered")]
    public void A_shipment_that_has_left_is_told_by_its_SKUs(string topic)
    {
        var made = Assert.IsType<ShipmentMade>(Opened.Understood(Accept(topic, Shipped)).Change);

        Assert.Equal(new OrderKey("acme", "1001"), made.Order);
        Assert.Equal(("acme-1001-1", "910", "UPS", "1Z9", "https://ups.example/1Z9"), (made.Shipment.Reference,
            made.Shipment.ShipmentId, made.Shipment.Carrier, made.Shipment.TrackingNumber, made.Shipment.TrackingUrl));
        Assert.Equal([new ShippedLine("", 3, "MUG"), new ShippedLine("", 1, "CAP")], made.Shipment.Lines);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 11, 30, 0, TimeSpan.Zero), made.Shipment.ShippedAt);
    }

    [Fact]
    public void The_topic_may_stand_in_the_body_and_the_shipment_in_its_data_or_its_order()
    {
        var wrapped = $$"""{"topic":"order.shipped","data":{{Shipped}}}""";
        Assert.IsType<ShipmentMade>(Opened.Understood(Accept(null, wrapped)).Change);

        var order = $$"""{"id":88,"reference_id":"acme-1001-1","status":"Fulfilled","shipments":[{{Shipped}}]}""";
        Assert.IsType<ShipmentMade>(Opened.Understood(Accept("order.shipped", order)).Change);

        var two = $$"""{"id":88,"reference_id":"acme-1001-1","shipments":[{{Shipped}},{{Shipped}}]}""";
        Assert.StartsWith(
            "shipments has 2 entries", Opened.Reason(Accept("order.shipped", two)), StringComparison.Ordinal);
    }

    /// <summary>The header is not signed: an old body under another topic must do nothing new.</summary>
    [Fact]
    public void What_has_become_of_a_shipment_its_status_tells_and_not_the_topic()
    {
        Assert.IsType<ShipmentMade>(Opened.Understood(Accept("order.shipment.cancelled", Shipped)).Change);

        var cancelled = Opened.Understood(Accept("order.shipped", With("status", "Cancelled")));
        Assert.Equal(new ReleaseCancelled(new OrderKey("acme", "1001"), "acme-1001-1"), cancelled.Change);
        Assert.StartsWith("status is missing", Opened.Reason(Accept("order.shipped", With("status", null))),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OnHold", "ignored: shipment 910 of acme-1001-1 is OnHold there (MissingStreet): a person must")]
    [InlineData("Exception", "ignored: shipment 910 of acme-1001-1 is Exception there (MissingStreet): a person must")]
    [InlineData("Processing", "ignored: shipment 910 of acme-1001-1 is Processing: nothing has left")]
    public void What_has_not_left_is_noted_for_people(string status, string reason)
    {
        var body = JsonNode.Parse(With("status", status))!;
        body["status_details"] = JsonNode.Parse("""[{"id":1,"name":"MissingStreet","description":"12 Willow"}]""");

        var said = Opened.Reason(Accept("order.shipment.on_hold", body.ToJsonString()));

        Assert.StartsWith(reason, said, StringComparison.Ordinal);
        Assert.DoesNotContain("Willow", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return.created")]
    [InlineData("billing.charge.created")]
    [InlineData("wro.completed")]
    public void Other_events_are_ignored(string topic) => Assert.Equal(
        $"ignored: topic {topic} is not one that we act on", Opened.Reason(Accept(topic, Shipped)));

    [Theory]
    [InlineData("reference_id", "other-1001-1", "ignored: reference_id fits no configured storefront")]
    [InlineData("reference_id", "", "reference_id is missing")]
    [InlineData("id", "x", "id must be made of digits")]
    [InlineData("actual_fulfillment_date", "soon", "actual_fulfillment_date is no ISO 8601 time")]
    public void What_is_not_understood_says_why(string field, string value, string reason) => Assert.StartsWith(
        reason, Opened.Reason(Accept("order.shipped", With(field, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "products is missing or empty")]
    [InlineData("""[{"sku":"MUG","inventory_items":[]}]""", "products[0].inventory_items is missing or empty")]
    [InlineData("""[{"inventory_items":[{"id":1,"quantity":1}]}]""", "products[0].reference_id is missing")]
    [InlineData("""[{"sku":"MUG","inventory_items":[{"id":1,"quantity":0}]}]""", "products has 0 units of one SKU")]
    [InlineData("""[{"sku":"SET","inventory_items":[{"id":1,"quantity":1},{"id":2,"quantity":1}]}]""",
        "products[0].inventory_items is of several items: a bundle's units cannot be told")]
    public void Products_whose_units_cannot_be_told_need_a_person(string products, string reason)
    {
        var body = JsonNode.Parse(Shipped)!;
        body["products"] = JsonNode.Parse(products);

        Assert.StartsWith(
            reason, Opened.Reason(Accept("order.shipped", body.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_that_is_not_there_or_has_not_come_counts_as_of_the_arrival()
    {
        foreach (var time in (string?[])[null, "2026-08-01T13:00:00Z"])
        {
            var made = (ShipmentMade)Opened.Understood(
                Accept("order.shipped", With("actual_fulfillment_date", time))).Change;
            Assert.Equal(Deliveries.Now, made.Shipment.ShippedAt);
        }
    }

    [Fact]
    public void A_redelivery_has_the_key_of_the_first_and_a_forgery_is_refused()
    {
        var first = Opened.Understood(Accept("order.shipped", Shipped));
        Assert.Equal(first.EventKey, Opened.Understood(Accept("order.shipment.delivered", Shipped)).EventKey);

        var headers = Headers("order.shipped", Shipped);
        Assert.IsType<Verification.Forged>(
            Source.Verify(headers, Shipped.Replace("1Z9", "2Z9", StringComparison.Ordinal)));
        Assert.Equal("bob", Source.Warehouse);
    }

    private static string With(string field, string? value)
    {
        var body = JsonNode.Parse(Shipped)!;
        body[field] = value;
        return body.ToJsonString();
    }

    private static Reading Accept(string? topic, string body) => Source.Accept(Headers(topic, body), body);

    private static HeaderDictionary Headers(string? topic, string body)
    {
        var headers = Deliveries.SignedByStandard(Secret, Encoding.UTF8.GetBytes(body), Deliveries.Now);
        if (topic is not null)
            headers[ShipBobSource.TopicHeader] = topic;
        return headers;
    }
}
