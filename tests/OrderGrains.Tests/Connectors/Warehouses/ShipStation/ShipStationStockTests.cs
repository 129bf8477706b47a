using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.ShipStation;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipStation;

/// <summary>The stock of the stand-in, asked for a page after the other.</summary>
public sealed class ShipStationStockTests : IAsyncLifetime
{
    private const string ApiKey = "a-key-of-a-test";

    private readonly QuickTime _time = new(TimeSpan.FromSeconds(3));
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly ShipStationServer _server = new(ApiKey, TimeProvider.System);
    private readonly List<PulledItem> _items = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Cancelled);
        foreach (var (sku, shelf, units) in ((string, string, int)[])
            [("MUG", "A", 5), ("CAP", "A", 4), ("MUG", "B", 7), ("TEA", "A", 0), ("SET", "A", -2), ("SET", "B", 1)])
            _server.Book.Count(sku, shelf, units);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task All_shelves_on_all_pages_are_one_count()
    {
        Assert.Equal(TimeSpan.FromMinutes(15), await PullAsync());

        var read = Opened.Understood(Stock().Read(Deliveries.Receipt("", Assert.Single(_items).Body, null)));
        var counted = Assert.IsType<StockCounted>(read.Change);
        Assert.Equal(("east", true, (string?)null), (counted.Location, counted.IsDated, read.Left));
        Assert.Equal("MUG=12 CAP=4 TEA=0 SET=0", string.Join(' ', counted.Items.Select(i => $"{i.Sku}={i.OnHand}")));
        Assert.Equal((3, 2), (_server.Calls, _time.Waits));
    }

    [Fact]
    public async Task What_lies_in_another_warehouse_is_not_counted()
    {
        _server.Faults.Enqueue(new Fault.Garbage(200, """
            {"inventory":[{"sku":"MUG","on_hand":3,"inventory_warehouse_id":"se-8"},
                          {"sku":"MUG","on_hand":9,"inventory_warehouse_id":"se-9"},
                          {"on_hand":9,"inventory_warehouse_id":"se-8"}],"links":{"next":{}}}
            """, Done: false));

        await PullAsync();

        var counted = (StockCounted)Opened.Understood(
            Stock().Read(Deliveries.Receipt("", Assert.Single(_items).Body, null))).Change;
        Assert.Equal([new StockItem("MUG", 3)], counted.Items);
    }

    [Theory]
    [InlineData(200, "<html>", "it answers 200")]
    [InlineData(200, """{"links":{}}""", "it answers 200")]
    [InlineData(200, """{"inventory":[{"sku":"MUG","inventory_warehouse_id":"se-8"}]}""", "it answers 200")]
    [InlineData(503, "{}", "it answers 503")]
    [InlineData(403, "{}", "its access token is not accepted")]
    [InlineData(200, """{"inventory":[],"links":{"next":{"href":"http://127.0.0.2:1/v2/inventory"}}}""",
        "the next page of its stock is at another address")]
    public async Task What_is_no_stock_is_asked_for_again_later(int status, string body, string why)
    {
        _server.Faults.Enqueue(new Fault.Garbage(status, body, Done: false));

        Assert.Equal(why, (await Assert.ThrowsAsync<PullException>(PullAsync)).Message);
        Assert.Empty(_items);
    }

    private async Task<TimeSpan> PullAsync() => await Stock().PullAsync(
        new Intake(
            new CallTools(_http, _time, new GuardedHttp()), null,
            (items, _) =>
            {
                _items.AddRange(items);
                return Task.CompletedTask;
            }),
        Cancelled);

    private ShipStationStock Stock() => new(new ShipStationStockOptions
    {
        BaseUrl = _server.BaseUrl,
        ApiKey = ApiKey,
        Warehouse = "ss",
        InventoryWarehouseIds = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["east"] = ShipStationServer.InventoryWarehouseId,
        },
    });
}
