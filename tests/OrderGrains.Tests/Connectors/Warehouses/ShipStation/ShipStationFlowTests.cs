using System.Text.Json;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.ShipStation;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using Xunit;
using WarehouseFault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipStation;

/// <summary>The whole product with a shop and ShipStation: from the webhook to the parcel.</summary>
public sealed class ShipStationFlowTests : IAsyncLifetime
{
    private const string ApiKey = "a-key-of-a-test";

    private readonly ShipStationServer _server = new(ApiKey, TimeProvider.System);
    private SmallProduct _product = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server.Book.Count("MUG", "A", 5);
        _server.Book.Count("MUG", "B", 4);
        await _server.StartAsync(Cancelled);
        _product = await SmallProduct.StartAsync(
            [
                "--Outbound:DelayMin=00:00:00.050",
                "--Sources:shop:Kind=StandardWebhooks", $"--Sources:shop:Secrets:0={SmallProduct.Secret}",
                "--Sources:shop:Locations:0=east",
                "--Sources:ss:Kind=ShipStation", "--Sources:ss:Warehouse=ss", $"--Sources:ss:ApiKey={ApiKey}",
                $"--Sources:ss:BaseUrl={_server.BaseUrl}", $"--Sources:ss:KeysUrl={_server.KeysUrl}",
                "--Sources:ss:CalledNetworks:0=127.0.0.0/8",
                "--Sources:ss-stock:Kind=ShipStationStock", "--Sources:ss-stock:Warehouse=ss",
                $"--Sources:ss-stock:ApiKey={ApiKey}", $"--Sources:ss-stock:BaseUrl={_server.BaseUrl}",
                $"--Sources:ss-stock:InventoryWarehouseIds:east={ShipStationServer.InventoryWarehouseId}",
                "--Warehouses:ss:Kind=ShipStation", $"--Warehouses:ss:BaseUrl={_server.BaseUrl}",
                $"--Warehouses:ss:ApiKey={ApiKey}", "--Warehouses:ss:Locations:0=east",
                $"--Warehouses:ss:WarehouseIds:east={ShipStationServer.WarehouseId}",
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _product.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Orders_are_taken_once_changed_by_a_second_one_and_shipped_by_one_webhook_for_all_their_labels()
    {
        // ShipStation takes the first order, and its answer never comes.
        var left = 1;
        _server.Faults.Rule = call => call.Kind == CallKind.TakeOrder && Interlocked.Decrement(ref left) >= 0
            ? new WarehouseFault.Abort(Done: true) : WarehouseFault.None;
        await _product.PlaceAsync("shop", "order.placed", OrderSample.Placed);
        await OrderIsAsync("A-1001", "released");
        Assert.Equal(2, Assert.Single(_server.Book.Shipments).Units["MUG"]);
        await _product.PlaceAsync("shop", "order.updated", OrderSample.Placed
            .Replace("08:00:01.5Z", "08:00:09Z", StringComparison.Ordinal)
            .Replace("\"quantity\":2", "\"quantity\":3", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => _server.Book.Find("shop-A-1001-2") is not null);
        Assert.Equal("cancelled", _server.Book.Find("shop-A-1001-1")!.Status);
        await _product.PlaceAsync("shop", "order.placed", OrderSample.Placed.Replace(
            "1001", "1002", StringComparison.Ordinal));
        await OrderIsAsync("A-1002", "released");

        // Somebody there buys the labels of both at once, and one of an order that is not ours.
        var other = _server.Book.Take("others-1-1", "1", ShipStationServer.WarehouseId,
            new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 1 }, null)!;
        var labels = _server.Book.Label(
            TimeProvider.System.GetUtcNow(), other.Id, _server.Book.Find("shop-A-1001-2")!.Id,
            _server.Book.Find("shop-A-1002-1")!.Id);
        var hint = _server.LabelsCreated(labels);
        await Eventually.EqualAsync(200, () => PostAsync(_server.Key, hint));
        Assert.Equal(200, await PostAsync(_server.Key, hint));

        Assert.Equal(labels[1].TrackingNumber, Parcel(await OrderIsAsync("A-1001", "shipped")));
        Assert.Equal(labels[2].TrackingNumber, Parcel(await OrderIsAsync("A-1002", "shipped")));
        var stock = await _product.AskAsync("/api/v1/stock/east/MUG");
        Assert.Equal(
            (4, 0), (stock!.Value.GetProperty("onHand").GetInt32(), stock.Value.GetProperty("reserved").GetInt32()));
        await Eventually.TrueAsync(async () => await _product.AskAsync("/api/v1/audit") is { } audit
            && audit.GetProperty("balanced").GetBoolean()
            && audit.GetProperty("receipts").GetProperty("pending").GetInt32() == 0
            && audit.GetProperty("receipts").GetProperty("parked").GetInt32() == 0);
    }

    [Fact]
    public async Task Who_signs_by_a_key_that_nobody_knows_is_told_to_come_again_and_an_order_may_be_rejected()
    {
        await _product.PlaceAsync("shop", "order.placed", OrderSample.Placed);
        await OrderIsAsync("A-1001", "released");
        var gone = _server.Book.Fulfil(
            TimeProvider.System.GetUtcNow(), _server.Book.Find("shop-A-1001-1")!.Id);
        var hint = _server.FulfilmentIs("REJECTED", gone);
        await Eventually.EqualAsync(200, () => PostAsync(_server.Key, hint));
        using var stranger = new ShipStationKey("stranger");

        Assert.Equal(503, await PostAsync(stranger, hint));

        await OrderIsAsync("A-1001", "onHold");
    }

    private async Task<int> PostAsync(ShipStationKey key, string body) => await new ShipStationPost(
        new Uri(_product.Address, "/webhooks/v1/ss"), _product.Http, TimeProvider.System).SendAsync(
            key, body, Cancelled);

    private Task<JsonElement> OrderIsAsync(string id, string status) =>
        _product.OrderIsAsync($"/api/v1/orders/shop/{id}", status);

    private static string? Parcel(JsonElement order) => Assert.Single(
        order.GetProperty("shipments").EnumerateArray()).GetProperty("trackingNumber").GetString();
}
