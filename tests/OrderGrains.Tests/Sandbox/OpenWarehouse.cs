using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Tests.Sandbox;

/// <summary>A make-believe warehouse that listens, and a product that says 200 to each of its events.</summary>
internal sealed class OpenWarehouse : IAsyncDisposable
{
    private readonly Listener _listener = new();
    private readonly HttpClient _events;
    private readonly HttpClient _calls = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    public OpenWarehouse(
        TimeProvider time, TimeSpan shipAfter, WarehouseHabits? habits = null, TimeSpan clockError = default,
        int twoParcelsPercent = 0)
    {
        _events = new HttpClient(_listener);
        var options = new WarehouseOptions
        {
            Name = "east-wms",
            Location = "east",
            EventSecret = StandardWebhooks.SecretFor("events"),
            Stock = new Dictionary<string, int>(StringComparer.Ordinal) { ["TEA"] = 500, ["POT"] = 20 },
            ShipAfter = shipAfter,
            TwoParcelsPercent = twoParcelsPercent,
            ClockError = clockError,
            Habits = habits ?? new WarehouseHabits(),
        };
        Warehouse = new Warehouse(options, () => new Uri("http://product"), time, _events);
    }

    public Warehouse Warehouse { get; }

    /// <summary>The events as they came.</summary>
    public IReadOnlyCollection<JsonElement> Heard => _listener.Bodies;

    public IEnumerable<string> HeardTypes => Heard.Select(body => body.GetProperty("type").GetString()!);

    public Task<HttpResponseMessage> PutAsync(
        string reference, CancellationToken cancellation, int quantity = 2,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Warehouse.BaseUrl, $"/orders/{reference}"));
        request.Content = Take(reference, quantity);
        return _calls.SendAsync(request, completion, cancellation);
    }

    /// <summary>The body of <c>PUT /orders/{reference}</c>.</summary>
    public static JsonContent Take(string reference, int quantity, long revision = 1) => JsonContent.Create(new
    {
        reference,
        revision,
        source = "acme",
        orderId = "820982911946154508",
        orderNumber = "#1001",
        location = "east",
        placedAt = "2026-07-01T12:00:00Z",
        shipTo = new
        {
            name = "Ada Marsh",
            address1 = "12 Willow Street",
            city = "Portland",
            postalCode = "97201",
            countryCode = "US",
        },
        lines = new[] { new { lineId = "1", sku = "TEA", quantity } },
    });

    public async Task<HttpStatusCode> CancelAsync(string reference, CancellationToken cancellation)
    {
        using var answer = await _calls.PostAsync(
            new Uri(Warehouse.BaseUrl, $"/orders/{reference}/cancel"), content: null, cancellation);
        return answer.StatusCode;
    }

    public async Task<HttpStatusCode> FindAsync(string reference, CancellationToken cancellation)
    {
        using var answer = await _calls.GetAsync(
            new Uri(Warehouse.BaseUrl, $"/orders/{reference}"), cancellation);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Warehouse.DisposeAsync();
        _events.Dispose();
        _calls.Dispose();
    }

    private sealed class Listener : HttpMessageHandler
    {
        private readonly ConcurrentQueue<JsonElement> _bodies = new();

        public IReadOnlyCollection<JsonElement> Bodies => _bodies;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _bodies.Enqueue(await request.Content!.ReadFromJsonAsync<JsonElement>(cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
