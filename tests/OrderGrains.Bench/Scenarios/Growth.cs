using System.Globalization;
using OrderGrains.Bench.Load;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>Whether an order costs more when many are stored. The databases are made once and used in turns.</summary>
internal static class Growth
{
    /// <summary>The console's pages and calls of which none may take longer the more is stored.</summary>
    private static readonly string[] Asked =
    [
        "/", "/?status=shipped", "/stock", "/parked", "/receipts", "/destinations", "/audit", "/api/v1/audit",
        "/api/v1/orders", "/api/v1/parked/groups",
    ];

    private const int AsksMax = 21;
    private static readonly int[] Sizes = [10_000, 1_000_000, 5_000_000];
    private static readonly int[] QuickSizes = [10_000, 1_000_000];

    public static Scenario Scenario { get; } = new(
        "growth", "Orders stored before", [.. Sizes.Select(Stored)], [.. QuickSizes.Select(Stored)], ActAsync);

    private static Subject Stored(int orders) => Subject.Ours with
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{orders:#,0} stored"),
        StoredOrders = orders,
    };

    private static async Task ActAsync(Run run)
    {
        if (!run.Kept.TryGetValue(run.Subject.Name, out var world))
        {
            world = run.Kept[run.Subject.Name] = await run.StartAsync(OrderShape.Ordinary);
            await run.OpenAsync(world, 1, TimeSpan.FromSeconds(1));
            await world.StopSubjectAsync();
            await StoredOrders.MakeAsync(world, run.Subject.StoredOrders);
            run.Add("size of the database", Unit.Mebibytes,
                await world.Database.ScalarAsync("select pg_database_size(current_database())"));
        }
        await world.StartSubjectAsync(hold: false, run.Cancellation);
        await run.WarmUpAsync(world);
        await AskAsync(run, world);
        await WholePath.MeasureAsync(run, world);
        if (run.Subject.StoredOrders > Sizes[0]) await NotePlansAsync(run, world);
        await world.StopSubjectAsync();
    }

    /// <summary>What a person waits for a page, the median and the longest of a few.</summary>
    private static async Task AskAsync(Run run, World world)
    {
        foreach (var path in Asked)
        {
            var took = new List<double>();
            for (var ask = 0; ask < AsksMax; ask++)
                took.Add((await world.Running.TimeAsync(path, run.Cancellation)).TotalMilliseconds);
            took.Sort();
            run.Add($"{path}, median", Unit.Milliseconds, took[AsksMax / 2]);
            run.Add($"{path}, longest", Unit.Milliseconds, took[^1]);
        }
    }

    /// <summary>The plan of each statement that the path runs, as the server itself noted it while it ran.</summary>
    private static async Task NotePlansAsync(Run run, World world)
    {
        await world.StopSubjectAsync();
        var plans = await QueryPlans.BeginAsync(world.Database);
        await world.StartSubjectAsync(hold: false, run.Cancellation);
        await run.OpenAsync(world, 100, TimeSpan.FromSeconds(2));
        await world.StopSubjectAsync();
        var file = string.Create(CultureInfo.InvariantCulture, $"plans-{run.Subject.StoredOrders}.txt");
        run.Report.AddPage(file, string.Join("\n\n", await plans.EndAsync()) + "\n");
    }
}
