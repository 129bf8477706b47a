using System.Net;
using System.Text.Json;

namespace OrderGrains.Chaos.Silos;

/// <summary>
/// Notes each try of a sender in the ledger, and tells the balancer of a silo that could not be reached.
/// </summary>
internal sealed class TryRecorder(Doors doors, Ledger ledger, TimeProvider time, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var silo = doors.Find(request.RequestUri!);
        var from = time.GetUtcNow();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        HttpStatusCode? status = null;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            status = response.StatusCode;
            return response;
        }
        catch (HttpRequestException)
        {
            if (silo >= 0) doors.Drop(silo);
            throw;
        }
        finally
        {
            if (FindWebhook(request) is { } webhook)
                ledger.Note(Describe(request, body, webhook, silo, from, time.GetUtcNow(), status));
        }
    }

    private static string? FindWebhook(HttpRequestMessage request) =>
        FindHeader(request, "X-Shopify-Webhook-Id") ?? FindHeader(request, "webhook-id");

    private static WebhookTry Describe(
        HttpRequestMessage request, byte[] body, string webhook, int silo, DateTimeOffset from, DateTimeOffset to,
        HttpStatusCode? status)
    {
        var source = request.RequestUri!.Segments[^1];
        var (type, orderId) = Read(body);
        var topic = FindHeader(request, "X-Shopify-Topic");
        return topic is null
            ? new WebhookTry(silo, source, webhook, null, type ?? "", from, to, status)
            : new WebhookTry(silo, source, webhook, orderId, topic, from, to, status);
    }

    private static string? FindHeader(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>The event's type, and the order's id, where the body has them.</summary>
    private static (string? Type, long? OrderId) Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var type = root.TryGetProperty("type", out var said) ? said.GetString() : null;
            if (root.TryGetProperty("order_edit", out var edit)) root = edit;
            var id = root.TryGetProperty("order_id", out var order) || root.TryGetProperty("id", out order)
                ? order.GetInt64() : (long?)null;
            return (type, id);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Somebody changed it on purpose.
            return (null, null);
        }
    }
}
