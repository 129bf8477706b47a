using OrderGrains.Connectors;
using OrderGrains.Sandbox.Shops.Shopify;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>A day's changes at once, within the points of a small plan.</summary>
public sealed class ManyStockChangesTests
{
    private const int Skus = 500;
    private const int Changes = 10_000;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task The_newest_quantities_come_to_the_shop_within_its_points(int soldInHundred)
    {
        await using var world = await ShopWorld.StartAsync(
            new ShopifyAdminOptions { PointsMax = 2000, PointsPerSecond = 100 });
        var draw = new Random(20261130);
        var items = Enumerable.Range(0, Skus)
            .Select(at => world.Shop.AddItem($"SKU-{at}", world.East, 1000)).ToArray();
        var ours = items.ToDictionary(item => item.Sku, _ => 1000, StringComparer.Ordinal);
        var shop = world.Open();
        var startedAt = world.Time.GetUtcNow();
        var due = new List<string>();
        var attempts = 0;
        for (var change = 0; change < Changes || due.Count > 0;)
        {
            while (change < Changes && due.Count < 250)
            {
                change++;
                var item = items[draw.Next(Skus)];
                var isSale = draw.Next(100) < soldInHundred;
                if (isSale)
                    world.Shop.Sell(item, world.East, 1);
                ours[item.Sku] += isSale ? -1 : draw.Next(1, 5);
                // What waits already goes out with the newest number.
                if (!due.Contains(item.Sku, StringComparer.Ordinal))
                    due.Add(item.Sku);
            }

            var results = await world.SendAllAsync(shop, [.. due.Select(sku => world.Stock(sku, ours[sku]))]);
            attempts += due.Count;
            var after = results.Max(ShopWorld.AfterOf) ?? TimeSpan.Zero;
            due = [.. due.Where((_, at) => results[at] is SendResult.Failed or SendResult.NotYet)];
            world.Time.Advance(after);
        }

        Assert.All(items, item => Assert.Equal(ours[item.Sku], world.Shop.Available(item, world.East)));
        Assert.Empty(world.Server.Complaints);
        var (took, spent) = ((world.Time.GetUtcNow() - startedAt).TotalSeconds, world.Server.PointsSpent);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Changes} changes of {Skus} SKUs, {soldInHundred} % of them sales: {attempts} sent in "
            + $"{world.Server.Requests.Count} calls, {took:F1} s, {spent} points; "
            + $"the bucket gives {2000 + (100 * took):F0}");
        Assert.InRange(spent, 1, 2000 + (100 * took));
        // Half of the bucket is still there for others.
        Assert.InRange(took, Math.Max(0, (spent - 1500) / 100), Math.Max(1, spent / 50));
    }
}
