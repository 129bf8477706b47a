namespace OrderGrains.Orders;

/// <summary>
/// Tells orders of what they were not told: stock came, or the time of a reservation is over. What an order makes of it
/// is its own matter, and it may stay in the list. So each page begins where the one before ended, and after the last
/// comes the first.
/// </summary>
internal sealed class NudgeSweep(IOrderStore orders, OrderPolicies policies, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Orders that one statement looks at.</summary>
    internal const int PageCountMax = 500;

    /// <summary>Orders that one sweep asks, give or take a page: each is a turn with commits.</summary>
    private const int NudgesMax = 200;

    /// <summary>A sweep is one call to a grain, which must end before its time-out of 30 s.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);

    private SweepPlace? _waitingAfter;
    private SweepPlace? _expiredAfter;

    public async Task SweepWaitingAsync() => _waitingAfter = await SweepAsync(
        _waitingAfter, after => orders.ListServableAsync(policies.Places, after, PageCountMax));

    public async Task SweepExpiredAsync()
    {
        var now = time.GetUtcNow();
        _expiredAfter = await SweepAsync(
            _expiredAfter, after => orders.ListReservedUntilAsync(now, after, NudgesMax));
    }

    private async Task<SweepPlace?> SweepAsync(SweepPlace? after, Func<SweepPlace?, Task<SweepPage>> list)
    {
        var until = time.GetUtcNow() + TimeMax;
        for (var nudged = 0; nudged < NudgesMax && time.GetUtcNow() < until;)
        {
            var page = await list(after);
            foreach (var order in page.Orders)
                await grains.Find<IOrderGrain>(order.ToString()).StockChangedAsync();
            nudged += page.Orders.Count;
            after = page.Next;
            if (after is null)
                break;
        }

        return after;
    }
}
