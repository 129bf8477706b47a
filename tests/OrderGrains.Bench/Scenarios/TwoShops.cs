using System.Diagnostics;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;
using OrderGrains.Chaos;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Sandbox.Shops.WooCommerce;
using OrderGrains.Sandbox.Warehouses;
using Shelf = OrderGrains.Sandbox.Warehouses.Warehouse;

namespace OrderGrains.Bench.Scenarios;

/// <summary>Shops that sell one stock: how soon a sale in one lowers what the others offer.</summary>
internal static class TwoShops
{
    private const string AdminKey = "bench-admin-key-of-a-throwaway-product";
    private const string Secret = "make-believe-client-secret";
    private const int StockOfEach = 100_000;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SeenMax = TimeSpan.FromSeconds(30);

    public static Scenario Sale { get; } = new(
        "shops", "A sale in one shop, until the others offer less", [Subject.Ours], [Subject.Ours], MeasureAsync);

    private static async Task MeasureAsync(Run run)
    {
        var directory = Directory.CreateTempSubdirectory("ordergrains-bench-");
        await using var database = await Database.CreateAsync(run.Server, "shops");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Uri? address = null;
        await using var here = new ShopifyAdminServer(new ShopifyAdminOptions(), run.Time);
        await using var there = new ShopifyAdminServer(new ShopifyAdminOptions(), run.Time);
        await using var woo = new WooServer(new WooOptions(), run.Time);
        await using var warehouse = new Shelf(
            new WarehouseOptions
            {
                Name = "east-wms",
                Location = "east",
                RequestSecret = StandardWebhooks.SecretFor("requests"),
                EventSecret = StandardWebhooks.SecretFor("events"),
                Stock = Catalogue.Stock(StockOfEach, StockOfEach),
            },
            () => address!, run.Time, http);
        await warehouse.StartAsync(run.Cancellation);
        var settings = new ProductSettings(directory.FullName, AdminKey)
            .With("Storage:Kind", "Postgres").With("Storage:ConnectionString", database.ConnectionString)
            .WithWarehouse(warehouse, StandardWebhooks.SecretFor("requests"), StandardWebhooks.SecretFor("events"),
                TimeSpan.FromSeconds(5), callsPerSecondMax: 1000);
        var (placeHere, placeThere) = (await AddAsync("here", here), await AddAsync("there", there));
        var products = await AddWooAsync();
        await using var product = await ProductProcess.StartAsync(
            settings, directory.FullName, StartMax, http, run.Time, run.Cancellation, new ProductLaunch
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Logging__LogLevel__OrderGrains"] = "Warning",
                },
            });
        address = product.Address;
        await warehouse.CountAsync();
        await Until.TrueAsync(
            _ => Task.FromResult(
                Catalogue.Items.All(item => there.Shop.Available(item.Sku, placeThere) == StockOfEach
                    && woo.Shop.QuantityOf(products[item.Sku]) == StockOfEach)),
            SeenMax, run.Time, run.Cancellation);
        var shop = new Shop("here", Secret, () => product.Address, run.Time, seed: 1, http)
        {
            Changed = order => here.Shop.Follow(order, placeHere),
        };

        await Task.WhenAll(Catalogue.Items.Select(item => SellAsync(item, run.Options.WarmUp)));
        var seen = await Task.WhenAll(Catalogue.Items.Select(item => SellAsync(item, run.Options.Measured)));
        var (shopify, wooCommerce) = (new LatencyHistogram(), new LatencyHistogram());
        foreach (var (inShopify, inWoo) in seen)
        {
            shopify.Add(inShopify);
            wooCommerce.Add(inWoo);
        }

        run.Add("sales", Unit.Count, shopify.Count);
        run.AddLatency("from the sale to a lower number in another Shopify shop", shopify);
        run.AddLatency("from the sale to a lower number in a WooCommerce shop", wooCommerce);
        run.Judge(here.Complaints.Concat(there.Complaints).Concat(woo.Complaints));
        directory.Delete(recursive: true);

        async Task<long> AddAsync(string name, ShopifyAdminServer admin)
        {
            await admin.StartAsync(run.Cancellation);
            var place = admin.Shop.AddLocation();
            foreach (var item in Catalogue.Items)
                admin.Shop.AddItem(item.Sku, place, 0);
            settings.WithShop(name, Secret, "east").WithWayBack(name, admin, place, "east");
            return place;
        }

        async Task<Dictionary<string, WooProduct>> AddWooAsync()
        {
            await woo.StartAsync(run.Cancellation);
            settings.With("Sources:woo:Kind", "WooCommerce").With("Sources:woo:Secrets:0", Secret)
                .With("Sources:woo:Locations:0", "east").With("Sources:woo:Shop:BaseUrl", woo.Url.ToString())
                .With("Sources:woo:Shop:ConsumerKey", new WooOptions().ConsumerKey)
                .With("Sources:woo:Shop:ConsumerSecret", new WooOptions().ConsumerSecret)
                .With("Sources:woo:Shop:Stock", "Available");
            return Catalogue.Items.ToDictionary(
                item => item.Sku, item => woo.Shop.AddProduct(item.Sku, 0), StringComparer.Ordinal);
        }

        async Task<(LatencyHistogram Shopify, LatencyHistogram Woo)> SellAsync(CatalogueItem item, TimeSpan duration)
        {
            var (shopify, inWoo, random) =
                (new LatencyHistogram(), new LatencyHistogram(), new Random(item.Sku.Length));
            var until = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < until)
            {
                var before = there.Shop.Available(item.Sku, placeThere)!.Value;
                var wooBefore = woo.Shop.QuantityOf(products[item.Sku]);
                var sold = Stopwatch.GetTimestamp();
                await shop.SendAsync(shop.Place(lines: [(item, 1)]), run.Cancellation);
                await Task.WhenAll(
                    SeenAsync(shopify, sold, () => there.Shop.Available(item.Sku, placeThere) < before),
                    SeenAsync(inWoo, sold, () => woo.Shop.QuantityOf(products[item.Sku]) < wooBefore));
                // Not in step with the calls, which begin a second apart.
                await Task.Delay(random.Next(3000), run.Cancellation);
            }

            return (shopify, inWoo);
        }

        async Task SeenAsync(LatencyHistogram latency, long since, Func<bool> isSeen)
        {
            while (!isSeen() && Stopwatch.GetElapsedTime(since) < SeenMax)
                await Task.Delay(1, run.Cancellation);
            latency.Record(Stopwatch.GetElapsedTime(since));
        }
    }
}
