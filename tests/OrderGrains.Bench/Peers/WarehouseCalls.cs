using System.Net.Http.Headers;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// How every peer calls the warehouse: kept-alive connections, as many at once as the product may have.
/// </summary>
internal sealed class WarehouseCalls(Uri warehouse) : IDisposable
{
    public const int AtOnceMax = 64;

    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = warehouse,
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Hands an order over; the reference makes that safe to repeat.</summary>
    /// <exception cref="HttpRequestException">The warehouse did not take it: try again later.</exception>
    public async Task ReleaseAsync(string reference, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
        using var response = await _http.PutAsync($"/orders/{reference}", content);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
