using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos.Trade;

/// <summary>Counts, brings goods in and breaks some, as it was drawn.</summary>
internal sealed class StockTeller(IReadOnlyList<Warehouse> warehouses, TimeProvider time)
{
    private static readonly TimeSpan BetweenCounts = TimeSpan.FromSeconds(1);

    /// <summary>Of a warm thing so many must stay when some of it breaks: nobody's promise is touched.</summary>
    private const int StayMin = 100;

    /// <summary>Ends when the event has its 200.</summary>
    public async Task TellAsync(StockAct act, DateTimeOffset began, CancellationToken cancellation)
    {
        if (began + act.At - time.GetUtcNow() is { Ticks: > 0 } wait) await Task.Delay(wait, time, cancellation);
        var warehouse = warehouses[act.Warehouse];
        var mayBreak = warehouse.Book.OnHand.GetValueOrDefault(act.Sku) - Asked(warehouse, act.Sku) > StayMin;
        await (act.Kind switch
        {
            StockActKind.CountAll => warehouse.CountAsync(null, act.Late),
            StockActKind.CountOne => warehouse.CountAsync(act.Sku, act.Late),
            StockActKind.CountTwice => CountTwiceAsync(warehouse, act, cancellation),
            StockActKind.GoodsIn => warehouse.AdjustAsync(act.Sku, act.Units, "goods received", act.Late),
            _ when !mayBreak => Task.CompletedTask,
            StockActKind.GoodsBroken => warehouse.AdjustAsync(act.Sku, -act.Units, "broken", act.Late),
            _ => LoseAsync(warehouse, act),
        }).WaitAsync(cancellation);
    }

    private async Task CountTwiceAsync(Warehouse warehouse, StockAct act, CancellationToken cancellation)
    {
        var first = warehouse.CountAsync(act.Sku, BetweenCounts + TimeSpan.FromSeconds(1) + act.Late);
        await Task.Delay(BetweenCounts, time, cancellation);
        await Task.WhenAll(first, warehouse.CountAsync(act.Sku));
    }

    private static Task LoseAsync(Warehouse warehouse, StockAct act)
    {
        warehouse.Book.Adjust(act.Sku, -act.Units);
        return warehouse.CountAsync(act.Sku, act.Late);
    }

    /// <summary>What has still to leave for orders that the warehouse has.</summary>
    private static int Asked(Warehouse warehouse, string sku) => warehouse.Book.Orders
        .Where(order => order.IsLive)
        .Sum(order => order.Take.Lines.Where(line => line.Sku == sku)
            .Sum(line => Math.Max(0, line.Quantity - order.Shipped.GetValueOrDefault(line.LineId))));
}
