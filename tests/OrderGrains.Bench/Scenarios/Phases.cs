using System.Diagnostics;
using OrderGrains.Bench.Load;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>What scenarios are made of.</summary>
internal static class Phases
{
    /// <summary>Orders signed ahead of a load whose rate nobody knows yet.</summary>
    private const double AcknowledgedPerSecondMax = 40_000;

    /// <summary>The same for the whole path.</summary>
    private const double OrdersPerSecondMax = 10_000;

    /// <summary>Bytes hashed ahead of one load: a few seconds of one core.</summary>
    private const long SignedBytesMax = 2L * 1024 * 1024 * 1024;

    /// <summary>This part of a closed loop fills the path and is not counted.</summary>
    private const double FillingPart = 0.2;

    /// <summary>Load before the measuring; what goes the whole path has arrived at the end.</summary>
    public static async Task WarmUpAsync(this Run run, World world)
    {
        if (world.Subject.IsWholePath)
        {
            await run.OrdersAsync(world, run.Options.WarmUp);
            await run.DrainAsync(world);
        }
        else
        {
            await run.ClosedAsync(world, run.Options.WarmUp);
        }
    }

    /// <summary>As many webhooks as are answered.</summary>
    public static async Task<LoadResult> ClosedAsync(this Run run, World world, TimeSpan duration)
    {
        Prepare(world, AcknowledgedPerSecondMax, duration);
        return world.Note(await world.Load.ClosedAsync(
            World.ClosedConnections, duration, admit: null, run.Cancellation));
    }

    /// <summary>As many webhooks as become orders at the warehouse; how many did, a second.</summary>
    public static async Task<double> OrdersAsync(this Run run, World world, TimeSpan duration)
    {
        Prepare(world, OrdersPerSecondMax, duration);
        var before = await world.Warehouse.CountAsync(run.Cancellation);
        await using var window = new OrderWindow(world.Warehouse, world.Orders.Next, before, duration);
        var load = world.Note(await world.Load.ClosedAsync(
            World.ClosedConnections, duration, window.AdmitAsync, run.Cancellation));
        var from = load.StartedAt + (long)((load.EndedAt - load.StartedAt) * FillingPart);
        var arrivals = await world.Warehouse.ArrivalsAsync(before, run.Cancellation);
        return arrivals.Count(each => each.At >= from && each.At < load.EndedAt)
            / Stopwatch.GetElapsedTime(from, load.EndedAt).TotalSeconds;
    }

    /// <summary>Waits until all that was acknowledged is at the warehouse, if it is to get there.</summary>
    public static Task DrainAsync(this Run run, World world) => world.Subject.IsWholePath
        ? world.Warehouse.WaitForAsync(world.Acknowledged.Count, run.Options.DrainMax, run.Cancellation)
        : Task.CompletedTask;

    /// <summary>
    /// A schedule of webhooks, with the latency of their 200. What an earlier load left to be written is written
    /// before: a calm after a storm has no flush of the storm's in it.
    /// </summary>
    public static async Task<LoadResult> ScheduleAsync(this Run run, World world, double perSecond, TimeSpan duration)
    {
        await world.Database.ExecuteAsync("checkpoint");
        return world.Note(await world.Load.OpenAsync(perSecond, duration, run.Cancellation));
    }

    /// <summary>The same, with the latency of whole orders too, where there are any.</summary>
    public static async Task<(LoadResult Load, LatencyHistogram Orders)> OpenAsync(
        this Run run, World world, double perSecond, TimeSpan duration)
    {
        var before = await world.Warehouse.CountAsync(run.Cancellation);
        var load = await run.ScheduleAsync(world, perSecond, duration);
        return (load, world.Subject.IsWholePath
            ? await run.ArrivedAsync(world, load, before) : new LatencyHistogram());
    }

    /// <summary>How long the orders of a load took to the warehouse, once all that was acknowledged is there.</summary>
    public static async Task<LatencyHistogram> ArrivedAsync(this Run run, World world, LoadResult load, long before)
    {
        var orders = new LatencyHistogram();
        await run.DrainAsync(world);
        foreach (var arrival in await world.Warehouse.ArrivalsAsync(before, run.Cancellation))
        {
            if (arrival.Number >= load.First && arrival.Number < load.End)
                orders.RecordTicks(arrival.At - load.DueAt(arrival.Number));
        }
        return orders;
    }

    /// <summary>Puts the quantiles of a latency into the table.</summary>
    public static void AddLatency(this Run run, string of, LatencyHistogram latency)
    {
        run.Add($"{of}, p50", Unit.Milliseconds, latency.Quantile(0.5).TotalMilliseconds);
        run.Add($"{of}, p99", Unit.Milliseconds, latency.Quantile(0.99).TotalMilliseconds);
        run.Add($"{of}, p99.9", Unit.Milliseconds, latency.Quantile(0.999).TotalMilliseconds);
    }

    /// <summary>Says so when webhooks had no 200: a latency of the others alone would flatter.</summary>
    public static void AddRefused(this Run run, string of, LoadResult load)
    {
        if (load.Refused.Count > 0) run.Add($"{of}, refused", Unit.Count, load.Refused.Count);
    }

    /// <summary>Puts a latency at an offered load into a plot.</summary>
    public static void AddPoint(this Run run, string plot, double perSecond, LatencyHistogram latency)
    {
        if (latency.Count == 0 || !Subject.Plotted.Contains(run.Subject)) return;
        run.Report.Add(new LoadPoint(
            plot, run.Subject.Name, perSecond, latency.Quantile(0.5), latency.Quantile(0.99)));
    }

    private static void Prepare(World world, double perSecond, TimeSpan duration) =>
        world.Orders.Prepare((long)Math.Min(
            (perSecond * duration.TotalSeconds) + 1000, SignedBytesMax / (double)world.Orders.Template.BodyBytes));
}
