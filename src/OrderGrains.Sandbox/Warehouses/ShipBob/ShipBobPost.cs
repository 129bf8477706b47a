using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.ShipBob;

/// <summary>Posts webhooks as a subscription of the make-believe ShipBob does.</summary>
/// <param name="url">Where to.</param>
/// <param name="secret">Of the subscription, <c>whsec_…</c>.</param>
/// <param name="http">Left to the caller to dispose.</param>
/// <param name="time">The clock of the signatures.</param>
public sealed class ShipBobPost(Func<Uri> url, string secret, HttpClient http, TimeProvider time)
{
    /// <summary>One delivery; the status that came back.</summary>
    public async Task<int> SendAsync(string topic, JsonObject body, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (id, bytes) = ($"msg_{Guid.CreateVersion7(now):N}", Encoding.UTF8.GetBytes(body.ToJsonString()));
        using var request = new HttpRequestMessage(HttpMethod.Post, url());
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("x-webhook-topic", topic);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(
            "webhook-signature", StandardWebhooks.Sign(secret, id, now.ToUnixTimeSeconds(), bytes));
        using var answer = await http.SendAsync(request, cancellation);
        return (int)answer.StatusCode;
    }
}
