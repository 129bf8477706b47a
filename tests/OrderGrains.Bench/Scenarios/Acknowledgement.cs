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
        [.. Subject.Plotted, Subject.Front],
        [Subject.Floor, Subject.Insert, Subject.Front, Subject.Ours, Subject.Rows], ActAsync);

    /// <summary>One shape's capacity; answers a second.</summary>
    public static async Task<double> CapacityAsync(Run run, OrderShape shape, string name, bool isCalmFirst)
    {
        await using var world = await run.StartAsync(shape);
        await run.WarmUpAsync(world);
        if (isCalmFirst) await LatencyAsync(run, world, CalmPerSecond, "ack at 1,000/s");

        var before = await world.UsageAsync();
        var load = await run.ClosedAsync(world, run.Options.Measured);
        var after = await world.UsageAsync();
        run.Add($"acks a second, {name}", Unit.PerSecond, load.PerSecond);
        run.AddRefused($"acks a second, {name}", load);
        if (isCalmFirst) run.AddUsage("ack", load.Acknowledged, before, after);
        run.Judge(await WorldAuditor.AuditReceiptsAsync(world, run.Cancellation));
        return load.PerSecond;
    }

    private static async Task ActAsync(Run run)
    {
        var capacity = await CapacityAsync(run, OrderShape.Ordinary, "3 KB", isCalmFirst: true);
        await using (var world = await run.StartAsync(OrderShape.Ordinary))
        {
            await run.WarmUpAsync(world);
            await LatencyAsync(run, world, capacity / 2, "ack at half of that");
            run.Judge(await WorldAuditor.AuditReceiptsAsync(world, run.Cancellation));
        }
        if (!run.Options.Quick) await CapacityAsync(run, OrderShape.Large, "28 KB", isCalmFirst: false);
    }

    private static async Task LatencyAsync(Run run, World world, double perSecond, string name)
    {
        // Not with the wait for the orders: at half of its acknowledgements no subject applies them all meanwhile.
        var load = world.Note(await world.Load.OpenAsync(perSecond, run.Options.Measured, run.Cancellation));
        run.AddLatency(name, load.Latency);
        run.AddRefused(name, load);
        run.AddPoint(LatencyPlot.Acknowledgement, perSecond, load.Latency);
    }
}
