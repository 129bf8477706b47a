using OrderGrains.Sandbox;

namespace OrderGrains.Chaos;

/// <summary>
/// Kills the product in the middle of its work, starts it again on the same data, waits until all is quiet, and has the
/// auditor compare what the shop and the warehouses know with what the product promised. Nothing is done by hand.
/// </summary>
public static class ChaosRun
{
    /// <summary>Throws only when the product cannot be started; a broken promise is in the report.</summary>
    /// <summary>A sweep gives back what a crash left half done: every 10 s, what is older than 5 s.</summary>
    private static readonly TimeSpan RepairMax = TimeSpan.FromSeconds(25);

    public static async Task<ChaosReport> RunAsync(ChaosOptions options, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var data = options.DataDirectory ?? Directory.CreateTempSubdirectory("ordergrains-chaos-").FullName;
        Directory.CreateDirectory(data);
        await using var postgres = options.OnPostgres ? await PostgresServer.StartAsync() : null;
        if (postgres is not null)
        {
            options = options with
            {
                Settings = new Dictionary<string, string>(options.Settings, StringComparer.Ordinal)
                {
                    ["Storage:Kind"] = "Postgres",
                    ["Storage:ConnectionString"] = await postgres.CreateDatabaseAsync(),
                },
            };
        }

        await using var world = new World(options, data, time);
        await world.StartAsync(cancellation);
        await using var supervisor = new Supervisor(options, world, data);
        var workload = new Workload(options, world);
        var violations = new List<string>();
        try
        {
            await supervisor.StartAsync(cancellation);
            await Task.WhenAll(world.Warehouses.Select(warehouse => warehouse.CountAsync()))
                .WaitAsync(options.StartMax, time, cancellation);

            violations.AddRange(await supervisor.RunAsync(workload, cancellation));
            IReadOnlyList<string> found = [];
            await Until.TrueAsync(
                async token => (found = await new Auditor(world, workload.Stories).AuditAsync(token)).Count == 0,
                RepairMax, time, cancellation, TimeSpan.FromSeconds(2));
            violations.AddRange(found);
            violations.AddRange(await supervisor.StopAsync());
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"Chaos with seed {options.Seed}, data in {data}: {broken.Message}", broken);
        }

        if (violations.Count == 0 && options.DataDirectory is null) Directory.Delete(data, recursive: true);
        var cancelled = world.Shop.Orders.Where(order => order.CancelledAt is not null).ToList();
        var live = world.Warehouses.SelectMany(warehouse => warehouse.Book.Orders)
            .Where(order => order.IsLive).ToList();
        return new ChaosReport(violations, workload.Stories.Count, workload.Acknowledged, live.Count, cancelled.Count,
            cancelled.Count(order => live.Any(taken => taken.Take.OrderId == order.Id.ToString())),
            supervisor.Kills, supervisor.Recovery, time.GetElapsedTime(began), options.Seed,
            violations.Count == 0
                ? ""
                : $"The data is kept in {data}. The product's last lines:\n{supervisor.LastOutput}");
    }
}
