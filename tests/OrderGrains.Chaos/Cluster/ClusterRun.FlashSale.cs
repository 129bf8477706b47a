using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos.Cluster;

public static partial class ClusterRun
{
    private const int Buyers = 2_000;
    private const int Units = 500;
    private const int Arriving = 300;
    private const int Returning = 100;

    /// <summary>
    /// 2,000 orders at once for 500 units of one SKU, and one of three silos is killed meanwhile. Then 300 units
    /// arrive, and then 100 orders that had theirs are cancelled. Each time the earliest in line are served, and no
    /// other.
    /// </summary>
    public static async Task<ClusterReport> SellOutAsync(int seed, Action<string>? say, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        await using var world = await ClusterWorld.StartAsync(Silos, seed, time, cancellation, scarce: Units);
        var began = time.GetTimestamp();
        var deliveries = Enumerable.Range(0, Buyers)
            .Select(_ => world.Shop.Place(lines: [(Catalogue.Scarce, 1)])).ToList();
        var sending = SendAllAsync(world, deliveries, cancellation);
        await ReachAsync(world, Buyers / 3, sending, time, cancellation);
        say?.Invoke($"kill -9 of a silo after {world.Shop.WebhooksAcknowledged} orders");
        await world.KillSiloAsync(Silos - 1);
        await sending;

        var violations = new List<string>();
        var line = new Queue<ShopOrder>(await SoldAsync("the sale", Units, [], Buyers - Units));
        await world.Warehouse.AdjustAsync(Catalogue.Scarce.Sku, Arriving, "goods received").WaitAsync(cancellation);
        await SoldAsync("the arrival", Units + Arriving, Next(line, Arriving), line.Count);

        var cancelled = world.Shop.Orders.Where(order => IsLive(world, order)).Take(Returning).ToList();
        await SendAllAsync(world, [.. cancelled.Select(order => world.Shop.Cancel(order.Id))], cancellation);
        await Until.TrueAsync(
            _ => Task.FromResult(!cancelled.Exists(order => IsLive(world, order))), QuietMax, time, cancellation);
        await SoldAsync("the cancellations", Units + Arriving, Next(line, Returning), line.Count);
        return Report(world, violations, time.GetElapsedTime(began));

        // Who waits when all is quiet, the earliest first; whoever was to be served must not be among them.
        async Task<IReadOnlyList<ShopOrder>> SoldAsync(
            string what, int units, IReadOnlyList<ShopOrder> served, int waiting)
        {
            var audit = await world.QuietAsync(units, QuietMax, cancellation);
            if (audit is not { IsQuiet: true, Balanced: true }) violations.Add($"after {what}: {audit}");
            violations.AddRange(world.Warehouse.Book.Complaints);
            var left = world.Shop.Orders.Where(order => order.CancelledAt is null && !IsLive(world, order))
                .OrderBy(order => order.CreatedAt).ThenBy(order => order.Id).ToList();
            var stock = await world.Api.FindStockAsync("east", Catalogue.Scarce.Sku, cancellation);
            say?.Invoke($"after {what}: {left.Count} orders wait; {stock}");
            if (stock is null || (stock.Reserved, stock.Waiting) != (units, waiting) || left.Count != waiting)
                violations.Add($"after {what} {left.Count} orders wait, not {waiting}; {stock}");
            violations.AddRange(served.Where(order => !IsLive(world, order))
                .Select(order => $"after {what}: {order.Name} was among the earliest in line and is not served"));
            return left;
        }
    }

    private static List<ShopOrder> Next(Queue<ShopOrder> line, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => line.Dequeue())];

    private static bool IsLive(ClusterWorld world, ShopOrder order) => world.Warehouse.Book.Orders
        .Any(taken => taken.IsLive && taken.Take.OrderId == order.Id.ToString());
}
