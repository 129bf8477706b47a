using OrderGrains.Chaos.Faults;
using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos;

/// <summary>
/// Runs a failed run again with fewer faults, then with fewer orders, and keeps what still fails in the same way. Runs
/// are not quite the same each time, so a candidate is tried twice before it counts as well.
/// </summary>
/// <param name="run">A whole run.</param>
/// <param name="time">Bounds it.</param>
internal sealed class Shrinker(Func<ChaosOptions, CancellationToken, Task<ChaosReport>> run, TimeProvider time)
{
    private const int TriesOfOneMax = 2;

    /// <summary>The shop's ids are so far apart.</summary>
    private const int OrderIdStep = 16;

    private long _began;
    private int _tries;

    /// <summary>Runs in all. Default 12.</summary>
    public int TriesMax { get; init; } = 12;

    /// <summary>No run begins later than this. Default 20 min.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromMinutes(20);

    public Action<string>? Say { get; init; }

    /// <summary>Runs that it made.</summary>
    public int Tries => _tries;

    /// <returns>The smallest run that failed as the given one did; that one itself when none smaller does.</returns>
    public async Task<ChaosReport> ShrinkAsync(ChaosReport failed, CancellationToken cancellation)
    {
        (_began, _tries) = (time.GetTimestamp(), 0);
        var kinds = failed.Violations.Select(violation => violation.Kind).ToHashSet(StringComparer.Ordinal);
        var smallest = failed;

        try
        {
            await ReduceAsync(failed.Schedule.Acts, async acts =>
                await FindAsync(smallest.Options with { Schedule = new FaultSchedule(acts) }));
            var orders = smallest.Options.Orders?.Order().ToArray() ?? [.. Enumerable.Range(0, CountOrders(failed))];
            await ReduceAsync(orders, async fewer =>
                await FindAsync(smallest.Options with { Schedule = smallest.Schedule, Orders = fewer.ToHashSet() }));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What was found so far is worth as much.
        }

        return smallest;

        async Task<bool> FindAsync(ChaosOptions options)
        {
            for (var once = 0; once < TriesOfOneMax && MayTry; once++)
            {
                _tries++;
                var report = await run(options, cancellation);
                var isSame = report.Violations.Any(violation => kinds.Contains(violation.Kind));
                Say?.Invoke($"try {_tries}: {options.Schedule?.Acts.Count} faults, "
                    + $"{options.Orders?.Count.ToString() ?? "all"} orders: "
                    + (isSame ? "fails too" : report.Violations.Count > 0 ? "fails otherwise" : "is well"));
                if (!isSame) continue;
                smallest = report;
                return true;
            }

            return false;
        }
    }

    /// <summary>For whom it was; with what it was shrunk to.</summary>
    public string Describe(ChaosReport smallest) =>
        $"after {_tries} runs, the smallest that fails has {smallest.Schedule.Acts.Count} faults and "
        + $"{smallest.Options.Orders?.Count.ToString() ?? "all"} orders";

    private bool MayTry => _tries < TriesMax && time.GetElapsedTime(_began) < TimeMax;

    /// <summary>Leaves parts out, halves first, then ever smaller ones, as long as what is left still fails.</summary>
    private async Task ReduceAsync<T>(IReadOnlyList<T> all, Func<IReadOnlyList<T>, Task<bool>> fails)
    {
        var left = all;
        var parts = 2;
        while (left.Count > 0 && MayTry)
        {
            var size = (left.Count + parts - 1) / parts;
            var isSmaller = false;
            for (var from = 0; from < left.Count && MayTry; from += size)
            {
                T[] candidate = [.. left.Take(from), .. left.Skip(from + size)];
                if (!await fails(candidate)) continue;
                (left, isSmaller) = (candidate, true);
                parts = Math.Max(2, parts - 1);
                break;
            }

            if (isSmaller) continue;
            if (size <= 1) return;
            parts = Math.Min(left.Count, parts * 2);
        }
    }

    /// <summary>Orders by their place in the seed's row, up to the last that was placed.</summary>
    private static int CountOrders(ChaosReport failed)
    {
        var placed = failed.Ledger.Tries.Where(each => each.OrderId is not null)
            .Select(each => ((each.OrderId!.Value - Shop.FirstOrderId) / OrderIdStep) + 1).DefaultIfEmpty().Max();
        return placed is > 0 and < int.MaxValue ? (int)placed
            : (int)Math.Ceiling(failed.Options.OrdersPerSecond * failed.Options.Duration.TotalSeconds);
    }
}
