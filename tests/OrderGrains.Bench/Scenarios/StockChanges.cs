using System.Diagnostics;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops.Shopify;

namespace OrderGrains.Bench.Scenarios;

/// <summary>
/// 10,000 changes of 500 SKUs in a minute at one warehouse, told to one Shopify shop within its bucket of points.
/// </summary>
internal static class StockChanges
{
    private const int Skus = 500;
    private const int Changes = 10_000;
    private const int StockOfEach = 1_000;

    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SeenMax = TimeSpan.FromMinutes(2);

    public static Scenario Storm { get; } = new(
        "changes", "10,000 changes of stock in a minute, told to a shop", [Subject.Ours], [Subject.Ours], MeasureAsync);

    private static async Task MeasureAsync(Run run)
    {
        var skus = Enumerable.Range(0, Skus).Select(n => $"SKU-{n:000}").ToArray();
        await using var world = await ShopWorld.CreateAsync(
            run, skus.ToDictionary(sku => sku, _ => StockOfEach, StringComparer.Ordinal));
        var (admin, place) = await world.AddShopAsync("shop");
        await world.StartAsync();
        await SettleAsync();

        var (calls, spent, told) = (admin.Requests.Count, admin.PointsSpent, new List<Task>(Changes));
        var (random, began) = (new Random(1), Stopwatch.GetTimestamp());
        for (var n = 0; n < Changes; n++)
        {
            var wait = (Span * ((double)n / Changes)) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, run.Cancellation);
            told.Add(world.Warehouse.AdjustAsync(skus[random.Next(Skus)], random.Next(2) == 0 ? 1 : -1, "found"));
        }

        run.Add("changes were made in", Unit.Seconds, Stopwatch.GetElapsedTime(began).TotalSeconds);
        await Task.WhenAll(told);
        var acknowledged = Stopwatch.GetTimestamp();
        run.Add("the last was acknowledged after", Unit.Seconds, Stopwatch.GetElapsedTime(began).TotalSeconds);
        await SettleAsync();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        run.Add("the shop had all the newest values after", Unit.Seconds, seconds);
        run.Add("from the last acknowledgement", Unit.Seconds, Stopwatch.GetElapsedTime(acknowledged).TotalSeconds);
        run.Add("calls", Unit.Count, admin.Requests.Count - calls);
        run.Add("points spent", Unit.Count, admin.PointsSpent - spent);
        run.Add("points that came back meanwhile", Unit.Count, seconds * new ShopifyAdminOptions().PointsPerSecond);
        world.Judge();

        Task SettleAsync() => Until.TrueAsync(
            _ =>
            {
                var onHand = world.Warehouse.Book.OnHand;
                return Task.FromResult(skus.All(sku => admin.Shop.Available(sku, place) == onHand[sku]));
            },
            SeenMax, run.Time, run.Cancellation);
    }
}
