using System.Globalization;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos.Trade;

/// <summary>What is sold in a run, what is there of it, and how the two warehouses work; all by the seed.</summary>
internal static class Premises
{
    private const int HotCount = 4;
    private const int WarmCount = 4;
    private const int ColdCount = 16;

    /// <summary>Of the units that a run is likely to sell of a hot thing, the share that is there at first, in all.
    /// </summary>
    private const double HotShareAtFirst = 0.6;

    /// <summary>Every third line is of these four, and there is too little of them at times.</summary>
    public static IReadOnlyList<CatalogueItem> Hot { get; } = Items(1, HotCount);

    /// <summary>Enough for most runs; some of it breaks.</summary>
    public static IReadOnlyList<CatalogueItem> Warm { get; } = Items(1 + HotCount, WarmCount);

    /// <summary>Plenty.</summary>
    public static IReadOnlyList<CatalogueItem> Cold { get; } = Items(1 + HotCount + WarmCount, ColdCount);

    /// <summary>Never at a warehouse.</summary>
    public static CatalogueItem GiftCard { get; } = new("S-GIFT", "Gift card", 25m, Shippable: false);

    /// <summary>East and west. Whoever starts them adds where they listen.</summary>
    public static IReadOnlyList<WarehouseOptions> Warehouses(ChaosOptions options) =>
        [Warehouse(options, "east", 0), Warehouse(options, "west", 1)];

    /// <summary>Signs the product's calls.</summary>
    public static string RequestSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} requests");

    /// <summary>Signs the warehouse's events.</summary>
    public static string EventSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} events");

    /// <summary>About how many units of one hot thing a run sells.</summary>
    public static int HotDemand(ChaosOptions options) =>
        (int)(options.OrdersPerSecond * options.Duration.TotalSeconds * 0.3) + 1;

    /// <summary>More of any one thing than all orders of a run can want.</summary>
    public static int Plenty(ChaosOptions options) => 1000 + (HotDemand(options) * 10);

    private static WarehouseOptions Warehouse(ChaosOptions options, string location, int at)
    {
        var name = $"{location}-wms";
        var random = Draw.For(options.Seed, "premises", at);
        // Both ways, and well within the five minutes that signatures and the product allow.
        var wrong = TimeSpan.FromSeconds(random.Next(20, 121)) * (random.Next(2) == 0 ? 1 : -1);
        var isWrong = Draw.Of(options.Seed, "whose clock", "") % 2 == at;
        return new WarehouseOptions
        {
            Name = name,
            Location = location,
            RequestSecret = RequestSecret(name),
            EventSecret = EventSecret(name),
            Stock = Stock(options, random),
            ShipAfter = TimeSpan.FromSeconds(4),
            TwoParcelsPercent = 30,
            EventsTwicePercent = 10,
            ClockError = isWrong ? wrong : TimeSpan.Zero,
            Habits = new WarehouseHabits
            {
                Seed = options.Seed,
                ShelfPercent = 33,
                RefusesPercent = 2,
                CancelsPercent = 2,
                ShipsMorePercent = 2,
                ParcelsMax = 3,
                LateParcelsPercent = 20,
            },
        };
    }

    private static Dictionary<string, int> Stock(ChaosOptions options, Random random)
    {
        var stock = new Dictionary<string, int>(StringComparer.Ordinal);
        var hot = (int)(HotDemand(options) * HotShareAtFirst / 2);
        foreach (var item in Hot) stock[item.Sku] = random.Next(hot / 2, hot + 1);
        foreach (var item in Warm) stock[item.Sku] = random.Next(200, 400) + HotDemand(options);
        foreach (var item in Cold) stock[item.Sku] = random.Next(50_000, 100_000);
        return stock;
    }

    private static CatalogueItem[] Items(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(n => n.ToString(CultureInfo.InvariantCulture))
            .Select(n => new CatalogueItem($"S{n}", $"Thing {n}", 10m))];
}
