using System.Text;
using CsCheck;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses;

public sealed class WarehouseSourceTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private const string Shipment = """
        {"reference":"acme-450789469-1","shipmentId":"S-1","carrier":"UPS","trackingNumber":"1Z",
        "trackingUrl":"https://ups.example/1Z","shippedAt":"2026-08-01T13:00:00+02:00",
        "lines":[{"lineId":"1","quantity":2},{"lineId":"2","quantity":1},{"lineId":"1","quantity":3}]}
        """;

    private static readonly WarehouseSource Source = Deliveries.Wms(Secret, "acme", "shop-two");
    private static readonly DateTimeOffset Eleven = new(2026, 8, 1, 11, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_signed_event_is_authentic_and_its_topic_stands_in_the_body()
    {
        var body = Encoding.UTF8.GetBytes(Shipment);
        var headers = Deliveries.SignedByStandard(Secret, body, Deliveries.Now, "msg_7");

        Assert.Equal(
            new Verification.Authentic("", "msg_7") { StatedAt = Deliveries.Now },
            Source.Verify(new WebhookRequest(headers, body), Deliveries.Now));
        headers["Content-Type"] = "text/xml";
        Assert.IsType<Verification.WrongMediaType>(Source.Verify(new WebhookRequest(headers, body), Deliveries.Now));
    }

    [Fact]
    public void The_tolerance_is_that_of_the_source()
    {
        byte[] body = [1];
        var source = new WarehouseSource(
            new WarehouseSourceOptions { Secrets = [Secret], TimestampTolerance = TimeSpan.FromSeconds(10) }, []);
        var headers = Deliveries.SignedByStandard(Secret, body, Deliveries.Now);

        Assert.IsType<Verification.Authentic>(
            source.Verify(new WebhookRequest(headers, body), Deliveries.Now.AddSeconds(10)));
        Assert.IsType<Verification.Forged>(
            source.Verify(new WebhookRequest(headers, body), Deliveries.Now.AddSeconds(11)));
    }

    [Fact]
    public void A_shipment_sums_the_entries_of_a_line()
    {
        var understood = Assert.IsType<Reading.Understood>(Read("shipment.created", Shipment));

        Assert.Equal("shipment.created:d-1", understood.EventKey);
        var made = Assert.IsType<ShipmentMade>(understood.Change);
        Assert.Equal(new OrderKey("acme", "450789469"), made.Order);
        Assert.Equal(("S-1", "acme-450789469-1"), (made.Shipment.ShipmentId, made.Shipment.Reference));
        Assert.Equal(
            ("UPS", "1Z", "https://ups.example/1Z"),
            (made.Shipment.Carrier, made.Shipment.TrackingNumber, made.Shipment.TrackingUrl));
        Assert.Equal([new ShippedLine("1", 5), new ShippedLine("2", 1)], made.Shipment.Lines);
        Assert.Equal(Eleven, made.Shipment.ShippedAt);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("N/A")]
    [InlineData("/track/1Z")]
    public void A_tracking_link_that_is_no_web_address_is_left_out(string link)
    {
        var body = Shipment.Replace("https://ups.example/1Z", link, StringComparison.Ordinal);

        var understood = Assert.IsType<Reading.Understood>(Read("shipment.created", body));

        Assert.Null(Assert.IsType<ShipmentMade>(understood.Change).Shipment.TrackingUrl);
    }

    [Fact]
    public void Refusals_and_cancellations_name_their_release()
    {
        var order = new OrderKey("shop-two", "7");
        const string reference = "shop-two-7-2";

        Assert.Equal(
            new ReleaseRefused(order, reference, "no such SKU"),
            Change("order.refused", """{"reference":"shop-two-7-2","reason":"no such SKU"}"""));
        Assert.Equal(
            new ReleaseRefused(order, reference, "no reason given"),
            Change("order.refused", """{"reference":"shop-two-7-2"}"""));
        Assert.Equal(
            new ReleaseCancelled(order, reference), Change("order.cancelled", """{"reference":"shop-two-7-2"}"""));
    }

    [Fact]
    public void Counts_are_absolute_and_adjustments_are_differences()
    {
        var counted = Assert.IsType<StockCounted>(Change("stock.counted", """
            {"location":"east","asOf":"2026-08-01T11:00:00Z",
            "items":[{"sku":"A/1","onHand":1000000000},{"sku":"B","onHand":0}]}
            """));
        Assert.Equal(("east", Eleven), (counted.Location, counted.AsOf));
        Assert.Equal([new StockItem("A/1", 1_000_000_000), new StockItem("B", 0)], counted.Items);

        Assert.Equal(
            new StockAdjusted(new StockKey("east", "A/1"), "adj-1", -3, "broken", Eleven),
            Change("stock.adjusted", """
                {"location":"east","adjustmentId":"adj-1","sku":"A/1","delta":-3,"reason":"broken",
                "at":"2026-08-01T11:00:00Z"}
                """));
    }

    [Theory]
    [InlineData("shipment.created", "\"reference\":\"acme-450789469-1\"", "\"reference\":\"other-1-1\"",
        "data.reference fits no configured storefront: expected source-order id-release number")]
    [InlineData("shipment.created", "\"reference\":\"acme-450789469-1\"", "\"x\":1", "data.reference is missing")]
    [InlineData("shipment.created", "\"shipmentId\":\"S-1\"", "\"shipmentId\":\" \"", "data.shipmentId is missing")]
    [InlineData("shipment.created", "\"quantity\":1", "\"quantity\":-1",
        "data.lines[1].quantity is -1; it must not be negative")]
    [InlineData("shipment.created", "\"quantity\":1", "\"quantity\":1000001",
        "data.lines[1].quantity is 1000001; the limit is 1000000")]
    [InlineData("shipment.created", "\"quantity\":3", "\"quantity\":1000000",
        "data.lines[2].quantity brings its line to 1000002; the limit is 1000000")]
    [InlineData("shipment.created", "\"lineId\":\"2\"", "\"lineId\":\"\"", "data.lines[1].lineId is missing")]
    [InlineData("shipment.created", "2026-08-01T13:00:00+02:00", "today", "data.shippedAt is no ISO 8601 time")]
    public void A_bad_shipment_is_unreadable_and_the_field_is_named(
        string type, string from, string to, string reason) => Assert.Equal(
            new Reading.Unreadable(reason), Read(type, Shipment.Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("shipment.created",
        """{"reference":"acme-1-1","shipmentId":"S","shippedAt":"2026-08-01T11:00Z","lines":[]}""",
        "data.lines is empty")]
    [InlineData("stock.counted",
        """{"location":"ea/st","items":[],"asOf":"2026-08-01T11:00Z"}""",
        "data.location must not hold a slash")]
    [InlineData("stock.counted",
        """{"location":"east","asOf":"2026-08-01T11:00Z"}""",
        "data.items is missing")]
    [InlineData("stock.counted",
        """{"location":"east","items":{},"asOf":"2026-08-01T11:00Z"}""",
        "data.items is a JSON object, expected an array")]
    [InlineData("stock.adjusted",
        """{"location":"east","sku":"A","adjustmentId":"1","delta":-1000000001,"at":"2026-08-01T11:00Z"}""",
        "data.delta is -1000000001; the least is -1000000000")]
    [InlineData("stock.adjusted",
        """{"location":"east","sku":"A","delta":1,"at":"2026-08-01T11:00Z"}""",
        "data.adjustmentId is missing")]
    [InlineData("order.cancelled", "null", "data is missing")]
    [InlineData("order.cancelled", "[]", "data is a JSON array, expected an object")]
    public void Bad_data_is_unreadable_and_the_field_is_named(string type, string data, string reason) =>
        Assert.Equal(new Reading.Unreadable(reason), Read(type, data));

    [Fact]
    public void An_unknown_type_is_ignored_and_a_missing_one_is_unreadable()
    {
        Assert.Equal(new Reading.Ignored("type order.picked is not one that we act on"), Read("order.picked", "null"));
        Assert.Equal(
            new Reading.Unreadable("type is missing"),
            Source.Read(Deliveries.Receipt("", """{"data":{}}""")));
    }

    [Fact]
    public void Types_and_references_compare_without_regard_to_case_and_blanks()
    {
        Assert.Equal(
            new ReleaseCancelled(new OrderKey("shop-two", "7a"), "shop-two-7a-2"),
            Change("Order.CANCELLED", """{"reference":" SHOP-Two-7a-2\t"}"""));
        Assert.Equal("stock.adjusted:d-1", Assert.IsType<Reading.Understood>(Read("STOCK.Adjusted", """
            {"location":"east","adjustmentId":"1","sku":"A","delta":1,"at":"2026-08-01T11:00:00Z"}
            """)).EventKey);
    }

    [Theory]
    [InlineData("shop-two-7")]
    [InlineData("shop-two-7-+1")]
    [InlineData("shop-two-7- 1")]
    [InlineData("shop-two--1")]
    [InlineData("shop_two-7-1")]
    public void What_only_resembles_a_reference_is_none(string reference) =>
        Assert.Null(ReleaseReference.TryParse(reference, ["shop-two"]));

    [Fact]
    public void Ids_may_be_numbers_and_numbers_texts()
    {
        var shipment = Assert.IsType<ShipmentMade>(Change("shipment.created", """
            {"reference":"acme-1-1","shipmentId":987654321987654321,"carrier":7,"trackingNumber":false,
            "lines":[{"lineId":12,"quantity":"2.0"},{"lineId":"L","quantity":1},{"lineId":"l","quantity":3e0}]}
            """)).Shipment;
        Assert.Equal(("987654321987654321", "7", "false"),
            (shipment.ShipmentId, shipment.Carrier, shipment.TrackingNumber));
        Assert.Equal([new ShippedLine("12", 2), new ShippedLine("L", 4)], shipment.Lines);

        Assert.Equal(
            new StockAdjusted(new StockKey("east", "4006381333931"), "17", -3, "no reason given", Eleven),
            Change("stock.adjusted", """
                {"location":"east","adjustmentId":17,"sku":4006381333931,"delta":"-3","at":"2026-08-01 11:00:00Z"}
                """));
    }

    [Fact]
    public void Words_are_cut_and_a_link_that_is_too_long_is_left_out()
    {
        var shipment = Assert.IsType<ShipmentMade>(Change("shipment.created", $$"""
            {"reference":"acme-1-1","shipmentId":"S","lines":[{"lineId":"1","quantity":1}],
            "carrier":"{{new string('c', 254)}}😀","trackingNumber":"\ud800 {{new string('1', 300)}}",
            "trackingUrl":"https://ups.example/{{new string('z', 2048)}}"}
            """)).Shipment;

        Assert.Equal(new string('c', 254), shipment.Carrier);
        Assert.Equal("\uFFFD " + new string('1', 253), shipment.TrackingNumber);
        Assert.Null(shipment.TrackingUrl);
    }

    [Fact]
    public void No_mutation_of_a_shipment_makes_it_throw() =>
        Gen.Select(Gen.Int[0, 400], Gen.Select(Gen.Int[0, 200], Gen.Char[' ', '~']).Array[1, 4]).Sample(
            (length, changes) =>
            {
                var body = $$"""{"type":"shipment.created","data":{{Shipment}}}""".ToCharArray();
                foreach (var (at, value) in changes)
                    body[at] = value;
                var text = new string(body, 0, length % 2 == 0 ? body.Length : Math.Min(length, body.Length));
                return Source.Read(Deliveries.Receipt("", text)) is not null;
            },
            iter: 3000);

    [Fact]
    public void No_value_in_any_place_of_an_event_makes_it_throw()
    {
        string[] values =
        [
            "null", "0", "-1", "1e400", "1e999999999999", "-0.0", "2.5", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[null]",
            "{}", "{\"\\udc00\":1}", "true", "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00+14:00\"",
            "\"2026-08-01T11:00:60.99999999999Z\"", "\"\\u0000\\u200b\"", "\"e\\u0301\\u1100\\u1161\"",
        ];
        (string Type, string Data)[] events =
        [
            ("shipment.created", """
                {"reference":@,"shipmentId":@,"carrier":@,"trackingNumber":@,"trackingUrl":@,"shippedAt":@,
                "lines":[{"lineId":@,"quantity":@},@],"note":@}
                """),
            ("stock.counted", """{"location":@,"asOf":@,"items":[@,{"sku":@,"onHand":@},{"sku":@,"onHand":@},@]}"""),
            ("stock.adjusted", """{"location":@,"adjustmentId":@,"sku":@,"delta":@,"reason":@,"at":@}"""),
            ("order.refused", """{"reference":@,"reason":@}"""),
        ];
        Gen.Select(Gen.Int[0, events.Length - 1], Gen.Int[0, values.Length - 1].Array[12]).Sample(
            (which, chosen) =>
            {
                var data = new StringBuilder();
                foreach (var part in events[which].Data.Split('@'))
                    data.Append(part).Append(values[chosen[data.Length % chosen.Length]]);
                data.Length = data.ToString().LastIndexOf('}') + 1;
                return Read(events[which].Type, data.ToString()) is
                    Reading.Understood { Left: null or { Length: < 1000 } } or Reading.Unreadable
                    {
                        Reason.Length: < 300,
                    };
            },
            iter: 5000);
    }

    private static Change Change(string type, string data) =>
        Assert.IsType<Reading.Understood>(Read(type, data)).Change;

    private static Reading Read(string type, string data) => Source.Read(
        Deliveries.Receipt("", $$"""{"type":"{{type}}","timestamp":"2026-08-01T11:00:00Z","data":{{data}}}"""));
}
