using OrderGrains.Inventory;

namespace OrderGrains.Orders;

/// <summary>
/// Finds what nudges and crashes left behind: orders whose stock
/// came without their hearing of it, be it where they wait
/// or elsewhere, reservations whose time is over, and those whose order needs them no more. An agent; the database is
/// the truth that it reads.
/// </summary>
internal sealed partial class LostNudgeSweep(
    IOrderStore orders, IStockStore stock, OrderPolicies policies, IGrainFactory grains, TimeProvider time,
    ILogger<LostNudgeSweep> log)
    : BackgroundService
{
    private const int CountMax = 200;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>
    /// All that was reserved is looked at once: often, and so a little at a time, or webhooks wait for the processor.
    /// </summary>
    private static readonly TimeSpan OrphanPeriod = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Younger reservations most likely belong to an order whose commit is under way. And what is older is all to be
    /// seen, so that each is looked at once: a commit is seen later than the time it bears, by at most a statement's
    /// time-out (15 s), and the clocks of silos differ by less than the rest.
    /// </summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromSeconds(25);

    /// <summary>What changed before this was looked through; null: nothing was yet.</summary>
    private DateTimeOffset? lookedThrough;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EveryAsync(Period, SweepAsync, stoppingToken), EveryAsync(OrphanPeriod, SweepOrphansAsync, stoppingToken));

    private async Task EveryAsync(TimeSpan period, Func<Task> sweep, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sweep();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(exception);
            }
        }
    }

    internal async Task SweepAsync()
    {
        var now = time.GetUtcNow();
        foreach (var order in await orders.ListServableAsync(policies.Splitting, CountMax))
            await grains.Find<IOrderGrain>(order.ToString()).StockChangedAsync();
        foreach (var order in await orders.ListReservedUntilAsync(now, CountMax))
            await grains.Find<IOrderGrain>(order.ToString()).StockChangedAsync();
    }

    internal async Task SweepOrphansAsync()
    {
        var heldBefore = time.GetUtcNow() - OrphanAge;
        var orphans = await stock.ListOrphansAsync(lookedThrough, heldBefore, CountMax);
        foreach (var (key, orphan) in orphans)
        {
            if (await grains.Find<IOrderGrain>(orphan.Order.ToString()).ReviewAsync(key, orphan.LineId))
                OrphanReleased(key.ToString(), orphan.Order.ToString(), orphan.LineId, orphan.Quantity);
        }

        if (orphans.Count < CountMax)
            lookedThrough = heldBefore;
    }

    [LoggerMessage(1, LogLevel.Warning, "The sweep for lost nudges failed; the next one tries again",
        EventName = "sweep.failed")]
    private partial void SweepFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Warning,
        "{Stock}: {Quantity} units of {OrderKey} line {LineId} are released: no order needs them",
        EventName = "reservation.orphan_released")]
    private partial void OrphanReleased(string stock, string orderKey, string lineId, int quantity);
}
