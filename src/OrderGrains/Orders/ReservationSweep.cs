using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Finds orders whose stock is not as their committed state has it: a turn failed between the two. Each change of a
/// reservation is looked at twice, and at the start all that is open is looked at once.
/// </summary>
internal sealed class ReservationSweep(
    IOrderStore orders, IStockStore stock, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Of a younger one, the order's commit is most likely under way.</summary>
    internal static readonly TimeSpan FirstAge = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What is older is all to be seen: a commit is seen later than the time it bears, by at most a statement's
    /// time-out (15 s), and the clocks of silos differ by less than the rest.
    /// </summary>
    internal static readonly TimeSpan SecondAge = TimeSpan.FromSeconds(30);

    /// <summary>At the start, changes since then are looked at: for so long there may have been no sweep.</summary>
    private static readonly TimeSpan StartAge = TimeSpan.FromMinutes(2);

    /// <summary>What one statement looks at, after a time without sweeps.</summary>
    private static readonly TimeSpan WindowMax = TimeSpan.FromSeconds(30);

    /// <summary>A sweep is one call to a grain, which must end before its time-out of 30 s.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SweepMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReviewMax = TimeSpan.FromSeconds(5);

    private const int ReviewsAtOnceMax = 16;
    private const int PageCountMax = 500;
    private const int StocksMax = 100;

    /// <summary>Orders to ask that are remembered. Beyond it, all that is open is looked at again.</summary>
    private const int OwedMax = 10_000;

    private readonly Queue<OrderKey> _owed = [];
    private readonly HashSet<OrderKey> _known = [];
    private DateTimeOffset? _firstThrough;
    private DateTimeOffset? _secondThrough;

    /// <summary>How far all that is open was looked at: the statuses, and before them what is of no order.</summary>
    private int _scanned = -1;
    private StockKey? _stockAfter;
    private SweepPlace? _orderAfter;

    /// <returns>Orders that were asked in vain; they are asked again.</returns>
    public async Task<int> SweepAsync()
    {
        var now = time.GetUtcNow();
        var failed = 0;
        try
        {
            // Each by itself: what fails must not take the others' turn.
            await Task.WhenAll(LookFirstAsync(now), LookAgainAsync(now), ScanAsync(now));
        }
        finally
        {
            failed = await ReviewAsync(now);
        }

        return failed;
    }

    /// <summary>
    /// An order without a row is left to the second look: its first commit may be under way, and no version fences it.
    /// </summary>
    private async Task LookFirstAsync(DateTimeOffset now) => _firstThrough =
        await LookAsync(_firstThrough ?? now - StartAge, now - FirstAge, now, strangers: false);

    private async Task LookAgainAsync(DateTimeOffset now) => _secondThrough =
        await LookAsync(_secondThrough ?? now - StartAge, now - SecondAge, now, strangers: true);

    private async Task<DateTimeOffset> LookAsync(
        DateTimeOffset from, DateTimeOffset before, DateTimeOffset began, bool strangers)
    {
        while (from < before && time.GetUtcNow() - began <= LookMax)
        {
            var until = from + WindowMax < before ? from + WindowMax : before;
            Owe(await stock.ListUnsettledAsync(from, until, strangers));
            from = until;
        }

        return from;
    }

    private async Task ScanAsync(DateTimeOffset began)
    {
        while (_scanned < OrderStatusRules.Live.Count && time.GetUtcNow() - began <= LookMax)
        {
            if (_scanned < 0)
            {
                var orphans = await stock.ListOrphansAsync(_stockAfter, began - SecondAge, StocksMax);
                Owe(orphans.Orders);
                _stockAfter = orphans.Next;
            }
            else
            {
                var page = await orders.ListUnsettledAsync(
                    OrderStatusRules.Live[_scanned], _orderAfter, PageCountMax);
                Owe(page.Orders);
                _orderAfter = page.Next;
            }

            if (_stockAfter is null && _orderAfter is null)
                _scanned++;
        }
    }

    private void Owe(IReadOnlyList<OrderKey> found)
    {
        foreach (var order in found)
        {
            if (_owed.Count >= OwedMax)
            {
                (_scanned, _stockAfter, _orderAfter) = (-1, null, null);
                return;
            }

            if (_known.Add(order))
                _owed.Enqueue(order);
        }
    }

    /// <summary>Who fails goes to the end of the queue, so that none stands in the others' way.</summary>
    private async Task<int> ReviewAsync(DateTimeOffset began)
    {
        var failed = 0;
        for (var left = _owed.Count; left > 0 && time.GetUtcNow() - began <= SweepMax; left -= ReviewsAtOnceMax)
        {
            var asked = Enumerable.Range(0, Math.Min(left, ReviewsAtOnceMax)).Select(_ => _owed.Dequeue()).ToArray();
            var done = await Task.WhenAll(asked.Select(ReviewAsync));
            foreach (var (order, isDone) in asked.Zip(done))
            {
                if (isDone)
                {
                    _known.Remove(order);
                    continue;
                }

                _owed.Enqueue(order);
                failed++;
            }
        }

        return failed;
    }

    private async Task<bool> ReviewAsync(OrderKey order)
    {
        try
        {
            await grains.Find<IOrderGrain>(order.ToString()).ReviewAsync().WaitAsync(ReviewMax, time);
            return true;
        }
        catch (Exception)
        {
            // Its silo may just have died, or the database failed; the order itself has logged what is wrong.
            return false;
        }
    }
}
