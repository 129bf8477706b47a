using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.ShipBob;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using Xunit;
using WarehouseFault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipBob;

/// <summary>The whole product with a shop and ShipBob: from the webhook to the parcel.</summary>
public sealed class ShipBobFlowTests : IAsyncLifetime
{
    private const string Secret = SmallProduct.Secret;
    private const string Token = "a-token-of-a-test";
    private const string OrderPath = "/api/v1/orders/shop/A-1001";

    private readonly ShipBobServer _server = new(
        Token, new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 9 }, TimeProvider.System);

    private SmallProduct _product = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Cancelled);
        _product = await SmallProduct.StartAsync(
            [
                "--Outbound:DelayMin=00:00:00.050",
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
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _product.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_order_is_taken_once_changed_by_a_second_one_and_shipped()
    {
        // ShipBob takes the first order, and its answer never comes.
        var left = 1;
        _server.Faults.Rule = call => call.Kind == CallKind.TakeOrder && Interlocked.Decrement(ref left) >= 0
            ? new WarehouseFault.Abort(Done: true) : WarehouseFault.None;
        await _product.PlaceAsync("shop", "order.placed", OrderSample.Placed);
        await _product.OrderIsAsync(OrderPath, "released");
        Assert.Equal(2, Assert.Single(_server.Book.Orders).Units["MUG"]);

        await _product.PlaceAsync("shop", "order.updated", OrderSample.Placed
            .Replace("08:00:01.5Z", "08:00:09Z", StringComparison.Ordinal)
            .Replace("\"quantity\":2", "\"quantity\":3", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => _server.Book.Find("shop-A-1001-2") is not null);
        Assert.Equal("Cancelled", _server.Book.Find("shop-A-1001-1")!.Status);
        Assert.Equal(3, _server.Book.Find("shop-A-1001-2")!.Units["MUG"]);

        var post = new ShipBobPost(
            () => new Uri(_product.Address, "/webhooks/v1/bob"), Secret, _product.Http, TimeProvider.System);
        Assert.Equal(200, await _server.ShipAsync("shop-A-1001-2", post, Cancelled));
        var order = await _product.OrderIsAsync(OrderPath, "shipped");

        var parcel = Assert.Single(order.GetProperty("shipments").EnumerateArray());
        Assert.StartsWith("SB", parcel.GetProperty("trackingNumber").GetString(), StringComparison.Ordinal);
        var stock = await _product.AskAsync("/api/v1/stock/east/MUG");
        Assert.Equal(
            (6, 0), (stock!.Value.GetProperty("onHand").GetInt32(), stock.Value.GetProperty("reserved").GetInt32()));
        Assert.Empty(_server.Book.Phantoms);
        await Eventually.TrueAsync(async () =>
            (await _product.AskAsync("/api/v1/audit"))?.GetProperty("balanced").GetBoolean() == true);
    }
}
