using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Sandbox.Warehouses.ShipStation;
using OrderGrains.Tests.Connectors.Fuzz;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipStation;

/// <summary>A source of ShipStation's that knows one key, and what is posted to it and fetched for it.</summary>
internal sealed class ShipStationSamples
{
    public const string Hint = """
        {"resource_url":"https://api.shipstation.com/v2/labels?batch_id=se-64616278","resource_type":"LABEL_CREATED_V2"}
        """;

    public const string Labels = """
        {"labels":[
           {"label_id":"se-1","status":"completed","shipment_id":"se-11","external_shipment_id":"ACME-1001-1",
            "created_at":"2026-08-01T11:30:00.123Z","ship_date":"2026-08-02T00:00:00Z","tracking_number":"1Z9",
            "tracking_url":"https://ups.example/1Z9","carrier_code":"ups","is_return_label":false,"voided":false,
            "ship_to":{"name":"Zoe Quill"}},
           {"label_id":"se-2","status":"completed","shipment_id":"se-12","external_shipment_id":"acme-1002-1",
            "created_at":"2026-08-01T11:30:00Z","tracking_number":"1Z8","carrier_code":"ups","voided":false}],
         "total":2,"page":1,"pages":1,"links":{"first":{},"last":{},"prev":{},"next":{}}}
        """;

    public const string Fulfilments = """
        {"fulfillments":[
           {"fulfillment_id":"se-21","shipment_id":"se-11","tracking_number":"7777","created_at":"2026-08-01T11:30:00Z",
            "fulfillment_carrier_friendly_name":"FedEx","voided":false,"ship_to":{"name":"Zoe Quill"}}],
         "total":1,"page":1,"pages":1,"links":{"next":{}}}
        """;

    public const string Shipments = """
        {"shipments":[
           {"shipment_id":"se-11","external_shipment_id":"acme-1001-1","shipment_status":"cancelled"},
           {"shipment_id":"se-12","external_shipment_id":"acme-1002-1","shipment_status":"pending"}],
         "total":2,"page":1,"pages":1,"links":{"next":{}}}
        """;

    public const string Part = """
        {"shipment_id":"se-11","carrier":"ups","tracking_number":"1Z9","tracking_url":"https://ups.example/1Z9",
         "created_at":"2026-08-01T11:30:00Z"}
        """;

    public const string AllParts = """{"shipment_id":"se-11","external_shipment_id":"acme-1001-1"}""";

    public const string Shipment = """
        {"shipment_id":"se-11","external_shipment_id":"ACME-1001-1","shipment_status":"label_purchased",
         "ship_to":{"name":"Zoe Quill","address_line1":"1 Hidden Lane"},
         "items":[
           {"name":"Mug","sku":"MUG","bundle_sku":null,"quantity":2,"external_order_id":"acme-1001-1"},
           {"name":"Mug","sku":"MUG","quantity":1},
           {"name":"Cap","sku":"CAP","quantity":1}]}
        """;

    private static readonly ShipStationKey Key = new("key-1");

    public ShipStationSamples() => Source.Keys.Take(KeySetOf(Key));

    public ShipStationSource Source { get; } = Open();

    public static ShipStationSource Open() => new(
        new ShipStationSourceOptions { ApiKey = "a-key-of-a-test", Warehouse = "ss" }, [], ["acme"]);

    public static byte[] KeySetOf(params ShipStationKey[] keys) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key.Public())]),
    }.ToJsonString());

    public static void Sign(HeaderDictionary headers, byte[] body) => Sign(headers, body, Key, Fuzzed.Now);

    public static void Sign(HeaderDictionary headers, byte[] body, ShipStationKey key, DateTimeOffset at)
    {
        var timestamp = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        headers[ShipStationProof.KeyIdHeader] = key.Id;
        headers[ShipStationProof.TimestampHeader] = timestamp;
        headers[ShipStationProof.SignatureHeader] = key.Sign(timestamp, body);
    }

    /// <summary>Reads whatever is posted as what was fetched for a receipt.</summary>
    /// <param name="topic">Of the receipt.</param>
    /// <param name="body">Of the receipt.</param>
    public sealed class Fetched(string topic, string body) : IWebhookSource
    {
        private readonly ShipStationSource _source = Open();

        public Verification Verify(WebhookRequest request, DateTimeOffset now) =>
            new Verification.Authentic(topic, "se-1");

        public Reading Read(Receipt receipt) => _source.Read(receipt with
        {
            Body = Encoding.UTF8.GetBytes(body),
            Fetched = new FetchedDocument(receipt.Body, receipt.ReceivedAt),
        });
    }
}
