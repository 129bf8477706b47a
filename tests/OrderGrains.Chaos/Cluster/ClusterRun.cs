using System.Diagnostics;
using System.Net;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos.Cluster;

/// <summary>What a run of the cluster showed.</summary>
/// <param name="Violations">Promises broken, each a sentence; empty is a pass.</param>
/// <param name="Acknowledged">Orders that had their 200.</param>
/// <param name="Refused">Tries that had none.</param>
/// <param name="Elapsed">From the first order to silence.</param>
public sealed record ClusterReport(
    IReadOnlyList<string> Violations, int Acknowledged, int Refused, TimeSpan Elapsed)
{
    public override string ToString() =>
        $"{Acknowledged} orders acknowledged, {Refused} tries refused, {Elapsed.TotalSeconds:0.0} s in all; "
        + (Violations.Count == 0 ? "no violations" : $"VIOLATIONS:\n  {string.Join("\n  ", Violations)}");
}

/// <summary>
/// Three silos on one PostgreSQL behind nginx. In <see cref="KillAsync"/> a silo dies and the database restarts in the
/// middle of the orders; in <see cref="RollAsync"/> all silos are replaced, one after the other, under load.
/// </summary>
public static partial class ClusterRun
{
    public const int Silos = 3;
    private const int SendersMax = 24;

    /// <summary>A silo that was killed is declared dead within this.</summary>
    public static readonly TimeSpan NoticedMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan QuietMax = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long after the database's restart a try may still meet a connection that has not heard of it.
    /// </summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    /// <summary>A third of the way a silo is killed, another third on the database restarts.</summary>
    public static async Task<ClusterReport> KillAsync(
        int orders, int seed, Action<string>? say, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        await using var world = await ClusterWorld.StartAsync(Silos, seed, time, cancellation);
        say?.Invoke($"{Silos} silos are ready");
        var began = time.GetTimestamp();
        var deliveries = Enumerable.Range(0, orders).Select(_ => world.Shop.Place()).ToList();
        var sending = SendAllAsync(world, deliveries, cancellation);

        await ReachAsync(world, orders / 3, sending, time, cancellation);
        say?.Invoke($"kill -9 of a silo after {world.Shop.WebhooksAcknowledged} orders");
        await world.KillSiloAsync(Silos - 1);

        await ReachAsync(world, orders * 2 / 3, sending, time, cancellation);
        say?.Invoke($"the database restarts after {world.Shop.WebhooksAcknowledged} orders");
        var awayFrom = time.GetUtcNow();
        await world.Postgres.StopAsync();
        await world.Postgres.StartAgainAsync();
        var awayTo = time.GetUtcNow();

        await sending;
        say?.Invoke("every order is acknowledged; waiting for silence");
        var violations = await JudgeAsync(world, orders, cancellation);
        var elsewhere = world.Attempts.Where(attempt => attempt.Status != HttpStatusCode.OK
            && (attempt.To < awayFrom || attempt.From > awayTo + Aftermath)).ToList();
        if (elsewhere.Count > 0)
        {
            violations.Add($"{elsewhere.Count} tries were refused while the database answered, such as "
                + $"{elsewhere[0].Status} at {elsewhere[0].From:O}\n{world.NginxLog}");
        }

        return Report(world, violations, time.GetElapsedTime(began));
    }

    /// <summary>All silos are stopped and started again, one after the other.</summary>
    /// <param name="perSecond">Webhooks a second, at even distances, whatever their answers.</param>
    /// <param name="seed">Draws the orders.</param>
    /// <param name="say">Told what the run does.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<ClusterReport> RollAsync(
        int perSecond, int seed, Action<string>? say, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        // Other tests run beside it and make the machine slow. So a late answer is told apart from none.
        await using var world = await ClusterWorld.StartAsync(
            Silos, seed, time, cancellation, answerMax: TimeSpan.FromSeconds(30));
        // What a silo that has never worked compiles first is not what a rollout meets.
        await SendAllAsync(world, [.. Enumerable.Range(0, 300).Select(_ => world.Shop.Place())], cancellation);
        say?.Invoke($"{Silos} silos are ready");
        var began = time.GetTimestamp();
        using var rolled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = SendEvenlyAsync(world, perSecond, rolled.Token, cancellation);
        var violations = new List<string>();
        for (var at = 0; at < Silos; at++)
        {
            var stopping = time.GetTimestamp();
            var code = await world.StopSiloAsync(at);
            say?.Invoke($"silo {at} stopped within {time.GetElapsedTime(stopping).TotalSeconds:0.0} s");
            if (code != 0)
            {
                violations.Add($"SIGTERM: silo {at} ended with code {code?.ToString() ?? "none in time"}; it wrote: "
                    + world.LastOutput(at));
            }

            await world.StartSiloAsync(at, cancellation);
            say?.Invoke($"silo {at} is replaced after {world.Shop.WebhooksAcknowledged} orders");
        }

