using System.Diagnostics;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Shops.WooCommerce;

namespace OrderGrains.Bench.Scenarios;

/// <summary>Shops that sell one stock: how soon a sale in one lowers what the others offer.</summary>
internal static class TwoShops
{
    private const int StockOfEach = 100_000;

    private static readonly TimeSpan SeenMax = TimeSpan.FromSeconds(30);

    public static Scenario Sale { get; } = new(
        "shops", "A sale in one shop, until the others offer less", [Subject.Ours], [Subject.Ours], MeasureAsync);

    private static async Task MeasureAsync(Run run)
    {
        await using var woo = new WooServer(new WooOptions(), run.Time);
        await using var world = await ShopWorld.CreateAsync(run, Catalogue.Stock(StockOfEach, StockOfEach));
        var (here, placeHere) = await world.AddShopAsync("here");
        var (there, placeThere) = await world.AddShopAsync("there");
        var products = await AddWooAsync();
        await world.StartAsync();
        await Until.TrueAsync(
            _ => Task.FromResult(
                Catalogue.Items.All(item => there.Shop.Available(item.Sku, placeThere) == StockOfEach
                    && woo.Shop.QuantityOf(products[item.Sku]) == StockOfEach)),
            SeenMax, run.Time, run.Cancellation);
        var shop = new Shop("here", ShopWorld.Secret, () => world.Address, run.Time, seed: 1, world.Http)
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
        world.Judge();
        run.Judge(woo.Complaints);

        async Task<Dictionary<string, WooProduct>> AddWooAsync()
        {
            await woo.StartAsync(run.Cancellation);
            world.Settings.With("Sources:woo:Kind", "WooCommerce").With("Sources:woo:Secrets:0", ShopWorld.Secret)
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
