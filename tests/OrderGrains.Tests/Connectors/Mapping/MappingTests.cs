using System.Text;
using CsCheck;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Mapping;

/// <summary>Others' JSON and XML become our own form, by a file.</summary>
public sealed class MappingTests
{
    private const string JsonRules = """
        {
          // A shop of somebody's own.
          "rules": [
            { "when": { "event": ["order.new", "order.changed"], "order/test": [false, null] }, "type": "order.updated",
              "data": {
                "orderId": "order/id",
                "number": { "from": "order/reference", "default": "?" },
                "placedAt": { "from": "order/created", "pattern": "dd.MM.yyyy HH:mm", "zone": "Europe/Berlin" },
                "updatedAt": { "from": "order/changed", "pattern": "unix" },
                "paid": { "from": "order/payment/state", "map": { "captured": true, "*": false } },
                "currency": { "value": "EUR" },
                "lines": { "each": "order/items", "data": {
                  "lineId": "pos", "sku": "article/no", "quantity": "qty",
                  "shippable": { "from": "kind", "map": { "download": false, "*": true }, "default": true } } },
                "shipTo": { "data": {
                  "name": { "from": ["/order/ship/first", "/order/ship/last"] },
                  "address1": "order/ship/street", "city": "order/ship/city", "postalCode": "order/ship/zip",
                  "countryCode": { "from": "order/ship/country", "map": { "Deutschland": "DE" } } } } } },
            { "when": { "event": "order.dropped" }, "type": "order.cancelled",
              "data": { "orderId": "order/id", "reason": "order/why" } },
            { "when": { "event": "stock" }, "ignore": "stock is what the warehouse counts" },
          ],
        }
        """;

    private const string Order = """
        {"event":"order.new","order":{"id":9007199254740993,"reference":"R-7","created":"01.08.2026 10:30",
         "changed":1785571200.25,"payment":{"state":"captured"},
         "items":[{"pos":1,"article":{"no":"MUG"},"qty":"2.000"},
                  {"pos":2,"article":{"no":"PDF"},"qty":1,"kind":"download"}],
         "ship":{"first":"Ada","last":"Marsh","street":"Weidenweg 12","city":"Berlin","zip":"10115",
                 "country":"Deutschland"}}}
        """;

    private const string XmlRules = """
        { "format": "xml", "namespaces": { "o": "urn:example:order" },
          "rules": [
            { "when": { "o:head/@action": "place" }, "type": "order.placed",
              "data": {
                "orderId": "o:head/o:id", "number": "o:head/o:id",
                "placedAt": { "from": "o:head/o:date", "zone": "America/New_York" },
                "updatedAt": "$receivedAt",
                "lines": { "each": "o:lines/o:line",
                           "data": { "lineId": "@no", "sku": "o:sku", "quantity": "o:units" } } } } ] }
        """;

    private const string XmlOrder = """
        <?xml version="1.0" encoding="utf-8"?>
        <order xmlns="urn:example:order"><head action="place"><id>X-1</id><date>2026-08-01T06:00:00</date></head>
        <lines><line no="1"><sku>MUG &amp; CO</sku><units>3</units></line>
        <line no="2"><sku>POT</sku><units>1</units></line>
        </lines></order>
        """;

