using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

public sealed class WarehouseTests : IAsyncLifetime
{
    private const string Reference = "acme-820982911946154508-1";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Warehouse _warehouse;

    public WarehouseTests() => _warehouse = Open(requestSecret: null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _warehouse.StartAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _warehouse.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task The_same_reference_is_made_once_and_changed_until_it_is_picked()
    {
        Assert.Equal(HttpStatusCode.Created, await PutAsync(quantity: 2));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(quantity: 2));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(quantity: 3));
        _warehouse.Book.Pick(Reference, TimeProvider.System.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, await PutAsync(quantity: 3));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(quantity: 4));

        var order = Assert.Single(_warehouse.Book.Orders);
        Assert.Equal((1, 1, 2, 1), (order.Made, order.Updated, order.Repeated, order.ChangesRefused));
        Assert.Equal(3, Assert.Single(order.Take.Lines).Quantity);
    }

    [Fact]
    public async Task A_request_that_was_held_up_does_not_undo_a_newer_one()
    {
        Assert.Equal(HttpStatusCode.Created, await PutAsync(quantity: 1, revision: 3));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(quantity: 4, revision: 5));

        // It is answered with what is there.
        Assert.Equal(HttpStatusCode.OK, await PutAsync(quantity: 2, revision: 4));
        var order = Assert.Single(_warehouse.Book.Orders);
        Assert.Equal(4, Assert.Single(order.Take.Lines).Quantity);
    }

    [Fact]
    public async Task A_cancel_is_taken_before_the_pick_refused_after_it_and_unknown_without_an_order()
    {
        Assert.Equal(HttpStatusCode.NotFound, await CancelAsync());
        await PutAsync();
        Assert.Equal(HttpStatusCode.OK, await CancelAsync());
        Assert.False(_warehouse.Book.Find(Reference)!.IsLive);
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync());
    }

    [Fact]
    public async Task A_picked_order_is_cancelled_no_more()
    {
        await PutAsync();
        _warehouse.Book.Pick(Reference, TimeProvider.System.GetUtcNow());
        Assert.Equal(HttpStatusCode.Conflict, await CancelAsync());
        Assert.True(_warehouse.Book.Find(Reference)!.IsLive);
    }

    [Fact]
    public async Task An_unsigned_request_is_401_where_a_secret_is_set()
    {
        await using var strict = Open(StandardWebhooks.SecretFor("requests"));
        await strict.StartAsync(Cancellation);
        using var answer = await _http.GetAsync(new Uri(strict.BaseUrl, "/stock/east"), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Single(strict.Book.Complaints);
    }

    [Fact]
    public async Task Queued_faults_strike_once_each_and_say_when_to_come_back()
    {
        _warehouse.Faults.Enqueue(new Fault.Status(429, TimeSpan.FromSeconds(2)));
        using var answer = await SendPutAsync(1, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.Created, await PutAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_hangs_up_cannot_tell_whether_it_was_taken(bool takenFirst)
    {
        var hour = TimeSpan.FromHours(1);
        _warehouse.Faults.Enqueue(takenFirst ? new Fault.HangAfter(hour) : new Fault.HangBefore(hour));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendPutAsync(1, patience.Token));

        using var found = await _http.GetAsync(new Uri(_warehouse.BaseUrl, $"/orders/{Reference}"), Cancellation);
        Assert.Equal(takenFirst ? HttpStatusCode.OK : HttpStatusCode.NotFound, found.StatusCode);
    }

    [Fact]
    public async Task It_goes_away_and_comes_back_on_the_same_port_with_its_memory()
    {
        await PutAsync();
        var address = _warehouse.BaseUrl;
        await _warehouse.GoAwayAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync());
        await _warehouse.ComeBackAsync(Cancellation);
        Assert.Equal(address, _warehouse.BaseUrl);
        Assert.Equal(HttpStatusCode.OK, await PutAsync());
    }

    [Fact]
    public async Task The_count_is_what_stands_on_the_shelf()
    {
        using var json = await _http.GetFromJsonAsync<JsonDocument>(
            new Uri(_warehouse.BaseUrl, "/stock/east"), Cancellation);
        var item = json!.RootElement.GetProperty("items")[0];
        Assert.Equal(("TEA", 10), (item.GetProperty("sku").GetString(), item.GetProperty("onHand").GetInt32()));
    }

    private Warehouse Open(string? requestSecret) => new(
        new WarehouseOptions
        {
            Name = "east-wms",
            Location = "east",
            RequestSecret = requestSecret,
            EventSecret = StandardWebhooks.SecretFor("events"),
            Stock = new Dictionary<string, int>(StringComparer.Ordinal) { ["TEA"] = 10 },
            // Nothing ships by itself here.
            ShipAfter = TimeSpan.FromHours(1),
        },
        () => new Uri("http://127.0.0.1:1"), TimeProvider.System, _http);

    private async Task<HttpStatusCode> PutAsync(int quantity = 1, long revision = 1)
    {
        using var answer = await SendPutAsync(quantity, Cancellation, revision);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> SendPutAsync(int quantity, CancellationToken cancellation, long revision = 1) =>
        _http.PutAsync(
            new Uri(_warehouse.BaseUrl, $"/orders/{Reference}"),
            OpenWarehouse.Take(Reference, quantity, revision), cancellation);

    private async Task<HttpStatusCode> CancelAsync()
    {
        using var answer = await _http.PostAsync(
            new Uri(_warehouse.BaseUrl, $"/orders/{Reference}/cancel"), content: null, Cancellation);
        return answer.StatusCode;
    }
}