        await rolled.CancelAsync();
        await sending;
        var late = world.Attempts.Count(attempt => attempt.To - attempt.From > ClusterWorld.ShopAnswerMax);
        say?.Invoke($"{late} of {world.Attempts.Count} webhooks were answered later than a shop waits");
        var refused = world.Attempts.Where(attempt => attempt.Status != HttpStatusCode.OK).ToList();
        if (refused.Count > 0)
        {
            violations.Add($"{refused.Count} of {world.Attempts.Count} webhooks failed, such as {refused[0].Status} "
                + $"at {refused[0].From:O} after {refused[0].To - refused[0].From}\n{world.NginxLog}");
        }

        violations.AddRange(await JudgeAsync(world, world.Shop.WebhooksAcknowledged, cancellation));
        return Report(world, violations, time.GetElapsedTime(began));
    }

    /// <summary>How the silos notice each other's pauses and deaths, without any load.</summary>
    /// <returns>
    /// How many were declared dead for a pause of 2 s, and how long it took to declare one dead that was killed.
    /// </returns>
    public static async Task<(long Mistaken, TimeSpan Noticed)> WatchAsync(CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        await using var world = await ClusterWorld.StartAsync(Silos, seed: 1, time, cancellation);
        await world.PauseSiloAsync(0, TimeSpan.FromSeconds(2));
        // As long as a verdict may take.
        await Task.Delay(NoticedMax, time, cancellation);
        var mistaken = await world.CountDeadAsync(cancellation);

        await world.KillSiloAsync(1);
        var killed = time.GetTimestamp();
        await Until.TrueAsync(
            async token => await world.CountDeadAsync(token) > mistaken, QuietMax, time, cancellation,
            TimeSpan.FromMilliseconds(50));
        return (mistaken, time.GetElapsedTime(killed));
    }

    private static ClusterReport Report(ClusterWorld world, List<string> violations, TimeSpan elapsed)
    {
        if (violations.Count > 0)
            violations.AddRange(Enumerable.Range(0, Silos).Select(at => $"silo {at} wrote: {world.LastOutput(at)}"));
        return new ClusterReport(violations, world.Shop.WebhooksAcknowledged,
            world.Attempts.Count(attempt => attempt.Status != HttpStatusCode.OK), elapsed);
    }

    /// <summary>Every order is at the warehouse exactly once, and the books balance.</summary>
    private static async Task<List<string>> JudgeAsync(ClusterWorld world, int orders, CancellationToken cancellation)
    {
        var violations = new List<string>();
        var audit = await world.QuietAsync(orders, QuietMax, cancellation);
        if (audit is not { IsQuiet: true, Balanced: true }) violations.Add($"the books: {audit}");
        violations.AddRange(world.Warehouse.Book.Complaints);
        var taken = world.Warehouse.Book.Orders.ToLookup(order => order.Take.OrderId, StringComparer.Ordinal);
        foreach (var order in world.Shop.Orders)
        {
            var count = taken[order.Id.ToString()].Count();
            if (count != 1) violations.Add($"{order.Name} is at the warehouse {count} times");
        }

        return violations;
    }

    private static Task<bool> ReachAsync(
        ClusterWorld world, int acknowledged, Task sending, TimeProvider time, CancellationToken cancellation) =>
        Until.TrueAsync(
            _ => Task.FromResult(world.Shop.WebhooksAcknowledged >= acknowledged || sending.IsCompleted),
            QuietMax, time, cancellation, TimeSpan.FromMilliseconds(2));

    /// <summary>Each again and again until it is acknowledged.</summary>
    private static Task SendAllAsync(
        ClusterWorld world, IReadOnlyList<Delivery> deliveries, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            deliveries, new ParallelOptions { MaxDegreeOfParallelism = SendersMax, CancellationToken = cancellation },
            async (delivery, token) =>
            {
                while (!await world.SendOnceAsync(delivery, token))
                    await Task.Delay(Pause, TimeProvider.System, token);
            });

    /// <summary>Each once, at its time.</summary>
    private static async Task SendEvenlyAsync(
        ClusterWorld world, int perSecond, CancellationToken until, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var sent = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (await tick.WaitForNextTickAsync(until))
            {
                while (sent.Count < clock.Elapsed.TotalSeconds * perSecond)
                    sent.Add(world.SendOnceAsync(world.Shop.Place(), cancellation));
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            await Task.WhenAll(sent);
        }
    }
}