    [Fact]
    public void An_order_in_the_shops_own_JSON_becomes_one_of_ours()
    {
        var understood = Opened.Understood(Read(JsonRules, Order));

        var order = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal(new OrderKey("shop", "9007199254740993"), order.Order);
        Assert.Equal("R-7", order.Snapshot.Number);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 8, 30, 0, TimeSpan.Zero), order.Snapshot.PlacedAt);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 8, 0, 0, 250, TimeSpan.Zero), order.Snapshot.UpdatedAt);
        Assert.Equal(Payment.Paid, order.Snapshot.Payment);
        Assert.Equal(
            [
                new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 2 },
                new SnapshotLine { LineId = "2", Sku = "PDF", Quantity = 1, Shippable = false },
            ],
            order.Snapshot.Lines);
        Assert.Equal(
            ("Ada Marsh", "Weidenweg 12", "DE"),
            (order.Snapshot.ShipTo!.Name, order.Snapshot.ShipTo.Address1, order.Snapshot.ShipTo.CountryCode));
        Assert.Equal("order.updated:d-1", understood.EventKey);
    }

    [Fact]
    public void An_order_in_XML_becomes_one_of_ours()
    {
        var order = Assert.IsType<OrderStated>(Opened.Understood(Read(XmlRules, XmlOrder)).Change);

        Assert.Equal("X-1", order.Order.OrderId);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 10, 0, 0, TimeSpan.Zero), order.Snapshot.PlacedAt);
        Assert.Equal(Deliveries.Now, order.Snapshot.UpdatedAt);
        Assert.Equal(
            [
                new SnapshotLine { LineId = "1", Sku = "MUG & CO", Quantity = 3 },
                new SnapshotLine { LineId = "2", Sku = "POT", Quantity = 1 },
            ],
            order.Snapshot.Lines);
    }

    [Fact]
    public void The_first_rule_that_fits_counts_and_what_fits_none_is_ignored()
    {
        Assert.Equal(
            "too late",
            Assert.IsType<OrderCancelled>(Opened.Understood(Read(
                JsonRules, """{"event":"order.dropped","order":{"id":"7","why":"too late"}}""")).Change).Reason);
        Assert.Equal("ignored: stock is what the warehouse counts", Reason("""{"event":"stock"}"""));
        Assert.Equal("ignored: no rule of the mapping fits", Reason("""{"event":"other"}"""));
        Assert.Equal("ignored: no rule of the mapping fits", Reason(With("\"id\"", "\"test\":true,\"id\"")));
        Opened.Understood(Read(JsonRules, With("\"id\"", "\"test\":false,\"id\"")));
    }

    [Theory]
    [InlineData("\"created\":\"01.08.2026 10:30\"", "\"created\":\"2026-08-01\"",
        "placedAt (order/created) is no time: expected dd.MM.yyyy HH:mm")]
    [InlineData("\"created\":\"01.08.2026 10:30\"", "\"created\":\"29.03.2026 02:30\"",
        "placedAt (order/created) is no time: expected dd.MM.yyyy HH:mm")]
    [InlineData("\"created\":\"01.08.2026 10:30\"", "\"created\":null", "placedAt is missing")]
    [InlineData("\"changed\":1785571200.25", "\"changed\":1e99", "updatedAt (order/changed) is no time: expected unix")]
    [InlineData("Deutschland", "Atlantis", "countryCode (order/ship/country) has a value that its map does not have")]
    [InlineData("\"2.000\"", "\"2.5\"", "lines[0].quantity is 2.5; it must be a whole number")]
    [InlineData("\"items\":[", "\"items\":[{},", "lines[0].lineId is missing")]
    [InlineData("\"items\":", "\"articles\":", "lines is missing")]
    public void What_does_not_fit_is_named_by_our_field_and_by_theirs(string before, string after, string reason) =>
        Assert.Equal(reason, Reason(With(before, after)));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_payment_of_which_the_sender_says_nothing_is_not_paid(string state) => Assert.Equal(
        Payment.Pending,
        Assert.IsType<OrderStated>(Opened.Understood(Read(JsonRules, With("\"captured\"", state))).Change)
            .Snapshot.Payment);

    [Fact]
    public void An_hour_that_comes_twice_is_the_first_of_the_two()
    {
        var order = Assert.IsType<OrderStated>(Opened.Understood(
            Read(JsonRules, With("01.08.2026 10:30", "25.10.2026 02:30"))).Change);

        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), order.Snapshot.PlacedAt);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>")]
    [InlineData("<!DOCTYPE a><a/>")]
    [InlineData("<a>&e;</a>")]
    [InlineData("<a><b></a>")]
    [InlineData("{}")]
    public void XML_has_no_document_type_and_no_entities(string body) => Assert.StartsWith(
        "the body is not XML without a DTD", Opened.Reason(Read(XmlRules, body)), StringComparison.Ordinal);

    [Fact]
    public void XML_is_bounded_in_depth() => Assert.Equal(
        "the body is nested deeper than 64",
        Opened.Reason(Read(XmlRules, $"{string.Concat(Enumerable.Repeat("<a>", 100_000))}")));

    [Fact]
    public void No_body_makes_an_exception()
    {
        var json = Parse(JsonRules);
        var xml = Parse(XmlRules);
        Gen.Int[0, 3].SelectMany(cuts => Gen.Select(Gen.Int[0, 400], Gen.Int[0, 40], Gen.Byte.Array[0, 6]).Array[cuts])
            .Sample(cuts =>
            {
                foreach (var (mapping, sample) in new[] { (json, Order), (xml, XmlOrder) })
                {
                    var body = Encoding.UTF8.GetBytes(sample).ToList();
                    foreach (var (from, count, put) in cuts)
                    {
                        var at = Math.Min(from, body.Count);
                        body.RemoveRange(at, Math.Min(count, body.Count - at));
                        body.InsertRange(at, put);
                    }

                    Assert.NotNull(mapping.Read("shop", Deliveries.Receipt("", body.ToArray())));
                }
            }, iter: 3_000);
    }

    private static string With(string before, string after)
    {
        Assert.Contains(before, Order, StringComparison.Ordinal);
        return Order.Replace(before, after, StringComparison.Ordinal);
    }

    private static string Reason(string body) => Opened.Reason(Read(JsonRules, body));

    private static Reading Read(string rules, string body) =>
        Parse(rules).Read("shop", Deliveries.Receipt("", body));

    private static EventMapping Parse(string rules)
    {
        var mistakes = new List<string>();
        var mapping = MappingFile.Parse(Encoding.UTF8.GetBytes(rules), mistakes.Add);
        Assert.Empty(mistakes);
        return mapping!;
    }
}
