using OrderGrains.Bench.Load;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>From the webhook to its 200. What is applied after that goes on meanwhile, as it does in life.</summary>
internal static class Acknowledgement
{
    private const double CalmPerSecond = 1000;

    public static Scenario Scenario { get; } = new(
        "ack", "Acknowledgement",
        [.. Subject.Plotted, Subject.Front, Subject.Gateway],
        [Subject.Floor, Subject.Insert, Subject.Front, Subject.Ours], ActAsync);

    /// <summary>How many are answered a second, of a world of its own, and nothing else.</summary>
    public static async Task CapacityAsync(Run run, OrderShape shape, string name)
    {
        await using var world = await run.StartAsync(shape);
        await run.WarmUpAsync(world);
        await CapacityAsync(run, world, name);
        run.Judge(await WorldAuditor.AuditReceiptsAsync(world, run.Cancellation));
    }

    private static async Task ActAsync(Run run)
    {
        await using (var world = await run.StartAsync(OrderShape.Ordinary))
        {
            await run.WarmUpAsync(world);
            await LatencyAsync(run, world, CalmPerSecond, "ack at 1,000/s");
            await run.DrainAsync(world);
            var before = await world.UsageAsync();
            var load = await CapacityAsync(run, world, "3 KB");
            run.AddUsage("ack", load.Acknowledged, before, await world.UsageAsync());
            await run.DrainAsync(world);
            await LatencyAsync(run, world, load.PerSecond / 2, "ack at half of that");
            run.Judge(await WorldAuditor.AuditReceiptsAsync(world, run.Cancellation));
        }
        if (!run.Options.Quick) await CapacityAsync(run, OrderShape.Large, "28 KB");
    }

    private static async Task<LoadResult> CapacityAsync(Run run, World world, string name)
    {
        var load = await run.ClosedAsync(world, run.Options.Measured);
        run.Add($"acks a second, {name}", Unit.PerSecond, load.PerSecond);
        run.AddRefused($"acks a second, {name}", load);
        return load;
    }

    private static async Task LatencyAsync(Run run, World world, double perSecond, string name)
    {
        // Not with the wait for the orders: at half of its acknowledgements no subject applies them all meanwhile.
        var load = await run.ScheduleAsync(world, perSecond, run.Options.Measured);
        run.AddLatency(name, load.Latency);
        run.AddRefused(name, load);
        run.AddPoint(LatencyPlot.Acknowledgement, perSecond, load.Latency);
    }
}
