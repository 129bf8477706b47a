using System.Globalization;
using System.Security.Cryptography;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Sandbox.Demo;

/// <summary>The product on SQLite, a shop on one side and two warehouses on the other, all in this process.</summary>
internal sealed class DemoRun(DemoOptions options, Teller teller, TimeProvider time)
{
    private const string ShopName = "acme";
    private const string ShopSecret = "make-believe-client-secret";
    private const string Intro = """
        OrderGrains sandbox. The product is real; the shop, its customers and the two warehouses are make-believe.
        It shows:
          - a Shopify shop whose webhooks come twice, late, out of order and now and then forged;
          - each order reserved from stock, handed to a warehouse once, shipped in one or two parcels;
          - edits, refunds and cancels, before and after the warehouse has picked;
          - a warehouse that fails, hangs and goes away, and orders that arrive there all the same;
          - each parcel recorded in the shop with its tracking number, and the shop's stock kept at what can be sold.
        """;

    private static readonly TimeSpan WarehouseTimeout = TimeSpan.FromSeconds(3);

    /// <summary>0 stopped with the books balanced; 1 otherwise.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var fresh = options.DataDirectory is null || !Directory.Exists(options.DataDirectory);
        var data = Path.GetFullPath(options.DataDirectory ?? Path.Combine("data",
            time.GetLocalNow().ToString("'demo-'yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));
        Directory.CreateDirectory(data);
        teller.Say(Intro);
        teller.Say($"Data in {data}");

        var key = "sandbox-" + RandomNumberGenerator.GetHexString(24, lowercase: true);
        Uri? address = null;
        Uri Address() => address ?? throw new InvalidOperationException("The product has no address yet");
        using var http = new HttpClient();
        var trade = new Trade(options, Address, key, teller, time, http);
        await using var east = trade.Open(Describe("east", Catalogue.Stock(plenty: 500, scarce: 4)));
        await using var west = trade.Open(Describe("west", Catalogue.Stock(plenty: 500, scarce: 2)));
        await east.StartAsync(stop);
        await west.StartAsync(stop);

        await using var admin = new ShopifyAdminServer(new ShopifyAdminOptions(), time);
        await admin.StartAsync(stop);
        var place = OpenPlace(admin.Shop);
        var settings = new ProductSettings(data, key).WithShop(ShopName, ShopSecret, east.Location, west.Location)
            .WithWayBack(ShopName, admin, place, east.Location, west.Location);
        foreach (var warehouse in (ReadOnlySpan<Warehouse>)[east, west])
        {
            settings.WithWarehouse(
                warehouse, RequestSecret(warehouse.Name), EventSecret(warehouse.Name), WarehouseTimeout, 50);
        }
        // The configuration that lies in this folder may name real shops, warehouses and subscribers.
        await using var product = OrderGrainsApp.Create(
            [$"--urls={options.Urls}", .. settings.ToArguments()], Quieten, alone: true);
        await product.StartAsync(stop);
        address = new Uri(product.Urls.First());

        var shop = new Shop(ShopName, ShopSecret, Address, time, options.Seed, http)
        {
            ScarcePerMille = 40,
            Changed = order => admin.Shop.Follow(order, place),
            // A folder that has orders already must not see their ids again.
            OrdersBefore = fresh ? 0 : time.GetUtcNow().ToUnixTimeSeconds(),
        };
        return await trade.RunAsync(
            shop, [east, west], hangFor: WarehouseTimeout * 2,
            $"Ready. Console {address}  login key: {key}  (Ctrl-C stops)",
            () => product.StopAsync(CancellationToken.None), stop);
    }

    /// <summary>To the shop both warehouses are one place.</summary>
    private long OpenPlace(ShopifyShopState shop)
    {
        var place = shop.AddLocation();
        foreach (var item in Catalogue.Items.Append(Catalogue.Scarce))
            shop.AddItem(item.Sku, place, 0);
        shop.Recorded = (order, parcel) => teller.Tell(
            "shop", teller.NameOf($"{order.Id}"), $"parcel {parcel.Number} is on its way, says the shop");
        return place;
    }

    private static WarehouseOptions Describe(string location, IReadOnlyDictionary<string, int> stock) => new()
    {
        Name = $"{location}-wms",
        Location = location,
        RequestSecret = RequestSecret($"{location}-wms"),
        EventSecret = EventSecret($"{location}-wms"),
        Stock = stock,
    };

    private void Quieten(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddProvider(new StoryLog(teller));
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
    }

    private static string RequestSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} requests");

    private static string EventSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} events");
}
