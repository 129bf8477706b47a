using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace OrderGrains.Sandbox.Warehouses.ShipStation;

/// <summary>Posts webhooks as a subscription of the make-believe ShipStation does.</summary>
/// <param name="url">Where to.</param>
/// <param name="http">Left to the caller to dispose.</param>
/// <param name="time">The clock of the signatures.</param>
public sealed class ShipStationPost(Uri url, HttpClient http, TimeProvider time)
{
    /// <summary>One delivery; the status that came back.</summary>
    public async Task<int> SendAsync(ShipStationKey key, string body, CancellationToken cancellation)
    {
        var at = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("x-shipengine-rsa-sha256-key-id", key.Id);
        request.Headers.Add("x-shipengine-rsa-sha256-signature", key.Sign(at, bytes));
        request.Headers.Add("x-shipengine-timestamp", at);
        using var answer = await http.SendAsync(request, cancellation);
        return (int)answer.StatusCode;
    }
}
