using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.ShipBob;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Wire;
using Xunit;
using WarehouseFault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipBob;

/// <summary>The whole product with a shop and ShipBob: from the webhook to the parcel.</summary>
public sealed class ShipBobFlowTests : IAsyncLifetime
{
    private const string Secret = ShipBobSourceTests.Secret;
    private const string Key = "an-operators-key-of-a-test";
    private const string Token = "a-token-of-a-test";
    private const string OrderPath = "/api/v1/orders/shop/A-1001";

    private readonly TempDirectory _data = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ShipBobServer _server = new(
        Token, new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 9 }, TimeProvider.System);

    private WebApplication _app = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Cancelled);
        _app = OrderGrainsApp.Create(
            [
                "--urls=http://127.0.0.1:0", $"--DataDirectory={_data.Path}", "--Outbound:DelayMin=00:00:00.050",
                "--Api:Keys:0:Name=a test", "--Api:Keys:0:Role=Operator", $"--Api:Keys:0:Secret={Key}",
                "--Sources:shop:Kind=StandardWebhooks", $"--Sources:shop:Secrets:0={Secret}",
                "--Sources:shop:Locations:0=east",
                "--Sources:bob:Kind=ShipBob", $"--Sources:bob:Secrets:0={Secret}", "--Sources:bob:Warehouse=bob",
                "--Sources:bob-stock:Kind=ShipBobStock", "--Sources:bob-stock:Warehouse=bob",
                $"--Sources:bob-stock:BaseUrl={_server.BaseUrl}", $"--Sources:bob-stock:AccessToken={Token}",
                $"--Sources:bob-stock:LocationIds:east={ShipBobServer.LocationId}",
                "--Warehouses:bob:Kind=ShipBob", $"--Warehouses:bob:BaseUrl={_server.BaseUrl}",
                $"--Warehouses:bob:AccessToken={Token}", "--Warehouses:bob:ChannelId=11",
                "--Warehouses:bob:Locations:0=east",
                $"--Warehouses:bob:LocationIds:east={ShipBobServer.LocationId}",
            ],
            builder => builder.Logging.ClearProviders());
        await _app.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _server.DisposeAsync();
        _http.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task An_order_is_taken_once_changed_by_a_second_one_and_shipped()
    {
        // ShipBob takes the first order, and its answer never comes.
        var left = 1;
        _server.Faults.Rule = call => call.Kind == CallKind.TakeOrder && Interlocked.Decrement(ref left) >= 0
            ? new WarehouseFault.Abort(Done: true) : WarehouseFault.None;
        await PlaceAsync("order.placed", OrderSample.Placed);
        await OrderIsAsync("released");
        Assert.Equal(2, Assert.Single(_server.Book.Orders).Units["MUG"]);

        await PlaceAsync("order.updated", OrderSample.Placed
            .Replace("08:00:01.5Z", "08:00:09Z", StringComparison.Ordinal)
            .Replace("\"quantity\":2", "\"quantity\":3", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => _server.Book.Find("shop-A-1001-2") is not null);
        Assert.Equal("Cancelled", _server.Book.Find("shop-A-1001-1")!.Status);
        Assert.Equal(3, _server.Book.Find("shop-A-1001-2")!.Units["MUG"]);

        var post = new ShipBobPost(
            () => new Uri(new Uri(_app.Urls.First()), "/webhooks/v1/bob"), Secret, _http, TimeProvider.System);
        Assert.Equal(200, await _server.ShipAsync("shop-A-1001-2", post, Cancelled));
        var order = await OrderIsAsync("shipped");

        var parcel = Assert.Single(order.GetProperty("shipments").EnumerateArray());
        Assert.StartsWith("SB", parcel.GetProperty("trackingNumber").GetString(), StringComparison.Ordinal);
        var stock = await AskAsync("/api/v1/stock/east/MUG");
        Assert.Equal(
            (6, 0), (stock!.Value.GetProperty("onHand").GetInt32(), stock.Value.GetProperty("reserved").GetInt32()));
        Assert.Empty(_server.Book.Phantoms);
        await Eventually.TrueAsync(async () =>
            (await AskAsync("/api/v1/audit"))?.GetProperty("balanced").GetBoolean() == true);
    }

    private async Task<JsonElement> OrderIsAsync(string status)
    {
        JsonElement? order = null;
        await Eventually.EqualAsync(
            status, async () => (order = await AskAsync(OrderPath))?.GetProperty("status").GetString());
        return order!.Value;
    }

    private async Task PlaceAsync(string type, string data)
    {
        var body = Encoding.UTF8.GetBytes(OrderSample.Event(type, data));
        var now = TimeProvider.System.GetUtcNow();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(new Uri(_app.Urls.First()), "/webhooks/v1/shop"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        StandardWebhooks.Sign(request.Headers, [Secret], $"msg_{type.Replace('.', '_')}", now, body);
        using var answer = await _http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<JsonElement?> AskAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(_app.Urls.First()), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var answer = await _http.SendAsync(request, Cancelled);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)) : null;
    }
}
