using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using CsCheck;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Events;

/// <summary>CloudEvents as the library of their own project writes them, signed by Standard Webhooks.</summary>
public sealed class CloudEventSourceTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly IWebhookSource Source =
        Opened.Source($"\"Kind\":\"CloudEvents\",\"Secrets\":[\"{Secret}\"]");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ContentMode.Binary)]
    [InlineData(ContentMode.Structured)]
    public async Task Both_modes_say_the_same(ContentMode mode)
    {
        var (headers, body) = await WrittenAsync("order.placed", OrderSample.Placed, mode);

        var stated = Assert.IsType<OrderStated>(Opened.Understood(Source.Accept(headers, body)).Change);

        Assert.Equal(new OrderKey("shop", "A-1001"), stated.Order);
        Assert.Equal(2, stated.Snapshot.Lines.Count);
        Assert.Equal("Ada Marsh", stated.Snapshot.ShipTo?.Name);
    }

    [Fact]
    public async Task The_key_of_a_structured_event_is_its_source_and_id()
    {
        Assert.Equal(
            ["order.cancelled:/shop/1 e-1", "order.cancelled:/shop/1 e-2", "order.cancelled:/shop/2 e-1"],
            [
                await KeyAsync(ContentMode.Structured), await KeyAsync(ContentMode.Structured, id: "e-2"),
                await KeyAsync(ContentMode.Structured, source: "/shop/2"),
            ],
            StringComparer.Ordinal);
    }

    /// <summary>An id that is not signed must not hide the event that has it.</summary>
    [Fact]
    public async Task The_key_of_a_binary_event_has_the_bodys_digest_too()
    {
        var key = await KeyAsync(ContentMode.Binary);

        Assert.StartsWith("order.cancelled:/shop/1 e-1 sha256:", key, StringComparison.Ordinal);
        Assert.Equal(key, await KeyAsync(ContentMode.Binary), StringComparer.Ordinal);
        Assert.NotEqual(key, await KeyAsync(ContentMode.Binary, id: "e-2"), StringComparer.Ordinal);
        Assert.NotEqual(key, await KeyAsync(ContentMode.Binary, source: "/shop/2"), StringComparer.Ordinal);
        Assert.NotEqual(
            key, await KeyAsync(ContentMode.Binary, data: """{"orderId":"A-1002","cancelled":true}"""),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_long_source_is_kept_as_a_digest()
    {
        var source = "/" + new string('s', 200);
        var (headers, body) = await WrittenAsync(
            "order.placed", OrderSample.Placed, ContentMode.Binary, source: source);

        var authentic = Assert.IsType<Verification.Authentic>(Source.Verify(headers, body));

        Assert.Equal("order.placed", authentic.Topic);
        Assert.Equal("sha256:".Length + 64, authentic.DeliveryId?.Length);
        headers["ce-source"] = source + "t";
        Assert.NotEqual(
            authentic.DeliveryId, Assert.IsType<Verification.Authentic>(Source.Verify(headers, body)).DeliveryId,
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_type_is_read_as_it_was_before_it_was_encoded()
    {
        var (headers, body) = await WrittenAsync("order.placed", OrderSample.Placed, ContentMode.Binary);
        headers["ce-type"] = "order%2Eplaced";

        Assert.IsType<OrderStated>(Opened.Understood(Source.Accept(headers, body)).Change);
    }

    /// <summary>The headers are not signed: whoever captures a request may write others.</summary>
    [Fact]
    public async Task A_captured_event_says_nothing_else_under_other_headers()
    {
        var (headers, body) = await WrittenAsync("order.placed", OrderSample.Placed, ContentMode.Binary);
        foreach (var type in (string[])["order.cancelled", "order.linesRefunded"])
        {
            headers["ce-type"] = type;
            Assert.IsType<Reading.Unreadable>(Source.Accept(headers, body));
        }

        headers["Content-Type"] = "application/cloudevents+json";
        Assert.IsType<Reading.Unreadable>(Source.Accept(headers, body));

        // One that we ignore has the shape of a cancellation.
        (headers, body) = await WrittenAsync("order.viewed", """{"orderId":"A-1001"}""", ContentMode.Binary);
        Assert.IsType<Reading.Ignored>(Source.Accept(headers, body));
        headers["ce-type"] = "order.cancelled";
        Assert.Equal(
            "cancelled must be true: the type is not signed, so the data must say it too",
            Opened.Reason(Source.Accept(headers, body)));

        (headers, body) = await WrittenAsync("order.placed", OrderSample.Placed, ContentMode.Structured);
        headers["Content-Type"] = "application/json";
        foreach (var type in (string[])["order.placed", "order.cancelled", "order.linesRefunded"])
        {
            headers["ce-specversion"] = "1.0";
            headers["ce-type"] = type;
            headers["ce-source"] = "/shop/1";
            headers["ce-id"] = "e-9";
            Assert.IsType<Reading.Unreadable>(Source.Accept(headers, body));
        }
    }

    [Theory]
    [InlineData("ce-specversion", "0.3")]
    [InlineData("ce-specversion", null)]
    [InlineData("ce-type", null)]
    [InlineData("ce-type", "order placed")]
    [InlineData("ce-source", null)]
    [InlineData("ce-id", "")]
    public async Task An_event_that_lacks_an_attribute_is_parked(string header, string? value)
    {
        var (headers, body) = await WrittenAsync("order.placed", OrderSample.Placed, ContentMode.Binary);
        headers[header] = value;

        Assert.Equal(
            "specversion must be 1.0, or else the headers ce-specversion (1.0), ce-type, ce-source and ce-id must be "
            + "there, each once and in visible ASCII",
            Opened.Reason(Source.Accept(headers, body)));
    }

    [Theory]
    [InlineData("id", null, "id is missing")]
    [InlineData("source", "\"\"", "source is missing")]
    [InlineData("type", null, "type is missing")]
    [InlineData("type", "\"com.example.paid\"", "ignored: type com.example.paid is not one that we act on")]
    [InlineData("specversion", "\"0.3\"", "specversion must be 1.0, or else the headers ce-specversion (1.0), ce-type, "
        + "ce-source and ce-id must be there, each once and in visible ASCII")]
    [InlineData("data_base64", "\"e30=\"", "data_base64 is not read: data must be a JSON object")]
    [InlineData("data", null, "data is missing")]
    [InlineData("data", "\"{}\"", "data is a JSON text, expected an object")]
    public async Task A_fault_of_a_structured_event_is_named(string field, string? json, string reason)
    {
        var (_, body) = await WrittenAsync("order.placed", OrderSample.Placed, ContentMode.Structured);
        var root = JsonNode.Parse(body)!.AsObject();
        root.Remove(field);
        if (json is not null)
            root[field] = JsonNode.Parse(json);

        Assert.Equal(reason, Opened.Reason(Source.Read(Deliveries.Receipt("", root.ToJsonString()))));
    }

    [Theory]
    [InlineData("application/cloudevents-batch+json", false)]
    [InlineData("application/xml", false)]
    [InlineData("application/cloudevents+avro", false)]
    [InlineData("application/json", true)]
    public async Task A_batch_and_what_is_no_JSON_is_415(string type, bool taken)
    {
        var (headers, body) = await WrittenAsync("order.placed", OrderSample.Placed, ContentMode.Binary);
        headers["Content-Type"] = type;

        var verified = Source.Verify(headers, body);

        if (taken)
            Assert.IsType<Verification.Authentic>(verified);
        else
            Assert.Equal(
                "Content-Type must be application/json or application/cloudevents+json", Deliveries.Rule(verified));
    }

    [Fact]
    public async Task An_event_that_is_not_signed_is_forged()
    {
        var (headers, body) = await WrittenAsync("order.placed", OrderSample.Placed, ContentMode.Binary);
        Assert.IsType<Verification.Forged>(Source.Verify(headers, body + " "));
        headers.Remove("webhook-signature");

        Assert.Equal("webhook-signature is missing", Deliveries.Rule(Source.Verify(headers, body)));
    }

    [Fact]
    public void Another_proof_will_do_as_well()
    {
        var source = Opened.Source("\"Kind\":\"CloudEvents\",\"Scheme\":\"Bearer\",\"Secrets\":[\"open sesame\"],"
            + "\"AllowUnsigned\":true");
        var headers = new HeaderDictionary
        {
            ["Authorization"] = "Bearer open sesame",
            ["ce-specversion"] = "1.0",
            ["ce-type"] = "order.cancelled",
            ["ce-source"] = "/shop",
            ["ce-id"] = "1",
        };

        Assert.IsType<OrderCancelled>(
            Opened.Understood(source.Accept(headers, OrderSample.Cancelled)).Change);
        headers["Authorization"] = "Bearer open seasame";
        Assert.IsType<Verification.Forged>(source.Verify(headers, OrderSample.Cancelled));
    }

    [Fact]
    public void No_header_and_no_body_makes_it_throw() =>
        Gen.Select(
            Gen.String, Gen.String, Gen.String, Gen.OneOf("1.0", "0.3", ""),
            Gen.OneOf("application/json", "application/cloudevents+json", "x", ""), Gen.Byte.Array[0, 60]).Sample(
            (type, origin, id, version, media, bytes) =>
            {
                var headers = Deliveries.SignedByStandard(Secret, bytes, Deliveries.Now);
                headers["Content-Type"] = media;
                headers["ce-specversion"] = version;
                headers["ce-type"] = type;
                headers["ce-source"] = origin;
                headers["ce-id"] = id;
                var verified = Source.Verify(new WebhookRequest(headers, bytes), Deliveries.Now);
                return verified is not Verification.Authentic authentic
                    || Source.Read(Deliveries.Receipt(authentic.Topic, bytes, authentic.DeliveryId))
                        is Reading.Unreadable or Reading.Ignored;
            },
            iter: 3000);

    private static async Task<string> KeyAsync(
        ContentMode mode, string id = "e-1", string source = "/shop/1", string data = OrderSample.Cancelled)
    {
        var (headers, body) = await WrittenAsync("order.cancelled", data, mode, id, source);
        return Opened.Understood(Source.Accept(headers, body)).EventKey;
    }

    private static async Task<(HeaderDictionary Headers, string Body)> WrittenAsync(
        string type, string data, ContentMode mode, string id = "e-1", string source = "/shop/1")
    {
        var content = new CloudEvent
        {
            Id = id,
            Source = new Uri(source, UriKind.Relative),
            Type = type,
            Time = Deliveries.Now,
            DataContentType = MediaTypeNames.Application.Json,
            Data = JsonNode.Parse(data),
        }.ToHttpContent(mode, new JsonEventFormatter());
        var bytes = await content.ReadAsByteArrayAsync(Cancelled);
        var headers = Deliveries.SignedByStandard(Secret, bytes, Deliveries.Now);
        foreach (var (name, values) in content.Headers)
            headers[name] = values.ToArray();
        return (headers, Encoding.UTF8.GetString(bytes));
    }
}
