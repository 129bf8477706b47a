using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses.ShipBob;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.ShipBob;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipBob;

/// <summary>The stock of the stand-in, asked for a page after the other.</summary>
public sealed class ShipBobStockTests : IAsyncLifetime
{
    private const string Token = "a-token-of-a-test";

    private readonly QuickTime _time = new(TimeSpan.FromSeconds(1));
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly ShipBobServer _server = new(
        Token, new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["MUG"] = 50,
            ["CAP"] = 4,
            ["TEA"] = 0,
            ["POT"] = 7,
            ["SET"] = -2,
        },
        TimeProvider.System);

    private readonly List<PulledItem> _items = [];
    private string? _cursor;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _server.StartAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task All_pages_of_a_location_are_one_count()
    {
        Assert.Equal(TimeSpan.FromMinutes(15), await PullAsync());

        var read = Opened.Understood(Stock().Read(Deliveries.Receipt("", Assert.Single(_items).Body, null)));
        var counted = Assert.IsType<StockCounted>(read.Change);
        Assert.Equal(("east", true, (string?)null), (counted.Location, counted.IsDated, read.Left));
        Assert.Equal(
            "CAP=4 MUG=50 POT=7 SET=0 TEA=0", string.Join(' ', counted.Items.Select(i => $"{i.Sku}={i.OnHand}")));
        Assert.Equal(3, _server.Calls);
        Assert.Equal(2, _time.Waits);
    }

    [Fact]
    public async Task Only_what_differs_is_handed_over_and_all_of_it_once_a_day()
    {
        await PullAsync();
        await PullAsync();
        Assert.Single(_items);

        _server.Book.Count("MUG", 49);
        await PullAsync();
        Assert.Equal(2, _items.Count);

        _time.Now += TimeSpan.FromDays(1);
        await PullAsync();
        Assert.Equal(3, _items.Count);
    }

    [Fact]
    public async Task A_location_that_does_not_exist_counts_nothing()
    {
        await PullAsync(location: 8);

        Assert.Empty(_items);
    }

    [Theory]
    [InlineData(200, "<html>", "it answers 200")]
    [InlineData(200, """{"next":null}""", "it answers 200")]
    [InlineData(200, """{"items":[{"sku":"MUG","locations":[{"location_id":7}]}],"next":null}""", "it answers 200")]
    [InlineData(503, "{}", "it answers 503")]
    [InlineData(403, "{}", "its access token is not accepted")]
    [InlineData(200, """{"items":[],"next":"http://127.0.0.2:1/2026-01/inventory-level/locations"}""",
        "the next page of its stock is at another address")]
    public async Task What_is_no_stock_is_asked_for_again_later(int status, string body, string why)
    {
        _server.Faults.Enqueue(new Fault.Garbage(status, body, Done: false));

        var failed = await Assert.ThrowsAsync<PullException>(() => PullAsync());

        Assert.Equal(why, failed.Message);
        Assert.Empty(_items);
        Assert.Null(_cursor);
    }

    private async Task<TimeSpan> PullAsync(int location = ShipBobServer.LocationId) =>
        await Stock(location).PullAsync(
            new Intake(
                new CallTools(_http, _time, new GuardedHttp()), _cursor,
                (items, cursor) =>
                {
                    _items.AddRange(items);
                    _cursor = cursor;
                    return Task.CompletedTask;
                }),
            Cancelled);

    private ShipBobStock Stock(int location = ShipBobServer.LocationId) => new(new ShipBobStockOptions
    {
        BaseUrl = _server.BaseUrl,
        AccessToken = Token,
        Warehouse = "bob",
        LocationIds = new Dictionary<string, int>(StringComparer.Ordinal) { ["east"] = location },
    });
}
