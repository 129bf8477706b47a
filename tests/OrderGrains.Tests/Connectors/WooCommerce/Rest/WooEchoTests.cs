using System.Text.Json;
using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Connectors.WooCommerce.Rest;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Sandbox.Shops.WooCommerce;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

/// <summary>
/// Each write makes the shop send a webhook. Its <c>completed</c> says that all has gone, and not who sent it: of an
/// order that has gone by us it must change nothing.
/// </summary>
public sealed class WooEchoTests : IAsyncLifetime
{
    private readonly WooCommerceSource _source = new("woo", new WooCommerceOptions { Secrets = ["hush"] });
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private WooServer _server = null!;
    private SiloWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        var setup = new SiloSetup();
        _server = new WooServer(new WooOptions(), setup.Time);
        await _server.StartAsync(TestContext.Current.CancellationToken);
        var options = new WooCommerceShopOptions
        {
            BaseUrl = _server.Url.ToString(),
            ConsumerKey = "ck_sandbox",
            ConsumerSecret = "cs_sandbox",
            ShippedStatus = "completed",
        };
        setup.Shops["woo"] = _source;
        setup.WaysBack["woo"] = (
            new Shop(true, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["east"] = "" }, default),
            new ShopDestination(
                new WooCommerceShop(new WooCommerceRest(_http, options, setup.Time), options, setup.Time)));
        _world = await SiloWorld.StartAsync(setup);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _http.Dispose();
        await _server.DisposeAsync();
        Assert.Empty(_server.Complaints);
    }

    [Fact]
    public async Task The_webhooks_of_our_own_writes_change_nothing_of_the_order()
    {
        var sku = await _world.NewSkuAsync(10);
        var order = _server.Shop.MakeOrder((sku, 3));
        var key = new OrderKey("woo", $"{order.Id}");
        await HearAsync(order);
        await _world.ReachesAsync(key, OrderStatus.Released);
        await ShipAsync(key, "S-1", order.Lines[0], 1);
        await RecordedAsync(key, 1);
        Assert.Equal("processing", order.Status);
        await HearAsync(order);
        Assert.Equal(OrderStatus.PartiallyShipped, await _world.StatusAsync(key));
        await ShipAsync(key, "S-2", order.Lines[0], 2);
        await RecordedAsync(key, 2);
        Assert.Equal(("completed", 2), (order.Status, _server.Shop.Notes(order).Count));
        var (before, level) = (await _world.LoadAsync(key), await _world.LevelAsync(sku));

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        await HearAsync(order);
        await HearAsync(order);

        var after = await _world.LoadAsync(key);
        Assert.Equal(Says(before), Says(after));
        Assert.Equal(0, OrderFacts.ElsewhereUnits(after, $"{order.Lines[0].Id}"));
        Assert.Empty(after.Excess);
        Assert.Equal((7, 0, 0), level);
        Assert.Equal(level, await _world.LevelAsync(sku));
        // Nobody is told anything by it: not the warehouse, and not the shop.
        Assert.Equal(0, (await _world.Outbox.ListDepthsAsync()).Sum(depth => depth.Due));
        Assert.Equal((2, 1), (_server.Shop.Notes(order).Count, order.StatusWrites));
    }

    [Fact]
    public async Task A_parcel_is_told_again_once_the_shop_has_units_open_for_it()
    {
        _server.Shop.HasFulfillments = true;
        var sku = await _world.NewSkuAsync(10);
        var order = _server.Shop.MakeOrder((sku, 3));
        var key = new OrderKey("woo", $"{order.Id}");
        await HearAsync(order);
        await _world.ReachesAsync(key, OrderStatus.Released);
        _server.Shop.FulfilByHand(order, order.Lines[0], 2);
        await ShipAsync(key, "S-1", order.Lines[0], 2);
        await RecordedAsync(key, 1);
        var made = _server.Shop.Fulfillments(order);
        Assert.Equal([2, 1], made.Select(one => one.Items.Values.Single()));

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        _server.Shop.TakeBack(order, made[0]);
        await HearAsync(order);

        await Eventually.EqualAsync(2, () => Task.FromResult(made[1].Items.Values.Single()));
        await RecordedAsync(key, 1);
        Assert.False((await _world.LoadAsync(key)).Shipments[0].Unrecorded);
    }

    /// <summary>All but what the storefront has said last.</summary>
    private static string Says(Order order) => JsonSerializer.Serialize(new
    {
        order.Status,
        order.Allocations,
        order.Releases,
        order.Shipments,
        order.Excess,
        order.Amendments,
        order.HoldReason,
    });

    private async Task HearAsync(WooOrder order)
    {
        var receipt = Deliveries.Receipt("order.updated", _server.Shop.WebhookOf(order), null);
        var understood = Assert.IsType<Reading.Understood>(
            _source.Read(receipt with { ReceivedAt = _world.Time.GetUtcNow() }));
        await _world.DeliverAsync((OrderChange)understood.Change, understood.EventKey);
    }

    private Task<ReceiptOutcome> ShipAsync(OrderKey key, string id, WooLine line, int units) => _world.DeliverAsync(
        new ShipmentMade(key, new Shipment
        {
            ShipmentId = id,
            Reference = ReleaseReference.Of(key, 1),
            Carrier = "UPS",
            TrackingNumber = $"T-{id}",
            Lines = [new ShippedLine($"{line.Id}", units)],
            ShippedAt = _world.Time.GetUtcNow(),
        }), warehouse: "east-wms");

    private Task RecordedAsync(OrderKey key, int parcels) => Eventually.EqualAsync(parcels, async () =>
        (await _world.LoadAsync(key)).Shipments.Count(parcel => parcel is { FulfilmentId: not null, MessageId: null }));
}
