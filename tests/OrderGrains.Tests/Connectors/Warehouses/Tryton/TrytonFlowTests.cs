using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>The whole product with a shop and Tryton: from the webhook to the parcel.</summary>
[Collection(nameof(TrytonServer))]
public sealed class TrytonFlowTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Key = "an-operators-key-of-a-test";
    private const string OrderPath = "/api/v1/orders/shop/A-1001";

    private readonly TempDirectory _data = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly TrytonServer _server;

    private TrytonBook _book = null!;
    private WebApplication? _app;

    public TrytonFlowTests(TrytonServer server) => _server = server;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _book = await _server.BookAsync();
        string[] access =
        [
            $"BaseUrl={_server.BaseUrl}", $"Database={TrytonServer.Database}", $"User={TrytonServer.User}",
            $"Password={TrytonServer.Password}", "Warehouses:east=WH",
        ];
        _app = OrderGrainsApp.Create(
            [
                "--urls=http://127.0.0.1:0", $"--DataDirectory={_data.Path}", "--Outbound:DelayMin=00:00:00.050",
                "--Api:Keys:0:Name=a test", "--Api:Keys:0:Role=Operator", $"--Api:Keys:0:Secret={Key}",
                "--Sources:shop:Kind=StandardWebhooks", $"--Sources:shop:Secrets:0={Secret}",
                "--Sources:shop:Locations:0=east",
                "--Sources:events:Kind=TrytonEvents", "--Sources:events:Warehouse=tryton",
                "--Sources:events:PollEvery=00:00:01",
                "--Warehouses:tryton:Kind=Tryton", "--Warehouses:tryton:Locations:0=east",
                .. access.SelectMany(setting => (string[])
                    [$"--Sources:events:{setting}", $"--Warehouses:tryton:{setting}"]),
            ],
            builder => builder.Logging.ClearProviders());
        await _app.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        _http.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task An_order_is_taken_changed_by_a_second_one_and_shipped()
    {
        await PlaceAsync("order.placed", OrderSample.Placed);
        await OrderIsAsync("released");
        Assert.Equal(2, (await _book.SheetAsync("shop-A-1001-1")).Units["MUG"]);

        await PlaceAsync("order.updated", OrderSample.Placed
            .Replace("08:00:01.5Z", "08:00:09Z", StringComparison.Ordinal)
            .Replace("\"quantity\":2", "\"quantity\":3", StringComparison.Ordinal));
        await Eventually.TrueAsync(
            async () => (await _book.SheetsAsync("shop-A-1001-2")).Any(sheet => sheet.State == "assigned"));
        Assert.Equal("cancelled", (await _book.SheetAsync("shop-A-1001-1")).State);
        Assert.Equal(3, (await _book.SheetAsync("shop-A-1001-2")).Units["MUG"]);

        await _book.DoAsync("shop-A-1001-2", "pick", "pack", "done");
        var order = await OrderIsAsync("shipped");

        Assert.Equal(
            "shop-A-1001-2",
            Assert.Single(order.GetProperty("shipments").EnumerateArray()).GetProperty("reference").GetString());
        var stock = await AskAsync("/api/v1/stock/east/MUG");
        Assert.Equal(
            (47, 0), (stock!.Value.GetProperty("onHand").GetInt32(), stock.Value.GetProperty("reserved").GetInt32()));
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
            HttpMethod.Post, new Uri(new Uri(_app!.Urls.First()), "/webhooks/v1/shop"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        StandardWebhooks.Sign(request.Headers, [Secret], $"msg_{type.Replace('.', '_')}", now, body);
        using var answer = await _http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<JsonElement?> AskAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(_app!.Urls.First()), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var answer = await _http.SendAsync(request, Cancelled);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)) : null;
    }
}
