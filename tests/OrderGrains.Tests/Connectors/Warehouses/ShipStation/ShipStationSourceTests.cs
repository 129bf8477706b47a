using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Sandbox.Warehouses.ShipStation;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipStation;

public sealed class ShipStationSourceTests
{
    private const string Hint = ShipStationSamples.Hint;
    private const string Shipment = ShipStationSamples.Shipment;

    private static readonly OrderKey Order = new("acme", "1001");

    private readonly ShipStationSource _source = ShipStationSamples.Open();

    [Fact]
    public void What_ShipStation_signs_is_authentic_and_what_is_changed_is_not()
    {
        using var key = new ShipStationKey("key-1");
        Assert.Null(_source.Keys.Take(ShipStationSamples.KeySetOf(key)));
        var headers = Signed(key, Deliveries.Now);

        var authentic = Assert.IsType<Verification.Authentic>(_source.Verify(headers, Hint));
        Assert.Equal(("", Deliveries.Now), (authentic.Topic, authentic.StatedAt));
        Assert.IsType<Verification.Forged>(_source.Verify(headers, Hint + " "));
        headers[ShipStationProof.TimestampHeader] = "2026-08-01T12:00:01Z";
        Assert.IsType<Verification.Forged>(_source.Verify(headers, Hint));
        using var other = new ShipStationKey("key-1");
        Assert.IsType<Verification.Forged>(_source.Verify(Signed(other, Deliveries.Now), Hint));
        Assert.Equal("ss", _source.Warehouse);
    }

