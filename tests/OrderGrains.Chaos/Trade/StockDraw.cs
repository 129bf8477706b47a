using OrderGrains.Sandbox;

namespace OrderGrains.Chaos.Trade;

/// <summary>What a warehouse does with its stock besides shipping.</summary>
internal enum StockActKind
{
    CountAll,
    CountOne,

    /// <summary>Two counts a second apart; the second is told first.</summary>
    CountTwice,
    GoodsIn,
    GoodsBroken,

    /// <summary>Some are gone and nobody says so; the count that finds it follows at once.</summary>
    GoodsLost,
}

/// <param name="At">From the start of trade.</param>
/// <param name="Warehouse">From 0.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Sku">What it is about; a count of all has no use for it.</param>
/// <param name="Units">Above 0.</param>
/// <param name="Late">From the act to its event. Events of later acts overtake it.</param>
internal sealed record StockAct(
    TimeSpan At, int Warehouse, StockActKind Kind, string Sku, int Units, TimeSpan Late);

/// <summary>Draws these acts from the seed alone.</summary>
internal static class StockDraw
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1.2);

    public static IEnumerable<StockAct> All(ChaosOptions options)
    {
        for (var warehouse = 0; warehouse < 2; warehouse++)
        {
            for (var n = 0; n * Every < options.Duration; n++)
            {
                yield return One(options, warehouse, n);
            }
        }
    }

    private static StockAct One(ChaosOptions options, int warehouse, int n)
    {
        var random = Draw.For(options.Seed, $"stock {warehouse}", n);
        var at = Every * (n + random.NextDouble());
        var kind = random.Next(100) switch
        {
            < 15 => StockActKind.CountAll,
            < 35 => StockActKind.CountOne,
            < 45 => StockActKind.CountTwice,
            < 80 => StockActKind.GoodsIn,
            < 93 => StockActKind.GoodsBroken,
            _ => StockActKind.GoodsLost,
        };
        var late = random.Next(100) switch
        {
            < 50 => 0,
            < 65 => 2 * random.NextDouble(),
            _ => 5 + (15 * random.NextDouble()),
        };
        var items = kind switch
        {
            // What is scarce must not break: the warehouse itself would sell what others were promised.
            StockActKind.GoodsBroken or StockActKind.GoodsLost => random.Next(2) == 0 ? Premises.Warm : Premises.Cold,
            StockActKind.GoodsIn => random.Next(4) > 0 ? Premises.Hot : Premises.Warm,
            _ => random.Next(2) == 0 ? Premises.Hot : Premises.Cold,
        };
        var unitsMax = kind is StockActKind.GoodsIn ? 2 + (Premises.HotDemand(options) / 8) : 3;
        return new StockAct(at, warehouse, kind, items[random.Next(items.Count)].Sku, random.Next(1, unitsMax + 1),
            TimeSpan.FromSeconds(late * options.Pace));
    }
}
