using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.Odoo;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using Xunit;
using WarehouseFault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.Odoo;

/// <summary>The whole product with a shop and Odoo: from the webhook to the parcel.</summary>
public sealed class OdooFlowTests : IAsyncLifetime
{
    private const string OrderPath = "/api/v1/orders/shop/A-1001";

    private readonly OdooServer _server = OdooCalls.Server(TimeProvider.System);
    private SmallProduct _product = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Cancelled);
        string[] access =
            [$"BaseUrl={_server.BaseUrl}", $"Database={OdooServer.Database}", $"ApiKey={OdooCalls.Key}",
                $"Warehouses:east={OdooBook.WarehouseCode}"];
        _product = await SmallProduct.StartAsync(
            [
                "--Outbound:DelayMin=00:00:00.050",
                "--Sources:shop:Kind=StandardWebhooks", $"--Sources:shop:Secrets:0={SmallProduct.Secret}",
                "--Sources:shop:Locations:0=east",
                "--Sources:odoo:Kind=OdooEvents", "--Sources:odoo:Warehouse=odoo", "--Sources:odoo:PollEvery=00:00:01",
                "--Warehouses:odoo:Kind=Odoo", "--Warehouses:odoo:Locations:0=east",
                .. access.Select(setting => $"--Sources:odoo:{setting}"),
                .. access.Select(setting => $"--Warehouses:odoo:{setting}"),
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
        // Odoo makes the first order, and its answer never comes.
        var left = 1;
        _server.Faults.Rule = call => call.Kind == CallKind.TakeOrder && Interlocked.Decrement(ref left) >= 0
            ? new WarehouseFault.Abort(Done: true) : WarehouseFault.None;
        await _product.PlaceAsync("shop", "order.placed", OrderSample.Placed);
        await _product.OrderIsAsync(OrderPath, "released");
        Assert.Equal(2, Assert.Single(_server.Book.Orders).Units["MUG"]);

        await _product.PlaceAsync("shop", "order.updated", OrderSample.Placed
            .Replace("08:00:01.5Z", "08:00:09Z", StringComparison.Ordinal)
            .Replace("\"quantity\":2", "\"quantity\":3", StringComparison.Ordinal));
        await Eventually.TrueAsync(
            () => _server.Book.Orders.Any(o => o.Reference == "shop-A-1001-2" && o.State == "sale"));
        Assert.Equal(["cancel", "sale"], _server.Book.Orders.Select(o => o.State), StringComparer.Ordinal);

        _server.Book.Ship("shop-A-1001-2", tracking: "1Z");
        var order = await _product.OrderIsAsync(OrderPath, "shipped");

        var parcel = Assert.Single(order.GetProperty("shipments").EnumerateArray());
        Assert.Equal("1Z", parcel.GetProperty("trackingNumber").GetString());
    }
}
