using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace OrderGrains.Sandbox.Shops;

/// <summary>
/// Signs and posts webhooks as Shopify does: base64 HMAC-SHA256 over the raw body alone, five seconds in all, the
/// original body and webhook id on each retry.
/// </summary>
internal sealed class ShopPost(
    string source, string secret, string domain, Func<Uri> product, TimeProvider time, HttpClient http)
{
    private const string ApiVersion = "2026-07";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);

    public int Acknowledged => _acknowledged.Count;

    /// <summary>An answer that takes longer counts as none.</summary>
    public TimeSpan AnswerMax { get; set; } = TimeSpan.FromSeconds(5);

    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } =
    [
        TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
    ];

    public Delivery Sign(
        string topic, long orderId, ReadOnlyMemory<byte> body, DateTimeOffset triggeredAt, Random random)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["X-Shopify-Topic"] = topic,
            ["X-Shopify-Hmac-Sha256"] = Convert.ToBase64String(HMACSHA256.HashData(_key, body.Span)),
            ["X-Shopify-Shop-Domain"] = domain,
            ["X-Shopify-API-Version"] = ApiVersion,
            ["X-Shopify-Webhook-Id"] = Identity(random),
            ["X-Shopify-Event-Id"] = Identity(random),
            ["X-Shopify-Triggered-At"] = triggeredAt.UtcDateTime.ToString("O"),
        };
        return new Delivery(topic, orderId, headers, body);
    }

    public async Task<SendOutcome> SendAsync(Delivery delivery, int attemptsMax, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var status = await PostAsync(delivery, cancellation);
            if (status == HttpStatusCode.OK)
            {
                _acknowledged[delivery.Headers["X-Shopify-Webhook-Id"]] = true;
                return new SendOutcome(true, attempt, status);
            }
            if (attempt >= attemptsMax) return new SendOutcome(false, attempt, status);
            await Task.Delay(RetryDelays[Math.Min(attempt, RetryDelays.Count) - 1], time, cancellation);
        }
    }

    private async Task<HttpStatusCode?> PostAsync(Delivery delivery, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(product(), $"/webhooks/v1/{source}"));
            request.Content = new ReadOnlyMemoryContent(delivery.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach (var (name, value) in delivery.Headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await http.SendAsync(request, either.Token);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string Identity(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
