using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Webhook;

/// <summary>An event as a subscriber gets it. The same event has the same bytes and the same id each time.</summary>
internal static class EventRequest
{
    public const string SequenceHeader = "webhook-sequence";

    private const string Source = "/ordergrains";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <param name="content">What is said.</param>
    /// <param name="id">The message's id, the same each time it is sent.</param>
    /// <param name="options">Where it goes, in which form, and who signs.</param>
    /// <param name="now">The time of the signatures.</param>
    public static HttpRequestMessage Of(
        EventContent content, Guid id, SubscriberWebhookOptions options, DateTimeOffset now)
    {
        var data = Data(content);
        var body = options.Format == EventFormat.CloudEvents
            ? JsonSerializer.SerializeToUtf8Bytes(data, EventJson.Default.JsonObject)
            : JsonSerializer.SerializeToUtf8Bytes(
                new EventBody(
                    content.Type, content.At.UtcDateTime, content.Subject.ToString(), content.Sequence, data),
                EventJson.Default.EventBody);
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
        };
        request.Headers.UserAgent.Add(HttpCalls.UserAgent);
        StandardWebhooks.Sign(request.Headers, options.Secrets, id.ToString(), now, body);
        if (content.Sequence is { } sequence)
            request.Headers.Add(SequenceHeader, sequence.ToString());
        if (options.Format == EventFormat.CloudEvents)
            AddAttributes(request.Headers, content, id);
        return request;
    }

    private static JsonObject Data(EventContent content)
    {
        var data = JsonNode.Parse(content.Data)!.AsObject();
        if (content.ShipTo is { } shipTo)
            data["shipTo"] = JsonSerializer.SerializeToNode(shipTo, EventJson.Default.ShipTo);
        return data;
    }

    /// <summary>CloudEvents HTTP binding 1.0.2, section 3.1.</summary>
    private static void AddAttributes(HttpRequestHeaders headers, EventContent content, Guid id)
    {
        Add("specversion", "1.0");
        Add("id", id.ToString());
        Add("source", Source);
        Add("type", content.Type);
        Add("subject", content.Subject.ToString());
        Add("time", content.At.UtcDateTime.ToString("O"));
        // The sequence extension: compared as text, so all have the same length.
        if (content.Sequence is { } sequence)
            Add("sequence", sequence.ToString("D19"));

        void Add(string attribute, string value) => headers.Add($"ce-{attribute}", Encoded(value));
    }

    /// <summary>
    /// Section 3.1.3.2: blanks, quotes, per cent and all beyond visible ASCII are written as bytes of UTF-8. Control
    /// characters are in no attribute.
    /// </summary>
    private static string Encoded(string value)
    {
        var encoded = new StringBuilder(value.Length);
        foreach (var one in Encoding.UTF8.GetBytes(Printable.Of(value)))
        {
            if (one is > (byte)' ' and <= (byte)'~' and not (byte)'"' and not (byte)'%')
                encoded.Append((char)one);
            else
                encoded.Append('%').Append(one.ToString("X2"));
        }

        return encoded.ToString();
    }
}

/// <summary>The body of an event by Standard Webhooks; subject and sequence are ours.</summary>
internal sealed record EventBody(string Type, DateTime Timestamp, string Subject, long? Sequence, JsonObject Data);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(ShipTo))]
internal sealed partial class EventJson : JsonSerializerContext;
