using OrderGrains.Bench.Load;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>From the webhook to the order at the warehouse.</summary>
internal static class WholePath
{
    private const double CalmPerSecond = 200;

    /// <summary>Loads of the sweep, a second; a subject leaves it where it cannot keep up.</summary>
    private static readonly double[] Steps =
        [50, 100, 200, 400, 700, 1000, 1400, 2000, 2800, 4000, 5600, 8000, 11000, 16000];

    /// <summary>A queue that grows all the time has no latency worth a name.</summary>
    private static readonly TimeSpan HopelessMedian = TimeSpan.FromSeconds(1);

    public static Scenario Orders { get; } = new(
        "order", "Webhook to order at the warehouse, 1,000 SKUs, two lines an order", Subject.WholePath,
        Subject.WholePath, run => MeasureAsync(run, OrderShape.Ordinary));

    public static Scenario Hot { get; } = new(
        "hot", "The same, all orders for one SKU, one line an order", Subject.WholePath, [Subject.Ours, Subject.Rows],
        run => MeasureAsync(run, OrderShape.Hot));

    public static Scenario Storage { get; } = new(
        "storage", "SQLite beside PostgreSQL", [Subject.Ours, Subject.Sqlite], [], StorageAsync);

    public static Scenario Silos { get; } = new(
        "silos", "One, two and three silos on this machine",
        [
            Subject.Ours with { Name = "1 silo" },
            Subject.Ours with { Name = "2 silos", Roles = [Subject.WholeRole, Subject.WholeRole] },
            Subject.Ours with { Name = "3 silos", Roles = [Subject.WholeRole, Subject.WholeRole, Subject.WholeRole] },
        ],
        [], run => MeasureAsync(run, OrderShape.Ordinary));

    public static Scenario Load { get; } = new(
        "load", "Latency over offered load", Subject.Plotted, [], SweepAsync);

    /// <summary>Capacity, cost and calm latency of a world that is started and warm.</summary>
    public static async Task MeasureAsync(Run run, World world)
    {
        var before = await world.UsageAsync();
        var first = world.Orders.Next;
        run.Add("orders a second", Unit.PerSecond, await run.OrdersAsync(world, run.Options.Measured));
        await run.DrainAsync(world);
        run.AddUsage("order", world.Orders.Next - first, before, await world.UsageAsync());

        var (load, orders) = await run.OpenAsync(world, CalmPerSecond, run.Options.Measured);
        run.AddLatency("order at 200/s", orders);
        run.AddLatency("ack at 200/s", load.Latency);
        run.AddRefused("ack at 200/s", load);
        if (world.Shape == OrderShape.Ordinary)
        {
            run.AddPoint(LatencyPlot.Order, CalmPerSecond, orders);
            run.AddPoint(LatencyPlot.Acknowledgement, CalmPerSecond, load.Latency);
        }
        run.Judge(await WorldAuditor.AuditOrdersAsync(world, run.Options.DrainMax, null, run.Cancellation));
    }

    private static async Task MeasureAsync(Run run, OrderShape shape)
    {
        await using var world = await run.StartAsync(shape);
        await run.WarmUpAsync(world);
        await MeasureAsync(run, world);
    }

    private static async Task StorageAsync(Run run)
    {
        await MeasureAsync(run, OrderShape.Ordinary);
        await Acknowledgement.CapacityAsync(run, OrderShape.Ordinary, "3 KB");
    }

    private static async Task SweepAsync(Run run)
    {
        await using var world = await run.StartAsync(OrderShape.Ordinary);
        await run.WarmUpAsync(world);
        foreach (var step in Steps)
        {
            var (load, orders) = await run.OpenAsync(world, step, run.Options.Measured / 3);
            run.AddPoint(LatencyPlot.Acknowledgement, step, load.Latency);
            run.AddPoint(LatencyPlot.Order, step, orders);
            var worst = orders.Count > 0 ? orders : load.Latency;
            run.Add($"p99 at {step:#,0}/s", Unit.Milliseconds, worst.Quantile(0.99).TotalMilliseconds);
            if (load.Refused.Count > 0 || worst.Quantile(0.5) > HopelessMedian) break;
        }
        run.Judge(world.Subject.IsWholePath
            ? await WorldAuditor.AuditOrdersAsync(world, run.Options.DrainMax, null, run.Cancellation)
            : await WorldAuditor.AuditReceiptsAsync(world, run.Cancellation));
    }
}
