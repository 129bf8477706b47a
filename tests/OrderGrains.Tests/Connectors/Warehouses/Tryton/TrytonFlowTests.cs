using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>The whole product with a shop and Tryton: from the webhook to the parcel.</summary>
[Collection(nameof(TrytonServer))]
public sealed class TrytonFlowTests : IAsyncLifetime
{
    private const string OrderPath = "/api/v1/orders/shop/A-1001";

    private readonly TrytonServer _server;

    private TrytonBook _book = null!;
    private SmallProduct? _product;

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
        _product = await SmallProduct.StartAsync(
            [
                "--Outbound:DelayMin=00:00:00.050",
                "--Sources:shop:Kind=StandardWebhooks", $"--Sources:shop:Secrets:0={SmallProduct.Secret}",
                "--Sources:shop:Locations:0=east",
                "--Sources:events:Kind=TrytonEvents", "--Sources:events:Warehouse=tryton",
                "--Sources:events:PollEvery=00:00:01",
                "--Warehouses:tryton:Kind=Tryton", "--Warehouses:tryton:Locations:0=east",
                .. access.SelectMany(setting => (string[])
                    [$"--Sources:events:{setting}", $"--Warehouses:tryton:{setting}"]),
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_product is not null)
            await _product.DisposeAsync();
    }

    [Fact]
    public async Task An_order_is_taken_changed_by_a_second_one_and_shipped()
    {
        await _product!.PlaceAsync("shop", "order.placed", OrderSample.Placed);
        await _product.OrderIsAsync(OrderPath, "released");
        Assert.Equal(2, (await _book.SheetAsync("shop-A-1001-1")).Units["MUG"]);

        await _product.PlaceAsync("shop", "order.updated", OrderSample.Placed
            .Replace("08:00:01.5Z", "08:00:09Z", StringComparison.Ordinal)
            .Replace("\"quantity\":2", "\"quantity\":3", StringComparison.Ordinal));
        await Eventually.TrueAsync(
            async () => (await _book.SheetsAsync("shop-A-1001-2")).Any(sheet => sheet.State == "assigned"));
        Assert.Equal("cancelled", (await _book.SheetAsync("shop-A-1001-1")).State);
        Assert.Equal(3, (await _book.SheetAsync("shop-A-1001-2")).Units["MUG"]);

        await _book.DoAsync("shop-A-1001-2", "pick", "pack", "done");
        var order = await _product.OrderIsAsync(OrderPath, "shipped");

        Assert.Equal(
            "shop-A-1001-2",
            Assert.Single(order.GetProperty("shipments").EnumerateArray()).GetProperty("reference").GetString());
        var stock = await _product.AskAsync("/api/v1/stock/east/MUG");
        Assert.Equal(
            (47, 0), (stock!.Value.GetProperty("onHand").GetInt32(), stock.Value.GetProperty("reserved").GetInt32()));
        await Eventually.TrueAsync(async () =>
            (await _product.AskAsync("/api/v1/audit"))?.GetProperty("balanced").GetBoolean() == true);
    }
}
