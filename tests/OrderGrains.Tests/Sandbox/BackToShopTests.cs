using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

/// <summary>The whole circle on the whole product: order, release, parcel, and back to the shop that sold it.</summary>
public sealed class BackToShopTests : IAsyncLifetime
{
    private static readonly string Tea = Catalogue.Items[0].Sku;

    private readonly ShopifyAdminServer _admin = new(new ShopifyAdminOptions(), TimeProvider.System);
    private RunningProduct _product = null!;
    private long _place;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _admin.StartAsync(Cancelled);
        _place = _admin.Shop.AddLocation();
        foreach (var item in Catalogue.Items)
            _admin.Shop.AddItem(item.Sku, _place, 3);
        _product = RunningProduct.With(
            ("Sources:acme:Shop:Domain", $"{_admin.Url}"), ("Sources:acme:Shop:AccessToken", "shpat_sandbox"),
            ("Sources:acme:Shop:Locations:east", $"{_place}"), ("Sources:acme:Shop:Stock", "Available"));
        await _product.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _product.DisposeAsync();
        await _admin.DisposeAsync();
        Assert.Empty(_admin.Complaints);
    }

    [Fact]
    public async Task A_parcel_comes_into_the_shop_once_with_its_number_and_the_stock_is_the_warehouses()
    {
        // What the warehouse counted came to the shop.
        await Eventually.EqualAsync(1000, () => Task.FromResult(_admin.Shop.Available(Tea, _place) ?? 0));
        var shop = _product.OpenShop("acme", seed: 5);
        shop.Changed = order => _admin.Shop.Follow(order, _place);
        var placed = shop.Place(lines: [(Catalogue.Items[0], 2), (Catalogue.Items[1], 1)]);
        await shop.SendAsync(placed, Cancelled);
        var path = $"/api/v1/orders/acme/{placed.OrderId}";

        var shipped = await _product.GetWhenAsync(path, order => Text(order, "status") == "shipped"
            && Timeline(order).Contains("parcel.recorded", StringComparer.Ordinal));
        var number = Text(shipped.GetProperty("shipments")[0], "trackingNumber");
        var fulfilment = Assert.Single(_admin.Shop.FulfilmentsOf(placed.OrderId));
        Assert.Equal((number, 1), (fulfilment.Number, fulfilment.Mails));
        Assert.Equal(3, fulfilment.Units.Values.Sum());
        await Eventually.EqualAsync(998, () => Task.FromResult(_admin.Shop.Available(Tea, _place) ?? 0));

        // The shop tells us of our own parcel, and that changes nothing.
        await shop.SendAsync(Echo(shop, placed.OrderId, fulfilment), Cancelled);
        var after = await _product.GetWhenAsync(path, order => Timeline(order).Count(kind => kind == "receipt.applied")
            > Timeline(shipped).Count(kind => kind == "receipt.applied"));
        Assert.All(after.GetProperty("lines").EnumerateArray(), line =>
            Assert.Equal((0, 0), (line.GetProperty("elsewhere").GetInt32(), line.GetProperty("excess").GetInt32())));
        Assert.Single(_admin.Shop.FulfilmentsOf(placed.OrderId));
    }

    [Fact]
    public async Task What_an_edit_took_off_as_the_parcel_left_is_recorded_once_another_puts_it_back()
    {
        var shop = _product.OpenShop("acme", seed: 6);
        shop.Changed = order => _admin.Shop.Follow(order, _place);
        var placed = shop.Place(lines: [(Catalogue.Items[0], 3)]);
        // The shop wants fewer, and nobody has heard of it when the warehouse ships.
        var edits = new List<Delivery> { shop.Edit(placed.OrderId, 0, 2) };
        await shop.SendAsync(placed, Cancelled);
        var path = $"/api/v1/orders/acme/{placed.OrderId}";
        await _product.GetWhenAsync(
            path, order => Timeline(order).Contains("parcel.recorded", StringComparer.Ordinal));
        Assert.Equal(2, Assert.Single(_admin.Shop.FulfilmentsOf(placed.OrderId)).Units.Values.Sum());

        edits.Add(shop.Edit(placed.OrderId, 0, 3));
        edits.Add(shop.Restate(placed.OrderId));
        foreach (var edit in edits)
            await shop.SendAsync(edit, Cancelled);

        var told = await _product.GetWhenAsync(
            path, order => Timeline(order).Count(kind => kind == "parcel.recorded") == 2);
        // It is the same parcel, and not another one.
        var parcel = Assert.Single(told.GetProperty("shipments").EnumerateArray());
        var recorded = _admin.Shop.FulfilmentsOf(placed.OrderId);
        Assert.Equal([2, 1], recorded.Select(one => one.Units.Values.Sum()));
        Assert.All(recorded, one => Assert.Equal(Text(parcel, "trackingNumber"), one.Number));
    }

    [Fact]
    public async Task An_order_that_the_shop_holds_waits_and_ships_once_when_it_is_released()
    {
        var shop = _product.OpenShop("acme", seed: 9);
        shop.Changed = order => _admin.Shop.Follow(order, _place);
        var placed = shop.Place(lines: [(Catalogue.Items[2], 2)]);
        var part = Assert.Single(_admin.Shop.Hold(placed.OrderId, isHeld: true));
        var asked = 0;
        _admin.Fault = name =>
            name == "Parts" && Interlocked.Increment(ref asked) == 1 ? ShopifyFault.FailsBefore : ShopifyFault.None;
        var held = shop.Held(placed.OrderId, part, isHeld: true);
        await shop.SendAsync(held, Cancelled);
        var path = $"/api/v1/orders/acme/{placed.OrderId}";
        await _product.GetWhenAsync(path, order =>
            Text(order, "holdReason") == "The storefront holds it: Incorrect address: ask Ada");
        await shop.SendAsync(placed, Cancelled);
        await _product.GetWhenAsync(path, order => Text(order, "status") == "onHold");

        Assert.Equal([part], _admin.Shop.Hold(placed.OrderId, isHeld: false));
        await shop.SendAsync(shop.Held(placed.OrderId, part, isHeld: false), Cancelled);
        // The first webhook comes once more, late: the shop says itself how it is by now.
        await shop.SendAsync(shop.Held(placed.OrderId, part, isHeld: true), Cancelled);

        var shipped = await _product.GetWhenAsync(path, order => Text(order, "status") == "shipped"
            && Timeline(order).Contains("parcel.recorded", StringComparer.Ordinal));
        Assert.Single(shipped.GetProperty("releases").EnumerateArray());
        Assert.Single(shipped.GetProperty("shipments").EnumerateArray());
        Assert.Contains("order.on_hold", Timeline(shipped), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Of_two_shops_that_sell_the_last_unit_at_once_one_waits_and_says_so()
    {
        var scarce = Catalogue.Scarce;
        _admin.Shop.AddItem(scarce.Sku, _place, 5);
        await SetAsync(scarce.Sku, 1);
        await Eventually.EqualAsync(1, () => Task.FromResult(_admin.Shop.Available(scarce.Sku, _place) ?? -1));
        var shops = new[] { _product.OpenShop("acme", seed: 7), _product.OpenShop("digits", seed: 8) };
        var placed = shops.Select(shop => (Shop: shop, Order: shop.Place(lines: [(scarce, 1)], place: 5000))).ToArray();
        await Task.WhenAll(placed.Select(one => one.Shop.SendAsync(one.Order, Cancelled)));

        var statuses = new List<string?>();
        foreach (var (shop, order) in placed)
        {
            var path = $"/api/v1/orders/{shop.Source}/{order.OrderId}";
            statuses.Add(Text(await _product.GetWhenAsync(
                path, now => Text(now, "status") is "shipped" or "backordered"), "status"));
        }

        Assert.Equal("backordered shipped", string.Join(' ', statuses.Order(StringComparer.Ordinal)));
        await Eventually.EqualAsync(0, () => Task.FromResult(_admin.Shop.Available(scarce.Sku, _place) ?? -1));
        // So that the end is quiet.
        foreach (var (shop, order) in placed)
            await shop.SendAsync(shop.Cancel(order.OrderId), Cancelled);
    }

    private async Task SetAsync(string sku, int onHand)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Put, new Uri(_product.Address, $"/api/v1/stock/east/{sku}"))
        {
            Content = JsonContent.Create(new { onHand }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningProduct.AdminKey);
        using var response = await _product.Http.SendAsync(request, Cancelled);
        response.EnsureSuccessStatusCode();
    }

    private static Delivery Echo(Shop shop, long orderId, ShopifyFulfilment fulfilment)
    {
        var order = shop.Find(orderId)!;
        return shop.Fulfilled(orderId, fulfilment.Id, fulfilment.Number, fulfilment.Units
            .ToDictionary(unit => order.Lines.First(line => line.Id == unit.Key), unit => unit.Value));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static List<string?> Timeline(JsonElement order) =>
        [.. order.GetProperty("timeline").EnumerateArray().Select(entry => Text(entry, "kind"))];
}
