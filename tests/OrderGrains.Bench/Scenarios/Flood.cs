using OrderGrains.Bench.Load;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Peers;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>What one source notices of another that sends twenty times as much.</summary>
internal static class Flood
{
    private const string Flooding = "flood";
    private const double QuietPerSecond = 50;
    private const double FloodPerSecond = 20 * QuietPerSecond;

    /// <summary>Numbers of the flood's orders; those of the other begin at 0.</summary>
    private const long FirstOfFlood = OrderTemplate.NumbersMax / 2;

    public static Scenario Scenario { get; } = new(
        "flood", "One source at 50/s, alone and beside another at 1,000/s",
        [Subject.Ours with { Settings = Flooded }], [], MeasureAsync);

    private static Dictionary<string, string> Flooded => new(StringComparer.Ordinal)
    {
        [$"Sources:{Flooding}:Kind"] = "Shopify",
        [$"Sources:{Flooding}:Secrets:0"] = OrderTemplate.Secret,
        [$"Sources:{Flooding}:Locations:0"] = PeerRole.Location,
    };

    private static async Task MeasureAsync(Run run)
    {
        await using var world = await run.StartAsync(OrderShape.Ordinary);
        var flood = new SignedOrders(new OrderTemplate(OrderShape.Ordinary, run.Time, Flooding), FirstOfFlood);
        await run.WarmUpAsync(world);
        await BesideAsync(run, world, flood, run.Options.WarmUp / 5);

        var (alone, aloneOrders) = await run.OpenAsync(world, QuietPerSecond, run.Options.Measured);
        var (beside, besideOrders, flooded) = await BesideAsync(run, world, flood, run.Options.Measured);
        var (after, afterOrders) = await run.OpenAsync(world, QuietPerSecond, run.Options.Measured);
        foreach (var (when, load, orders) in new[]
        {
            ("alone", alone, aloneOrders), ("beside the flood", beside, besideOrders), ("after it", after, afterOrders),
        })
        {
            run.AddLatency($"ack {when}", load.Latency);
            run.AddLatency($"order {when}", orders);
            run.AddRefused($"ack {when}", load);
        }

        run.AddLatency("ack of the flood", flooded.Latency);
        run.AddRefused("ack of the flood", flooded);
        run.Judge(await WorldAuditor.AuditOrdersAsync(world, run.Options.DrainMax, null, run.Cancellation));
    }

    private static async Task<(LoadResult Load, LatencyHistogram Orders, LoadResult Flood)> BesideAsync(
        Run run, World world, SignedOrders flood, TimeSpan duration)
    {
        await world.Database.ExecuteAsync("checkpoint");
        var before = await world.Warehouse.CountAsync(run.Cancellation);
        var flooding = new WebhookLoad(world.Running.Addresses, flood).OpenAsync(
            FloodPerSecond, duration, run.Cancellation);
        var load = world.Note(await world.Load.OpenAsync(QuietPerSecond, duration, run.Cancellation));
        var flooded = world.Note(await flooding);
        return (load, await run.ArrivedAsync(world, load, before), flooded);
    }
}
