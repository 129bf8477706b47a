using OrderGrains.Chaos.Faults;
using OrderGrains.Chaos.Judging;
using OrderGrains.Chaos.Trade;

namespace OrderGrains.Chaos;

/// <summary>
/// Trades while things break by the seed's schedule, heals all, waits for quiet, and has the judge compare. Then the
/// warehouses ship what was left on the shelf, and the judge compares again. Nothing is done by hand.
/// </summary>
public static class ChaosRun
{
    private const int HistoriesMax = 3;

    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan JudgeEvery = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Stories go on for up to half a minute after the last order, and warehouses have to ship; shops send again until
    /// the product takes it.
    /// </summary>
    private static readonly TimeSpan TradeMax = TimeSpan.FromMinutes(3);

    /// <summary>Throws only when the world cannot be started; a broken promise is in the report.</summary>
    public static async Task<ChaosReport> RunAsync(ChaosOptions options, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var schedule = options.Schedule ?? FaultSchedule.Draw(options);
        await using var world = await ChaosWorld.StartAsync(options, time, cancellation);
        var judge = new Judge(world, world.Api.FindAuditAsync);
        var trader = new Trader(world);
        var found = new List<Violation>();

        var began = time.GetUtcNow();
        using var watched = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchAsync(judge, found, time, watched.Token);
        var trading = trader.RunAsync(began, cancellation);
        await Task.WhenAll(
            new FaultAgent(world).RunAsync(schedule, began, cancellation),
            Task.Delay(options.Duration, time, cancellation));
        var healedAt = time.GetUtcNow();
        options.Say?.Invoke("all is healed; waiting for quiet");
        var left = await QuietAsync(judge, trading, options, time, cancellation);
        if (left.Count == 0)
        {
            options.Say?.Invoke("quiet; the warehouses ship what is left");
            left = await QuietAsync(judge, trader.ShipAllAsync(cancellation), options, time, cancellation);
        }

        await watched.CancelAsync();
        await watching;
        found.AddRange(left.Except(found));
        var histories = new List<string>();
        foreach (var subject in found.Select(violation => violation.Subject).Distinct(StringComparer.Ordinal)
            .Take(HistoriesMax))
            histories.Add(await judge.TellAsync(subject, cancellation));
        found.AddRange((await world.StopAsync()).Select(what => new Violation("silos", what)));
        if (found.Count > 0)
        {
            world.Keep = true;
            await File.WriteAllTextAsync(
                Path.Combine(world.DataDirectory, "histories.txt"), string.Join("\n\n", histories), cancellation);
            options.Say?.Invoke($"what the silos wrote, and the whole histories, are kept in {world.DataDirectory}");
        }

        return new ChaosReport
        {
            Options = options,
            Schedule = schedule,
            Violations = found,
            Leeways = judge.Leeways.Counts,
            Histories = [.. histories.Select(History.Shorten)],
            Ledger = world.Ledger,
            Began = began,
            HealedAt = healedAt,
            Elapsed = time.GetElapsedTime(started),
            LastOutput = found.Count == 0 ? "" : world.LastOutput,
        };
    }

    private static async Task WatchAsync(
        Judge judge, List<Violation> found, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(WatchEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var now = await judge.WatchAsync(cancellation);
                found.AddRange(now.Except(found));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    /// <summary>
    /// Quiet is when the work is done and the judge finds nothing; else what he found at the deadline.
    /// </summary>
    private static async Task<IReadOnlyList<Violation>> QuietAsync(
        Judge judge, Task work, ChaosOptions options, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await work.WaitAsync(TradeMax, time, cancellation);
        }
        catch (TimeoutException)
        {
            return [new Violation("trade", $"some webhooks have no 200, or parcels have not left, {TradeMax} later")];
        }

        var since = time.GetTimestamp();
        while (true)
        {
            var isLate = time.GetElapsedTime(since) >= options.QuietMax;
            var found = await judge.JudgeAsync(cancellation);
            if (found.Count == 0 || isLate) return found;
            await Task.Delay(JudgeEvery, time, cancellation);
        }
    }
}
