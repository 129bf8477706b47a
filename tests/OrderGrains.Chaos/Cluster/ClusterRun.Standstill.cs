using System.Collections.Concurrent;
using System.Net;
using OrderGrains.Sandbox;

namespace OrderGrains.Chaos.Cluster;

/// <summary>What became of a silo that stood still under load.</summary>
/// <param name="Report">The promises.</param>
/// <param name="DeadSilos">How many silos the cluster had declared dead when it woke.</param>
/// <param name="ExitCode">Its exit code; null when it did not end in time.</param>
/// <param name="EndedAfter">From its waking to its end.</param>
/// <param name="Written">Characters that it wrote since it stood still.</param>
/// <param name="Output">Its last lines.</param>
/// <param name="Answers">What it answered to webhooks that were sent to it after it woke.</param>
/// <param name="MovedAfter">
/// From its standstill until all that was acknowledged in its first second was at the warehouse.
/// </param>
/// <param name="Parked">Receipts that were parked.</param>
public sealed record StandstillReport(
    ClusterReport Report, long DeadSilos, int? ExitCode, TimeSpan EndedAfter, long Written, string Output,
    IReadOnlyCollection<HttpStatusCode> Answers, TimeSpan MovedAfter, long? Parked);

public static partial class ClusterRun
{
    private const int EarlyBirds = 20;
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(60);

    /// <summary>
    /// One of three silos stands still under load for as long as it takes to be declared dead, and wakes.
    /// </summary>
    /// <param name="standstill">How long.</param>
    /// <param name="perSecond">Orders a second, each sent until it is acknowledged.</param>
    /// <param name="seed">Draws the orders.</param>
    /// <param name="say">Told what the run does.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<StandstillReport> StandStillAsync(
        TimeSpan standstill, int perSecond, int seed, Action<string>? say, CancellationToken cancellation)
    {
        const int Sleeper = 0;
        var time = TimeProvider.System;
        await using var world = await ClusterWorld.StartAsync(Silos, seed, time, cancellation);
        var began = time.GetTimestamp();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var acknowledged = new ConcurrentBag<long>();
        var sending = SendUntilAcknowledgedAsync(world, perSecond, acknowledged, enough.Token, cancellation);
        await ReachAsync(world, 5 * perSecond, sending, time, cancellation);

        say?.Invoke($"a silo stands still after {world.Shop.WebhooksAcknowledged} orders");
        var (stopped, writtenBefore) = (time.GetTimestamp(), world.Written(Sleeper));
        var moved = MovedAsync(world, acknowledged, stopped, time, cancellation);
        var pause = world.PauseSiloAsync(Sleeper, standstill);
        // These are the first that it sees when it wakes.
        await Task.Delay(standstill - Early, time, cancellation);
        var deliveries = Enumerable.Range(0, EarlyBirds).Select(_ => world.Shop.Place()).ToList();
        var early = Task.WhenAll(deliveries.Select(d => world.PostToAsync(Sleeper, d, cancellation)).ToList());
        await pause;
        var (woke, dead) = (time.GetTimestamp(), await world.CountDeadAsync(cancellation));
        var answers = new List<HttpStatusCode>();
        while (!world.HasEnded(Sleeper) && time.GetElapsedTime(woke) < EndMax)
        {
            deliveries.Add(world.Shop.Place());
            if (await world.PostToAsync(Sleeper, deliveries[^1], cancellation) is { } answer) answers.Add(answer);
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }

        var ended = time.GetElapsedTime(woke);
        answers.AddRange((await early).OfType<HttpStatusCode>());
        await enough.CancelAsync();
        await sending;
        await SendAllAsync(world, deliveries, cancellation);
        var output = world.LastOutput(Sleeper);
        var written = world.Written(Sleeper) - writtenBefore;
        var code = await world.StopSiloAsync(Sleeper);
        var movedAfter = await moved;
        say?.Invoke($"{dead} silo was dead to the others; it ended with code {code} {ended.TotalSeconds:0.00} s after "
            + $"it woke, wrote {written} characters and answered {answers.Count} webhooks meanwhile; "
            + $"what was acknowledged was at the warehouse {movedAfter.TotalSeconds:0.0} s after it stood still");
        var violations = await JudgeAsync(world, world.Shop.WebhooksAcknowledged, cancellation);
        var audit = await world.Api.FindAuditAsync(cancellation);
        say?.Invoke(output);
        return new StandstillReport(
            Report(world, violations, time.GetElapsedTime(began)), dead, code, ended, written, output, answers,
            movedAfter, audit?.Receipts.Parked);
    }

    private static async Task<TimeSpan> MovedAsync(
        ClusterWorld world, ConcurrentBag<long> acknowledged, long since, TimeProvider time,
        CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
        var orders = acknowledged.ToArray();
        await Until.TrueAsync(
            _ =>
            {
                var taken = world.Warehouse.Book.Orders.Select(order => order.Take.OrderId)
                    .ToHashSet(StringComparer.Ordinal);
                return Task.FromResult(Array.TrueForAll(orders, order => taken.Contains(order.ToString())));
            },
            QuietMax, time, cancellation, TimeSpan.FromMilliseconds(100));
        return time.GetElapsedTime(since);
    }

    private static async Task SendUntilAcknowledgedAsync(
        ClusterWorld world, int perSecond, ConcurrentBag<long> acknowledged, CancellationToken until,
        CancellationToken cancellation)
    {
        var sent = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        try
        {
            while (await tick.WaitForNextTickAsync(until))
                sent.Add(SendAsync(world.Shop.Place()));
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            await Task.WhenAll(sent);
        }

        async Task SendAsync(Sandbox.Shops.Delivery delivery)
        {
            await SendAllAsync(world, [delivery], cancellation);
            acknowledged.Add(delivery.OrderId);
        }
    }
}
