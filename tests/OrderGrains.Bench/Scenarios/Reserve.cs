using System.Diagnostics;
using System.Globalization;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Peers;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;
using OrderGrains.Connectors;
using OrderGrains.Inventory;
using OrderGrains.Storage;

namespace OrderGrains.Bench.Scenarios;

/// <summary>
/// Reservations of one SKU and nothing else: the product's inventory grain beside the update that locks a row, with
/// few and with many reservations open. Each runs in a process of its own, and drives itself.
/// </summary>
internal static class Reserve
{
    public const string RoleName = "reserve";

    private const int CallersAtOnce = 64;
    private const string Sku = "SKU-0000";

    /// <summary>Code is compiled and connections are open after it.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private static readonly int[] OpenReservations = [100, 100_000];

    public static Scenario Scenario { get; } = new(
        "reserve", "Reservations of one SKU, 64 callers", [Subject.Ours, Subject.Rows], [Subject.Ours, Subject.Rows],
        ActAsync);

    /// <param name="arguments">Whose, the database, how many reservations are open before, seconds.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var open = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        var duration = TimeSpan.FromSeconds(double.Parse(arguments[3], CultureInfo.InvariantCulture));
        await (arguments[0] == Subject.Ours.Name
            ? GrainAsync(arguments[1], open, duration)
            : RowAsync(arguments[1], open, duration));
        return 0;
    }

    private static async Task ActAsync(Run run)
    {
        foreach (var open in OpenReservations)
        {
            await using var database = await Database.CreateAsync(
                run.Server, string.Create(CultureInfo.InvariantCulture, $"reserve_{run.Subject.Name}_{open}"));
            var said = await RoleProcess.RunAsync(
                [
                    RoleName, run.Subject.Name, database.ConnectionString, open.ToString(CultureInfo.InvariantCulture),
                    run.Options.Measured.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                ],
                run.Cancellation);
            var numbers = said.Split('\n')[0].Split(' ')
                .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            var name = string.Create(CultureInfo.InvariantCulture, $"{open:#,0} open");
            run.Add($"reservations a second, {name}", Unit.PerSecond, numbers[0]);
            run.Add($"p50, {name}", Unit.Milliseconds, numbers[1]);
            run.Add($"p99, {name}", Unit.Milliseconds, numbers[2]);
            var held = await database.ScalarAsync("select sum(quantity) from reservation");
            var reserved = await database.ScalarAsync("select sum(reserved) from stock");
            if (held != reserved || held != numbers[3])
                run.Judge([$"{numbers[3]} units were answered, {held} are held, {reserved} are reserved"]);
        }
    }

    private static async Task GrainAsync(string database, int open, TimeSpan duration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPostgresStorage(new StorageOptions
        {
            Kind = StorageKind.Postgres,
            ConnectionString = database,
        });
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort.Take(), FreePort.Take()));
        using var host = builder.Build();
        await host.StartAsync();
        var grain = host.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IInventoryGrain>(new StockKey("east", Sku).ToString());
        await grain.SetAsync(1_000_000_000, "bench");
        var placedAt = TimeProvider.System.GetUtcNow();
        await DriveAsync(open, duration, number => grain.ReserveAsync(new ReservationRequest(
            new OrderKey("acme", number.ToString(CultureInfo.InvariantCulture)), "1", 1, 0, placedAt, MayWait: false)));
        await host.StopAsync();
    }

    private static async Task RowAsync(string database, int open, TimeSpan duration)
    {
        await using var source = PeerDatabase.Open(database);
        await source.RunScriptAsync("rows.sql");
        await new OrderRows(source).SetStockAsync(Sku, 1_000_000_000);
        await DriveAsync(open, duration, async number =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var batch = connection.CreateBatch();
            OrderRows.AddLine(batch, number, 1, Sku, 1);
            await batch.ExecuteNonQueryAsync();
        });
    }

    /// <summary>Says: reservations a second, p50 and p99 in milliseconds, units in all.</summary>
    private static async Task DriveAsync(int open, TimeSpan duration, Func<long, Task> reserveAsync)
    {
        var last = 0L;
        var opened = await CallAsync(number => number <= open);
        var warm = await CallAsync(UntilIn(WarmUp));
        var startedAt = Stopwatch.GetTimestamp();
        var measured = await CallAsync(UntilIn(duration));
        var perSecond = measured.Count / Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        var (median, p99) = (measured.Quantile(0.5).TotalMilliseconds, measured.Quantile(0.99).TotalMilliseconds);
        var units = opened.Count + warm.Count + measured.Count;
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{perSecond} {median} {p99} {units}"));

        async Task<LatencyHistogram> CallAsync(Func<long, bool> goOn)
        {
            var all = new LatencyHistogram();
            var callers = Enumerable.Range(0, CallersAtOnce).Select(_ => Task.Run(async () =>
            {
                var latency = new LatencyHistogram();
                while (Interlocked.Increment(ref last) is var number && goOn(number))
                {
                    var at = Stopwatch.GetTimestamp();
                    await reserveAsync(number);
                    latency.RecordTicks(Stopwatch.GetTimestamp() - at);
                }
                return latency;
            }));
            foreach (var each in await Task.WhenAll(callers)) all.Add(each);
            return all;
        }
    }

    private static Func<long, bool> UntilIn(TimeSpan duration)
    {
        var endAt = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return _ => Stopwatch.GetTimestamp() < endAt;
    }
}
