using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Connectors.Warehouses.ShipBob;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Connectors.Mapping;
using OrderGrains.Tests.Connectors.Shopify;
using OrderGrains.Tests.Connectors.Warehouses.ShipBob;
using OrderGrains.Tests.Connectors.Warehouses.ShipStation;
using OrderGrains.Tests.Connectors.WooCommerce;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Tests.Connectors.Fuzz;

/// <summary>Something that is posted to a source when all is right.</summary>
/// <param name="Body">The body.</param>
/// <param name="Headers">Headers that are not signed, such as the topic.</param>
internal sealed record FuzzSample(byte[] Body, params (string Name, string Value)[] Headers);

/// <summary>A source that is posted to.</summary>
/// <param name="Source">The source.</param>
/// <param name="Sign">Puts the sender's proof on a body.</param>
/// <param name="Samples">Bodies of every sort that it reads.</param>
/// <param name="IsXml">Whether they are XML.</param>
internal sealed record Fuzzed(
    IWebhookSource Source, Action<HeaderDictionary, byte[]> Sign, IReadOnlyList<FuzzSample> Samples, bool IsXml = false)
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Hmac =
        "\"Kind\":\"Hmac\",\"Secrets\":[\"hush\"],\"Header\":\"X-Sign\",\"Encoding\":\"Base64\"";

    /// <summary>When they come: after the last of the samples was recorded.</summary>
    public static readonly DateTimeOffset Now = WooCommerceSample.Now;

    private static readonly string[] EventBodies =
    [
        OrderSample.Event("order.placed", OrderSample.Placed), OrderSample.Event("order.updated", OrderSample.Placed),
        OrderSample.Event("order.cancelled", OrderSample.Cancelled),
        OrderSample.Event("order.linesRefunded", OrderSample.Refunded),
    ];

    private static readonly string[] Warehouse =
    [
        OrderSample.Event("shipment.created", """
            {"reference":"acme-450789469-1","shipmentId":"S-1","carrier":"UPS","trackingNumber":"1Z",
             "trackingUrl":"https://ups.example/1Z","shippedAt":"2026-08-01T13:00:00+02:00",
             "lines":[{"lineId":"1","quantity":2},{"lineId":"2","quantity":1},{"lineId":"1","quantity":3}]}
            """),
        OrderSample.Event("order.refused", """{"reference":"shop-7-2","reason":"no such SKU"}"""),
        OrderSample.Event("order.cancelled", """{"reference":"shop-7-2"}"""),
        OrderSample.Event("stock.counted", """
            {"location":"east","asOf":"2026-08-01T11:00:00Z",
             "items":[{"sku":"MUG","onHand":5},{"sku":"POT","onHand":0},{"sku":"TEA","onHand":7}]}
            """),
        OrderSample.Event("stock.adjusted", """
            {"location":"east","adjustmentId":"a-1","sku":"MUG","delta":-1,"at":"2026-08-01T11:00:00Z"}
            """),
    ];

    /// <summary>Every kind, and every way of it to say what it tells.</summary>
    public static IReadOnlyDictionary<string, Func<Fuzzed>> All { get; } =
        new Dictionary<string, Func<Fuzzed>>(StringComparer.Ordinal)
        {
            ["Shopify"] = () => new(
                new ShopifySource("acme", new ShopifyOptions { Secrets = ["hush"], TestOrders = TestOrders.Release }),
                ByBody(ShopifySource.SignatureHeader, "hush"),
                [
                    .. ShopifyExamples.All.DistinctBy(e => (e.Topic, e.Body)).Where(IsActedOn)
                        .Select(e => new FuzzSample(
                            e.Body, (ShopifySource.TopicHeader, e.Topic), (ShopifySource.WebhookIdHeader, "w-1"))),
                    new FuzzSample(ShopifySample.Order, (ShopifySource.TopicHeader, "orders/updated")),
                ]),
            ["WooCommerce"] = () => new(
                WooCommerceSample.Shop(), ByBody(WooCommerceSource.SignatureHeader, WooCommerceSample.Secret),
                [
                    .. new[] { "order.created", "order.updated-on-hold", "order.deleted", "product.updated-stock" }
                        .Select(name => new FuzzSample(
                            WooCommerceSample.Body(name), (WooCommerceSource.TopicHeader, name.Split('-')[0]))),
                ]),
            ["Warehouse"] = () => new(Deliveries.Wms(Secret, "acme", "shop"), Standard, OfTexts(Warehouse)),
            ["ShipBob"] = () => new(
                ShipBobSourceTests.Source, Standard,
                [
                    .. new[] { "Completed", "Cancelled", "OnHold" }.Select(status => new FuzzSample(
                        Encoding.UTF8.GetBytes(ShipBobSourceTests.Shipped.Replace(
                            "Completed", status, StringComparison.Ordinal)),
                        (ShipBobSource.TopicHeader, "order.shipped"))),
                ]),
            ["ShipStation"] = () =>
            {
                var samples = new ShipStationSamples();
                return new(
                    samples.Source, ShipStationSamples.Sign,
                    OfTexts(ShipStationSamples.Hint, ShipStationSamples.Hint.Replace(
                        "LABEL_CREATED", "TRACK_EVENT", StringComparison.Ordinal)));
            },
            ["ShipStation, a list"] = () => new(
                new ShipStationSamples.Fetched("", ShipStationSamples.Hint), Unsigned,
                OfTexts(ShipStationSamples.Labels, ShipStationSamples.Fulfilments, ShipStationSamples.Shipments)),
            ["ShipStation, a shipment"] = () => new(
                new ShipStationSamples.Fetched(ShipStationParcel.Shipped, ShipStationSamples.Part), Unsigned,
                OfTexts(
                    ShipStationSamples.Shipment, ShipStationSamples.Shipment.Replace(
                        "label_purchased", "cancelled", StringComparison.Ordinal))),
            ["ShipStation, all parts"] = () => new(
                new ShipStationSamples.Fetched(ShipStationParcel.Cancelled, ShipStationSamples.AllParts), Unsigned,
                OfTexts(ShipStationSamples.Shipments)),
            ["StandardWebhooks"] = () => new(
                Opened.Source($"\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"{Secret}\"]"), Standard,
                OfTexts(EventBodies)),
            ["CloudEvents"] = () => new(
                Opened.Source($"\"Kind\":\"CloudEvents\",\"Secrets\":[\"{Secret}\"]"), Standard,
                [
                    .. new[] { OrderSample.Placed, OrderSample.Cancelled, OrderSample.Refunded }.Zip(
                        ["order.placed", "order.cancelled", "order.linesRefunded"],
                        (data, type) => new FuzzSample(
                            Encoding.UTF8.GetBytes(data), ("ce-specversion", "1.0"), ("ce-type", type),
                            ("ce-source", "/shop"), ("ce-id", "e-1"))),
                    new FuzzSample(
                        Encoding.UTF8.GetBytes(
                            """{"specversion":"1.0","source":"/shop","id":"e-1",""" + EventBodies[0][1..]),
                        ("Content-Type", "application/cloudevents+json")),
                ]),
            ["Hmac"] = () => new(
                Opened.Source($"{Hmac},\"TopicHeader\":\"X-Topic\""), ByBody("X-Sign", "hush"),
                [
                    new FuzzSample(Encoding.UTF8.GetBytes("{\"data\":" + OrderSample.Placed + "}"),
                        ("X-Topic", "order.placed")),
                    new FuzzSample(Encoding.UTF8.GetBytes("{\"data\":" + OrderSample.Cancelled + "}"),
                        ("X-Topic", "order.cancelled")),
                ]),
            ["JSON mapping"] = () => new(Mapped(MappingSample.JsonRules), ByBody("X-Sign", "hush"),
                OfTexts(MappingSample.Order, """{"event":"order.dropped","order":{"id":"7","why":"too late"}}""")),
            ["XML mapping"] = () => new(
                Mapped(MappingSample.XmlRules), ByBody("X-Sign", "hush"), OfTexts(MappingSample.XmlOrder), IsXml: true),
        };

    private static bool IsActedOn(ShopifyExample example) => ShopifySample.Read(example.Topic, example.Body)
        is not Reading.Ignored { Reason: ['t', 'o', 'p', 'i', 'c', ..] };

    private static FuzzSample[] OfTexts(params IEnumerable<string> bodies) =>
        [.. bodies.Select(body => new FuzzSample(Encoding.UTF8.GetBytes(body)))];

    private static IWebhookSource Mapped(string rules)
    {
        using var folder = new TempDirectory();
        var file = Path.Combine(Directory.CreateDirectory(folder.Path).FullName, "rules.json");
        File.WriteAllText(file, rules);
        return Opened.Source($"{Hmac},\"Mapping\":{System.Text.Json.JsonSerializer.Serialize(file)}");
    }

    private static Action<HeaderDictionary, byte[]> ByBody(string header, string secret) => (headers, body) =>
        headers[header] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static void Unsigned(HeaderDictionary headers, byte[] body)
    {
    }

    private static void Standard(HeaderDictionary headers, byte[] body)
    {
        headers[StandardWebhooks.IdHeader] = "msg_1";
        headers[StandardWebhooks.TimestampHeader] = $"{Now.ToUnixTimeSeconds()}";
        headers[StandardWebhooks.SignatureHeader] = StandardWebhooks.Sign(Secret, "msg_1", Now, body);
    }
}
