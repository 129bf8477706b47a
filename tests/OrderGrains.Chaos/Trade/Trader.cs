using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos.Trade;

/// <summary>What the shop and the warehouses do in a run, drawn from the seed.</summary>
internal sealed class Trader
{
    /// <summary>Of a hundred calls at any time: a warehouse of this world is never quite well.</summary>
    private const int SickPercent = 3;

    private static readonly TimeSpan SettledMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly ChaosOptions _options;
    private readonly Shop _shop;
    private readonly IReadOnlyList<Warehouse> _warehouses;
    private readonly TimeProvider _time;

    public Trader(ChaosWorld world)
        : this(world.Options, world.Shop, world.Warehouses, world.Ledger, world.Time)
    {
    }

    internal Trader(
        ChaosOptions options, Shop shop, IReadOnlyList<Warehouse> warehouses, Ledger ledger, TimeProvider time)
    {
        (_options, _shop, _warehouses, _time) = (options, shop, warehouses, time);
        foreach (var warehouse in warehouses)
        {
            Watch(warehouse, ledger);
            warehouse.Faults.Rule = Sickness.Rule(options.Seed, SickPercent, warehouse.Habits, options.RefusedPercent);
        }
    }

    /// <summary>
    /// Trades for the run's duration, and ends when every webhook of shop and warehouses has its 200 and what is not
    /// left on the shelf has been shipped.
    /// </summary>
    public async Task RunAsync(DateTimeOffset began, CancellationToken cancellation)
    {
        var opening = _warehouses.Select(warehouse => warehouse.CountAsync());
        var orders = new OrderTeller(_shop, _time);
        var stock = new StockTeller(_warehouses, _time);
        await Task.WhenAll([
            .. opening.Select(count => count.WaitAsync(cancellation)),
            .. OrderDraw.All(_options).Select(plan => orders.TellAsync(plan, began, cancellation)),
            .. StockDraw.All(_options).Select(act => stock.TellAsync(act, began, cancellation)),
        ]);
        // At last there is enough of everything, so that each order has one right end.
        await Task.WhenAll(_warehouses.SelectMany(warehouse => Premises.Hot.Concat(Premises.Warm).Select(item =>
            warehouse.AdjustAsync(item.Sku, Premises.Plenty(_options), "goods received")))).WaitAsync(cancellation);
        await SettleAsync(cancellation);
    }

    /// <summary>The warehouses pick and ship all that they still have; ends when they have said so.</summary>
    public Task ShipAllAsync(CancellationToken cancellation)
    {
        foreach (var warehouse in _warehouses) warehouse.OpenShelf();
        return SettleAsync(cancellation);
    }

    private static void Watch(Warehouse warehouse, Ledger ledger)
    {
        warehouse.Witness.OfCall = call =>
            ledger.Note(new WarehouseDid(warehouse.Name, call.Reference, call.What, call.At, call.Units));
        warehouse.Witness.OfStock = said =>
        {
            var kind = said.Word switch
            {
                StockWord.Counted => StockTold.Kinds.Counted,
                StockWord.Adjusted => StockTold.Kinds.Adjusted,
                _ => StockTold.Kinds.Shipped,
            };
            ledger.Note(new StockTold(
                warehouse.Location, said.Sku, kind, said.Units, said.At, said.WebhookId, said.SaidAt));
        };
    }

    /// <summary>Nothing to pick, to ship or to tell for a while: a call that came meanwhile begins it anew.</summary>
    private async Task SettleAsync(CancellationToken cancellation)
    {
        var since = _time.GetTimestamp();
        await Until.TrueAsync(
            _ =>
            {
                if (_warehouses.Any(warehouse => warehouse.Unfinished > 0)) since = _time.GetTimestamp();
                return Task.FromResult(_time.GetElapsedTime(since) >= SettledMin);
            },
            Timeout.InfiniteTimeSpan, _time, cancellation, Beat);
    }
}