    [Theory]
    [InlineData(ShipStationProof.KeyIdHeader, "", " is missing")]
    [InlineData(ShipStationProof.SignatureHeader, "", " is missing")]
    [InlineData(ShipStationProof.TimestampHeader, "", " is missing")]
    [InlineData(ShipStationProof.SignatureHeader, "%", " is no base64 of a signature")]
    [InlineData(ShipStationProof.SignatureHeader, "AAAA", " was not made by the key that ")]
    [InlineData(ShipStationProof.TimestampHeader, "1785585600", " is no ISO 8601 time with its zone")]
    [InlineData(ShipStationProof.TimestampHeader, "2026-08-01T11:54:59Z", " is older than the tolerance of 300 s")]
    [InlineData(ShipStationProof.TimestampHeader, "2026-08-01T12:05:01Z", " is ahead by more than the tolerance")]
    public void What_does_not_prove_its_sender_is_forged(string header, string value, string rule)
    {
        using var key = new ShipStationKey("key-1");
        _source.Keys.Take(ShipStationSamples.KeySetOf(key));
        var headers = Signed(key, Deliveries.Now);
        headers[header] = value;

        Assert.StartsWith(
            header + rule, Assert.IsType<Verification.Forged>(_source.Verify(headers, Hint)).Rule,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_known_yet_is_asked_for_and_the_sender_comes_again()
    {
        using var key = new ShipStationKey("key-2");

        var unready = Assert.IsType<Verification.Unready>(_source.Verify(Signed(key, Deliveries.Now), Hint));

        Assert.DoesNotContain("key-2", unready.Rule, StringComparison.Ordinal);
        _source.Keys.Take(ShipStationSamples.KeySetOf(key));
        Assert.IsType<Verification.Authentic>(_source.Verify(Signed(key, Deliveries.Now), Hint));
    }

    [Theory]
    [InlineData("TRACK_EVENT_V2", "ignored: type TRACK_EVENT_V2 is not one that we act on")]
    [InlineData("BATCH_PROCESSED_V2", "ignored: type BATCH_PROCESSED_V2 is not one that we act on")]
    [InlineData("", "resource_type is missing")]
    public void Other_events_are_ignored(string type, string reason) => Assert.Equal(reason, Opened.Reason(Read(
        "", Hint.Replace("LABEL_CREATED_V2", type, StringComparison.Ordinal))));

    [Theory]
    [InlineData("https://api.shipstation.com.evil.example/v2/labels")]
    [InlineData("http://api.shipstation.com/v2/labels")]
    [InlineData("https://api.shipstation.com:444/v2/labels")]
    [InlineData("https://key@api.shipstation.com/v2/labels")]
    [InlineData("/v2/labels")]
    public void Only_the_host_of_the_API_is_asked(string url)
    {
        var hint = new JsonObject { ["resource_type"] = "LABEL_CREATED_V2", ["resource_url"] = url }.ToJsonString();

        Assert.StartsWith("resource_url ", Opened.Reason(Read("", hint)), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_label_becomes_a_receipt_without_anything_personal_for_which_its_shipment_is_fetched()
    {
        Assert.Equal(
            "https://api.shipstation.com/v2/labels?batch_id=se-64616278",
            Assert.IsType<Reading.Fetch>(Read("", Hint)).Address.AbsoluteUri);

        var divided = Assert.IsType<Reading.Divided>(Read("", Hint, ShipStationSamples.Labels));

        Assert.Equal(["se-1", "se-2"], divided.Parts.Select(part => part.DeliveryId), StringComparer.Ordinal);
        Assert.All(divided.Parts, part => Assert.Equal(ShipStationParcel.Shipped, part.Topic));
        var part = Encoding.UTF8.GetString(divided.Parts[0].Body.Span);
        Assert.DoesNotContain("Zoe", part, StringComparison.Ordinal);
        Assert.Equal(
            "https://api.shipstation.com/v2/shipments/se-11",
            Assert.IsType<Reading.Fetch>(Read(ShipStationParcel.Shipped, part)).Address.AbsoluteUri);
        var made = Assert.IsType<ShipmentMade>(
            Opened.Understood(Read(ShipStationParcel.Shipped, part, Shipment)).Change);
        Assert.Equal(Order, made.Order);
        Assert.Equal(("acme-1001-1", "se-11", "ups", "1Z9", "https://ups.example/1Z9"), (made.Shipment.Reference,
            made.Shipment.ShipmentId, made.Shipment.Carrier, made.Shipment.TrackingNumber, made.Shipment.TrackingUrl));
        Assert.Equal([new ShippedLine("", 3, "MUG"), new ShippedLine("", 1, "CAP")], made.Shipment.Lines);
        Assert.Equal("2026-08-01T11:30:00.123Z", $"{made.Shipment.ShippedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
    }

    [Theory]
    [InlineData("\"voided\":false", "\"voided\":true")]
    [InlineData("\"status\":\"completed\"", "\"status\":\"error\"")]
    [InlineData("\"is_return_label\":false", "\"is_return_label\":true")]
    [InlineData("\"ACME-1001-1\"", "\"others-1001-1\"")]
    public void Labels_that_count_for_nothing_or_are_not_ours_are_left_out(string what, string instead)
    {
        var labels = ShipStationSamples.Labels;
        var at = labels.IndexOf(what, StringComparison.Ordinal);
        var divided = Assert.IsType<Reading.Divided>(
            Read("", Hint, labels[..at] + instead + labels[(at + what.Length)..]));

        Assert.Equal("se-2", Assert.Single(divided.Parts).DeliveryId);
        Assert.Equal("2 entries; 1 receipts of their own tell what they say", divided.Why);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"acme-1~0123456789abcdef0123\"")]
    public void A_label_that_does_not_say_whose_it_is_is_asked_for_by_its_shipment(string external)
    {
        var labels = ShipStationSamples.Labels.Replace("\"ACME-1001-1\"", external, StringComparison.Ordinal);

        Assert.Equal(
            ["se-1", "se-2"],
            Assert.IsType<Reading.Divided>(Read("", Hint, labels)).Parts.Select(part => part.DeliveryId),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("\"label_id\":\"se-1\"", "\"label_id\":null", "labels[0].label_id is missing")]
    [InlineData("\"shipment_id\":\"se-11\"", "\"shipment_id\":{}", "labels[0].shipment_id is a JSON object")]
    [InlineData("\"voided\":false", "\"voided\":[1]", "labels[0].voided ")]
    [InlineData("\"labels\":[", "\"labels\":[7,", "labels[0] is a JSON number, expected an object")]
    public void An_entry_that_is_not_understood_costs_itself_alone(string what, string instead, string reason)
    {
        var at = ShipStationSamples.Labels.IndexOf(what, StringComparison.Ordinal);
        var labels = ShipStationSamples.Labels[..at] + instead + ShipStationSamples.Labels[(at + what.Length)..];

        var parts = Assert.IsType<Reading.Divided>(Read("", Hint, labels)).Parts;

        Assert.Equal("se-2", parts[^1].DeliveryId);
        var parked = Opened.Reason(Read(parts[0].Topic, Encoding.UTF8.GetString(parts[0].Body.Span)));
        Assert.StartsWith(reason, parked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"external_shipment_id\":\"others-1\"")]
    [InlineData("\"external_shipment_id\":\"others-1\",\"shipment_id\":7.5,\"voided\":\"?\"")]
    public void What_is_not_ours_has_no_faults(string fields)
    {
        foreach (var name in (string[])["labels", "fulfillments", "shipments"])
        {
            Assert.StartsWith("ignored: 1 entries", Opened.Reason(
                Read("", Hint, $"{{\"{name}\":[{{{fields}}}]}}")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_fulfilment_has_left_or_is_rejected_as_its_type_says()
    {
        var shipped = Part("SHIPPED");
        Assert.Equal(ShipStationParcel.Shipped, shipped.Topic);
        Assert.Equal(
            ("se-11", "FedEx", "7777"),
            Opened.Understood(Read(shipped, Shipment)).Change is ShipmentMade { Shipment: var gone }
                ? (gone.ShipmentId, gone.Carrier!, gone.TrackingNumber!) : default);

        var rejected = Part("REJECTED");
        Assert.Equal(ShipStationParcel.Rejected, rejected.Topic);
        var all = AllOf(Read(rejected, Shipment));
        Assert.Equal("acme-1001-1", Assert.IsType<ReleaseRefused>(Opened.Understood(
            Read(all, Parts(("se-11", "label_purchased"), ("se-13", "cancelled")))).Change).Reference);
        Assert.EndsWith("a part of acme-1001-1 was rejected", Opened.Reason(
            Read(all, Parts(("se-11", "label_purchased"), ("se-13", "pending")))), StringComparison.Ordinal);

        ReceiptPart Part(string what) => Assert.Single(Assert.IsType<Reading.Divided>(Read(
            "", Hint.Replace("LABEL_CREATED", $"FULFILLMENT_{what}", StringComparison.Ordinal),
            ShipStationSamples.Fulfilments)).Parts);
    }

    [Fact]
    public void A_cancelled_shipment_ends_its_release_whatever_points_at_it_once_all_parts_are_cancelled()
    {
        var hint = Hint.Replace("LABEL_CREATED", "SHIPMENT_CREATED", StringComparison.Ordinal);
        var part = Assert.Single(Assert.IsType<Reading.Divided>(Read("", hint, ShipStationSamples.Shipments)).Parts);
        var cancelled = With("shipment_status", "\"cancelled\"");
        foreach (var told in (ReceiptPart[])[part, part with { Topic = ShipStationParcel.Shipped }])
        {
            var all = AllOf(Read(told, cancelled));
            Assert.Equal((ShipStationParcel.Cancelled, part.DeliveryId), (all.Topic, all.DeliveryId));
            var whole = Opened.Understood(Read(all, Parts(("se-11", "cancelled"))));
            Assert.Equal(new ReleaseCancelled(Order, "acme-1001-1"), whole.Change);
            Assert.Equal("release.cancelled:se-11", whole.EventKey);
            Assert.Equal(whole, Read(all, Parts(("se-13", "cancelled"), ("se-11", "cancelled"))));
            foreach (var other in (string[])["pending", "label_purchased", ""])
            {
                Assert.EndsWith("a part of acme-1001-1 was cancelled", Opened.Reason(
                    Read(all, Parts(("se-11", "cancelled"), ("se-13", other)))), StringComparison.Ordinal);
            }
        }

        Assert.StartsWith(
            "ignored: shipment se-11", Opened.Reason(Read(part, Shipment)), StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_all_parts_are_cancelled_no_list_tells_that_lacks_the_one_or_more_than_fit()
    {
        var all = AllOf(Read(ShipStationParcel.Cancelled, ShipStationSamples.Part,
            With("shipment_status", "\"cancelled\"")));

        Assert.Equal(
            "shipment se-11 is not among those of its order yet",
            Assert.IsType<Reading.Fetch>(Read(all, Parts(("se-13", "cancelled")))).Why);
        var more = Parts(("se-11", "cancelled")).Replace("\"next\":{}", "\"next\":{\"href\":\"https://a.example\"}",
            StringComparison.Ordinal);
        Assert.Equal(
            "what was fetched: shipments has more than 100 parts of one order", Opened.Reason(Read(all, more)));
        Assert.Equal("what was fetched: shipments is missing", Opened.Reason(Read(all, "{}")));
    }

    [Fact]
    public void A_further_page_is_a_hint_of_its_own_within_the_host_and_not_for_ever()
    {
        var more = ShipStationSamples.Labels.Replace("\"next\":{}",
            "\"next\":{\"href\":\"https://api.shipstation.com/v2/labels?batch_id=se-1&page=2\"}",
            StringComparison.Ordinal);
        var page = Assert.IsType<Reading.Divided>(Read("", Hint, more)).Parts[^1];
        Assert.Equal("", page.Topic);
        var next = Encoding.UTF8.GetString(page.Body.Span);
        Assert.EndsWith("page=2", Assert.IsType<Reading.Fetch>(Read("", next)).Address.AbsoluteUri,
            StringComparison.Ordinal);

        var last = next.Replace("\"page\":2", "\"page\":100", StringComparison.Ordinal);
        Assert.StartsWith("page ", NextOf(Read("", last, more)), StringComparison.Ordinal);
        Assert.StartsWith("resource_url is at https://evil", NextOf(Read("", Hint,
            more.Replace("api.shipstation.com", "evil.example", StringComparison.Ordinal))), StringComparison.Ordinal);

        // What is wrong with it is said by its own receipt, and the sound entries are not lost.
        string NextOf(Reading reading)
        {
            var parts = Assert.IsType<Reading.Divided>(reading).Parts;
            Assert.Equal(3, parts.Count);
            return Opened.Reason(Read("", Encoding.UTF8.GetString(parts[^1].Body.Span)));
        }
    }

    [Theory]
    [InlineData("{}", "what was fetched: it is no list of labels, fulfillments or shipments")]
    [InlineData("[]", "what was fetched: the body is a JSON array, expected an object")]
    [InlineData("""{"labels":[]}""", "ignored: 0 entries, of which none tells of an order of ours")]
    [InlineData("""{"labels":7}""", "what was fetched: labels is a JSON number, expected an array")]
    public void A_list_that_is_not_understood_says_why(string list, string reason) =>
        Assert.Equal(reason, Opened.Reason(Read("", Hint, list)));

    [Theory]
    [InlineData("shipment_id", "\"se-12\"", "what was fetched: shipment_id is another than the one that was asked for")]
    [InlineData("external_shipment_id", "\"other-1-1\"", "ignored: external_shipment_id fits no configured storefront")]
    [InlineData("external_shipment_id", "null", "ignored: external_shipment_id fits no configured storefront")]
    [InlineData("external_shipment_id", "\"acme-1~0123456789abcdef0123\"",
        "what was fetched: external_shipment_id is a digest, and no item's")]
    [InlineData("items", "[]", "what was fetched: items has no units of a SKU")]
    [InlineData("items", """[{"sku":"MUG","quantity":0}]""", "what was fetched: items has no units of a SKU")]
    [InlineData("items", """[{"sku":"MUG"}]""", "what was fetched: items[0].quantity is missing")]
    [InlineData("items", """[{"sku":"MUG","bundle_sku":"SET","quantity":1}]""",
        "what was fetched: items[0].bundle_sku is another than sku")]
    public void A_shipment_that_is_not_understood_says_why(string field, string value, string reason) =>
        Assert.StartsWith(reason, Opened.Reason(
            Read(ShipStationParcel.Shipped, ShipStationSamples.Part, With(field, value))), StringComparison.Ordinal);

    [Fact]
    public void Lines_that_people_there_have_added_without_a_SKU_are_left_out_and_noted()
    {
        var read = Opened.Understood(Read(ShipStationParcel.Shipped, ShipStationSamples.Part, With(
            "items", """[{"sku":"MUG","quantity":1},{"name":"A gift","quantity":1}]""")));

        Assert.Equal([new ShippedLine("", 1, "MUG")], ((ShipmentMade)read.Change).Shipment.Lines);
        Assert.Equal("1 items without a SKU are left out", read.Note);
    }

    [Fact]
    public void The_whole_of_a_reference_that_did_not_fit_is_found_in_an_item_and_only_if_its_digest_fits()
    {
        var reference = $"acme-{new string('9', 60)}-1";
        var external = $"\"{ShipStationReference.Of(reference)}\"";
        var carrying = With("external_shipment_id", external)
            .Replace("\"acme-1001-1\"", $"\"{reference}\"", StringComparison.Ordinal);

        var made = (ShipmentMade)Opened.Understood(
            Read(ShipStationParcel.Shipped, ShipStationSamples.Part, carrying)).Change;

        Assert.Equal(reference, made.Shipment.Reference);
        Assert.StartsWith("what was fetched: external_shipment_id is a digest", Opened.Reason(Read(
            ShipStationParcel.Shipped, ShipStationSamples.Part, With("external_shipment_id", external))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_redelivery_has_the_key_of_the_first_and_a_time_that_has_not_come_counts_as_of_the_arrival()
    {
        var part = ShipStationSamples.Part.Replace("11:30", "12:30", StringComparison.Ordinal);
        var other = With("items", """[{"sku":"MUG","quantity":9}]""");
        var (first, again) = (
            Opened.Understood(Read(ShipStationParcel.Shipped, part, Shipment)),
            Opened.Understood(Read(ShipStationParcel.Shipped, part, other)));

        Assert.Equal(first.EventKey, again.EventKey);
        Assert.Equal(Deliveries.Now, ((ShipmentMade)first.Change).Shipment.ShippedAt);
    }

    private static string With(string field, string value)
    {
        var shipment = JsonNode.Parse(Shipment)!;
        shipment[field] = JsonNode.Parse(value);
        return shipment.ToJsonString();
    }

    /// <summary>The receipt for which all parts of the order are fetched.</summary>
    private ReceiptPart AllOf(Reading reading)
    {
        var part = Assert.Single(Assert.IsType<Reading.Divided>(reading).Parts);
        Assert.Equal(
            "https://api.shipstation.com/v2/shipments?external_shipment_id=ACME-1001-1&page_size=100",
            Assert.IsType<Reading.Fetch>(Read(part)).Address.AbsoluteUri);
        return part;
    }

    private static string Parts(params IEnumerable<(string Id, string Status)> parts) => new JsonObject
    {
        ["shipments"] = new JsonArray([.. parts.Select(part => new JsonObject
        {
            ["shipment_id"] = part.Id,
            ["external_shipment_id"] = "acme-1001-1",
            ["shipment_status"] = part.Status,
        })]),
        ["links"] = new JsonObject { ["next"] = new JsonObject() },
    }.ToJsonString();

    private static HeaderDictionary Signed(ShipStationKey key, DateTimeOffset at)
    {
        var headers = new HeaderDictionary { ["Content-Type"] = "application/json" };
        ShipStationSamples.Sign(headers, Encoding.UTF8.GetBytes(Hint), key, at);
        return headers;
    }

    private Reading Read(ReceiptPart part, string? fetched = null) =>
        Read(part.Topic, Encoding.UTF8.GetString(part.Body.Span), fetched, part.DeliveryId);

    private Reading Read(string topic, string body, string? fetched = null, string deliveryId = "se-1") => _source.Read(
        Deliveries.Receipt(topic, body, topic.Length > 0 ? deliveryId : null) with
        {
            Fetched = fetched is null ? null : new FetchedDocument(Encoding.UTF8.GetBytes(fetched), Deliveries.Now),
        });
}
