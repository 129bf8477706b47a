using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Peers;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;
using OrderGrains.Chaos;
using OrderGrains.Inventory;
using OrderGrains.Storage;
using OrderGrains.Vocabulary;
using Subject = OrderGrains.Bench.Subjects.Subject;

namespace OrderGrains.Bench.Scenarios;

/// <summary>
/// Reservations of one SKU and nothing else: the product's inventory grain beside the update that locks a row, with
/// few and with many reservations open. Each runs in a process of its own, and drives itself.
/// </summary>
internal static class Reserve
{
    public const string RoleName = "reserve";

    private const int CallersAtOnce = 64;
    private const int UnitsMax = 1_000_000;
    private const string Sku = "SKU-0000";

    /// <summary>Code is compiled and connections are open after it.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private static readonly int[] OpenReservations = [100, 100_000];
    private static readonly int[] QuickOpenReservations = [100];

    public static Scenario Scenario { get; } = new(
        "reserve", "Reservations of one SKU, each with the release of the oldest, 64 callers",
        [Subject.Ours, Subject.Rows], [Subject.Ours, Subject.Rows], ActAsync);

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
        foreach (var open in run.Options.Quick ? QuickOpenReservations : OpenReservations)
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
                run.Judge([$"{numbers[3]} units are open, {held} are held, {reserved} are reserved"]);
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
        builder.UseOrleans(silo => silo.UseLocalhostClustering(LoopbackPort.Free(), LoopbackPort.Free()));
        using var host = builder.Build();
        await host.StartAsync();
        var grain = host.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IInventoryGrain>(new StockKey("east", Sku).ToString());
        await grain.SetAsync(UnitsMax, "bench");
        var placedAt = TimeProvider.System.GetUtcNow();
        Task AskAsync(long number, int units) => grain.ReserveAsync(new ReservationRequest(
            new OrderKey("acme", number.ToString(CultureInfo.InvariantCulture)), "1", units, [], placedAt,
            MayWait: false));
        await DriveAsync(
            open, duration, number => AskAsync(number, 1), number => AskAsync(number, 1),
            number => AskAsync(number, 0));
        await host.StopAsync();
    }

    private static async Task RowAsync(string database, int open, TimeSpan duration)
    {
        await using var source = PeerDatabase.Open(database);
        await source.RunScriptAsync("rows.sql");
        var rows = new OrderRows(source);
        await rows.SetStockAsync(Sku, UnitsMax);
        await rows.OpenAsync(Sku, open);
        await DriveAsync(
            open, duration, _ => Task.CompletedTask, number => rows.ReserveLineAsync(number, Sku),
            number => rows.ReleaseLineAsync(number));
    }

    /// <summary>
    /// Opens reservations; then each caller makes one and gives the oldest back, so that as many stay open. Says:
    /// reservations a second, p50 and p99 of one in milliseconds, units reserved at the end.
    /// </summary>
    private static async Task DriveAsync(
        int open, TimeSpan duration, Func<long, Task> openAsync, Func<long, Task> reserveAsync,
        Func<long, Task> releaseAsync)
    {
        var last = 0L;
        var held = new ConcurrentQueue<long>();
        await CallAsync(number => number <= open, openAsync, null);
        await CallAsync(UntilIn(WarmUp), reserveAsync, releaseAsync);
        var startedAt = Stopwatch.GetTimestamp();
        var measured = await CallAsync(UntilIn(duration), reserveAsync, releaseAsync);
        var perSecond = measured.Count / Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        var (median, p99) = (measured.Quantile(0.5).TotalMilliseconds, measured.Quantile(0.99).TotalMilliseconds);
        System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{perSecond} {median} {p99} {held.Count}"));

        async Task<LatencyHistogram> CallAsync(
            Func<long, bool> goOn, Func<long, Task> takeAsync, Func<long, Task>? giveAsync)
        {
            var all = new LatencyHistogram();
            var callers = Enumerable.Range(0, CallersAtOnce).Select(_ => Task.Run(async () =>
            {
                var latency = new LatencyHistogram();
                while (Interlocked.Increment(ref last) is var number && goOn(number))
                {
                    var at = Stopwatch.GetTimestamp();
                    await takeAsync(number);
                    latency.RecordTicks(Stopwatch.GetTimestamp() - at);
                    held.Enqueue(number);
                    if (giveAsync is not null && held.TryDequeue(out var oldest)) await giveAsync(oldest);
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
