using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Events;

/// <summary>Our own form of what a storefront tells, as a source of kind StandardWebhooks reads it.</summary>
public sealed class OrderEventsTests
{
    private static readonly IWebhookSource Source =
        Opened.Source("""
            "Kind":"StandardWebhooks","Secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
            """);

    [Theory]
    [InlineData("order.placed")]
    [InlineData("order.updated")]
    [InlineData("Order.Updated")]
    public void An_order_is_stated_whole_whichever_of_its_types_says_so(string type)
    {
        var understood = Opened.Understood(Read(type, OrderSample.Placed));

        Assert.Equal($"{type.ToLowerInvariant()}:d-1", understood.EventKey);
        var stated = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal(new OrderKey("shop", "A-1001"), stated.Order);
        var order = stated.Snapshot;
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 8, 0, 1, 500, TimeSpan.Zero), order.UpdatedAt);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 8, 0, 0, TimeSpan.Zero), order.PlacedAt);
        Assert.Equal("#1001", order.Number);
        Assert.Equal(Payment.Paid, order.Payment);
        Assert.False(order.Held);
        Assert.Equal(
            [
                new SnapshotLine { LineId = "l-1", Sku = "MUG", Quantity = 2 },
                new SnapshotLine { LineId = "l-2", Sku = "GIFT", Quantity = 1, Shippable = false },
            ],
            order.Lines);
        Assert.Equal(
            new ShipTo
            {
                Name = "Ada Marsh",
                Company = "Marsh & Co",
                Address1 = "12 Willow Street",
                Address2 = "2nd floor",
                City = "Portland",
                Province = "OR",
                PostalCode = "97201",
                CountryCode = "US",
                Phone = "+1 503 555 0100",
                Email = "ada@example.com",
            },
            order.ShipTo);
        Assert.Equal("Express", order.ShippingMethod);
        Assert.Null(order.RefundIds);
    }

    [Fact]
    public void An_order_is_paid_and_not_held_unless_it_says_otherwise()
    {
        var quiet = Stated(With(OrderSample.Placed, ("paid", null), ("held", null), ("shipTo", null)));
        Assert.Equal((Payment.Paid, false), (quiet.Payment, quiet.Held));
        Assert.Null(quiet.ShipTo);

        var loud = Stated(With(OrderSample.Placed, ("paid", "false"), ("held", "true")));
        Assert.Equal((Payment.Pending, true), (loud.Payment, loud.Held));
    }

    [Fact]
    public void A_line_without_a_SKU_is_there_and_left_to_a_person() => Assert.Null(
        Stated(With(OrderSample.Placed, ("lines/0/sku", "\" \""))).Lines[0].Sku);

    [Fact]
    public void A_cancellation_names_its_order_and_why()
    {
        Assert.Equal(
            new Reading.Understood(
                new OrderCancelled(new OrderKey("shop", "A-1001"), "cancelled in the storefront")
                {
                    Said = "changed her mind",
                },
                "order.cancelled:d-1"),
            Read("order.cancelled", OrderSample.Cancelled));
        Assert.Null(Assert.IsType<OrderCancelled>(
            Opened.Understood(Read("order.cancelled", """{"orderId":7}""")).Change).Said);
    }

    [Fact]
    public void A_refund_takes_away_the_units_that_it_names()
    {
        var understood = Opened.Understood(Read("order.linesRefunded", OrderSample.Refunded));

        Assert.Equal("order.linesRefunded:d-1", understood.EventKey);
        var amendment = Assert.IsType<OrderAmended>(understood.Change).Amendment;
        Assert.Equal((AmendmentKind.Refund, "r-1"), (amendment.Kind, amendment.Id));
        Assert.Equal([new AmendedLine("l-1", -1)], amendment.Lines);
    }

    [Theory]
    [InlineData("2026-08-01T09:00:00Z", true)]
    [InlineData("2026-08-01T09:00:01Z", true)]
    [InlineData("2026-08-01T08:59:59Z", false)]
    public void An_order_of_the_refunds_time_or_a_later_one_shows_it_already(string updatedAt, bool shows)
    {
        var order = Stated(With(OrderSample.Placed, ("updatedAt", $"\"{updatedAt}\"")));
        var refund = Assert.IsType<OrderAmended>(
            Opened.Understood(Read("order.linesRefunded", OrderSample.Refunded)).Change).Amendment;

        Assert.Equal(shows, ShownAmendments.IsShown(order, earlier: null, refund));
    }

    /// <summary>Where the type is not signed, a captured body may come back under any.</summary>
    [Fact]
    public void No_body_can_be_taken_for_that_of_another_type()
    {
        (string Type, string Data)[] bodies =
        [
            ("order.placed", OrderSample.Placed),
            ("order.placed", With(OrderSample.Placed, ("lines", null), ("resourceUrl", "\"https://shop.example/1\""))),
            ("order.cancelled", OrderSample.Cancelled),
            ("order.linesRefunded", OrderSample.Refunded),
        ];
        foreach (var (own, data) in bodies)
        {
            foreach (var type in (string[])["order.placed", "order.cancelled", "order.linesRefunded"])
            {
                if (type != own)
                    Assert.IsType<Reading.Unreadable>(Read(type, data));
            }
        }
    }

    [Theory]
    [InlineData("orderId", null, "data.orderId is missing")]
    [InlineData("orderId", "{}", "data.orderId is a JSON object, expected a text")]
    [InlineData("orderId", "\"a\\nb\"", "data.orderId has control characters")]
    [InlineData("number", null, "data.number is missing")]
    [InlineData("placedAt", null, "data.placedAt is missing")]
    [InlineData("updatedAt", "null", "data.updatedAt is missing")]
    [InlineData("updatedAt", "\"2026-08-01T10:00:00\"", "data.updatedAt has no time zone")]
    [InlineData("updatedAt", "1785585600", "data.updatedAt is no ISO 8601 time")]
    [InlineData("updatedAt", "\"2026-08-02T12:00:01Z\"", "data.updatedAt is more than a day ahead of its arrival")]
    [InlineData("paid", "\"\"", "data.paid is empty, expected true or false")]
    [InlineData("paid", "null", "data.paid is empty, expected true or false")]
    [InlineData("paid", "\"perhaps\"", "data.paid is a JSON text, expected true or false")]
    [InlineData("refundId", "\"r-1\"", "data.refundId belongs to order.linesRefunded: this is not a whole order")]
    [InlineData("lines", null, "data.lines is missing")]
    [InlineData("lines", "[]", "data.lines has no entry: to drop an order send order.cancelled")]
    [InlineData("lines", "{}", "data.lines is a JSON object, expected an array")]
    [InlineData("lines/0/lineId", null, "data.lines[0].lineId is missing")]
    [InlineData("lines/1/lineId", "\"L-1\"", "data.lines[1].lineId is that of an earlier line")]
    [InlineData("lines/0/quantity", "-1", "data.lines[0].quantity is -1; it must not be negative")]
    [InlineData("lines/0/quantity", "1000001", "data.lines[0].quantity is 1000001; the limit is 1000000")]
    [InlineData("shipTo", "\"12 Willow Street\"", "data.shipTo is a JSON text, expected an object")]
    public void A_fault_names_the_field_and_the_rule(string path, string? json, string reason) =>
        Assert.Equal(reason, Opened.Reason(Read("order.placed", With(OrderSample.Placed, (path, json)))));

    [Fact]
    public void An_id_is_bounded() => Assert.Equal(
        "data.orderId is longer than 64 characters",
        Opened.Reason(Read(
            "order.placed", With(OrderSample.Placed, ("orderId", $"\"{new string('1', 65)}\"")))));

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("2026%2f1001")]
    public void An_id_that_no_address_can_hold_is_parked(string id) => Assert.Equal(
        "data.orderId must not be . or .., nor hold %2F",
        Opened.Reason(Read("order.placed", With(OrderSample.Placed, ("orderId", $"\"{id}\"")))));

    [Theory]
    [InlineData("""{"orderId":"1","placedAt":"2026-08-01T09:00:00Z"}""",
        "data.placedAt belongs to another type than order.cancelled")]
    [InlineData("""{"orderId":"1","updatedAt":"soon"}""", "data.updatedAt is no ISO 8601 time")]
    public void A_cancellation_has_faults_of_its_own(string data, string reason) =>
        Assert.Equal(reason, Opened.Reason(Read("order.cancelled", data)));

    [Theory]
    [InlineData("refundId", null, "data.refundId is missing")]
    [InlineData("updatedAt", null, "data.updatedAt is missing")]
    [InlineData("lines", null, "data.lines is missing")]
    [InlineData("lines/1/lineId", "\"l-1\"", "data.lines[1].lineId is that of an earlier line")]
    [InlineData("lines/0/quantity", "\"all\"", "data.lines[0].quantity is a JSON text, expected a number")]
    public void A_refund_has_faults_of_its_own(string path, string? json, string reason) => Assert.Equal(
        reason, Opened.Reason(Read("order.linesRefunded", With(OrderSample.Refunded, (path, json)))));

    [Theory]
    [InlineData("""{"type":"order.archived","data":{}}""", "ignored: type order.archived is not one that we act on")]
    [InlineData("""{"data":{}}""", "type is missing")]
    [InlineData("""{"type":"order.placed"}""", "data is missing")]
    [InlineData("""{"type":"order.placed","data":[]}""", "data is a JSON array, expected an object")]
    [InlineData("[]", "the body is a JSON array, expected an object")]
    public void A_body_that_is_none_of_ours_says_why(string body, string reason) =>
        Assert.Equal(reason, Opened.Reason(Source.Read(Deliveries.Receipt("", body))));

    [Fact]
    public void No_mutation_of_a_body_makes_it_throw_or_tells_of_a_person()
    {
        (string Type, string Data)[] all =
        [
            ("order.placed", OrderSample.Placed), ("order.cancelled", OrderSample.Cancelled),
            ("order.linesRefunded", OrderSample.Refunded),
        ];
        Gen.Select(Gen.Int[0, all.Length - 1], Gen.Int[0, 2000], Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[0, 6])
            .Sample(
                (which, cut, bytes) =>
                {
                    var body = Encoding.UTF8.GetBytes(OrderSample.Event(all[which].Type, all[which].Data));
                    foreach (var (at, value) in bytes)
                        body[at % body.Length] = value;
                    // Most cuts leave no JSON: half of the bodies stay whole.
                    var sent = cut % 2 == 0 ? body : body[..(cut % body.Length)];
                    return Told(Source.Read(Deliveries.Receipt("", sent)));
                },
                iter: 3000);
    }

    [Fact]
    public void No_value_in_any_place_of_an_order_makes_it_throw()
    {
        string[] values =
        [
            "null", "0", "-1", "1e400", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[null]", "{}", "true",
            "99999999999999999999", "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00Z\"",
        ];
        string[] places =
        [
            "orderId", "number", "placedAt", "updatedAt", "paid", "held", "lines", "lines/0", "lines/0/lineId",
            "lines/0/sku", "lines/0/quantity", "lines/1/shippable", "shipTo", "shipTo/name", "shipTo/email",
            "shippingMethod", "refundId", "reason",
        ];
        Gen.Select(
            Gen.OneOf("order.placed", "order.cancelled", "order.linesRefunded"), Gen.Int[0, 2],
            Gen.OneOf(places), Gen.OneOf(values)).Sample(
            (type, which, place, value) =>
            {
                var data = which switch
                {
                    0 => OrderSample.Placed,
                    1 => OrderSample.Refunded,
                    _ => OrderSample.Cancelled,
                };
                return Told(Read(type, Raw(data, place, value)));
            },
            iter: 3000);
    }

    private static bool Told(Reading reading) => reading is Reading.Understood or Reading.Ignored
        || (reading is Reading.Unreadable { Reason: { Length: > 0 and < 300 } reason }
            && !reason.Contains("Ada", StringComparison.Ordinal)
            && !reason.Contains("Willow", StringComparison.Ordinal));

    private static OrderSnapshot Stated(string data) =>
        Assert.IsType<OrderStated>(Opened.Understood(Read("order.placed", data)).Change).Snapshot;

    private static Reading Read(string type, string data) =>
        Source.Read(Deliveries.Receipt("", OrderSample.Event(type, data)));

    /// <summary>Data with fields set; null takes one away. A path is of names and indices parted by slashes.</summary>
    private static string With(string data, params (string Path, string? Json)[] changes)
    {
        var root = JsonNode.Parse(data)!;
        foreach (var (path, json) in changes)
            Set(root, path, json is null ? null : JsonNode.Parse(json), json is null);
        return root.ToJsonString();
    }

    /// <summary>The same with a text that JsonNode would not write as it stands.</summary>
    private static string Raw(string data, string path, string json)
    {
        var root = JsonNode.Parse(data)!;
        Set(root, path, JsonValue.Create("PLACE"), remove: false);
        return root.ToJsonString().Replace("\"PLACE\"", json, StringComparison.Ordinal);
    }

    private static void Set(JsonNode root, string path, JsonNode? value, bool remove)
    {
        var (at, names) = (root, path.Split('/'));
        foreach (var name in names[..^1])
        {
            var next = at is JsonArray array ? array[int.Parse(name)] : at[name];
            if (next is null)
                return;
            at = next;
        }

        if (at is JsonArray items)
            items[int.Parse(names[^1])] = value;
        else if (remove)
            at.AsObject().Remove(names[^1]);
        else
            at[names[^1]] = value;
    }
}
