using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.NETCore.Client;
using OrderGrains.Bench.Load;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;
using OrderGrains.Sandbox;

namespace OrderGrains.Bench.Scenarios;

/// <summary>What a process costs before, after and beside the load: its start, its backlog, its memory.</summary>
internal static partial class Starts
{
    private const int BacklogReceipts = 100_000;
    private const int QuickBacklogReceipts = 5_000;
    private const int ActiveOrders = 20_000;
    private const int QuickActiveOrders = 5_000;

    /// <summary>The runtime's event source, with the keyword that has it collect all garbage at once.</summary>
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const long CollectKeyword = 0x800000;

    public static Scenario Cold { get; } = new(
        "start", "From the start of the process until it is ready",
        [Subject.Ours, Subject.Sqlite, Subject.Floor, Subject.Rows, Subject.Hangfire, Subject.Rebus, Subject.AdoNet],
        [], ColdAsync);

    /// <summary>Who keeps a backlog in the database. <c>adonet</c> begins with the webhook, and has none.</summary>
    public static Scenario Backlog { get; } = new(
        "backlog", "A backlog of webhooks drained, from the start of the process",
        [Subject.Ours, Subject.Rows, Subject.Hangfire, Subject.Rebus], [], BacklogAsync);

    public static Scenario Memory { get; } = new(
        "memory", "Memory of orders that are active", [Subject.Unpaid], [Subject.Unpaid], MemoryAsync);

    private static async Task ColdAsync(Run run)
    {
        await using var world = await World.OpenAsync(
            run.Server, run.Subject, OrderShape.Ordinary, run.Time, run.Cancellation);
        foreach (var name in (string[])["on an empty database", "the next time"])
        {
            var at = Stopwatch.GetTimestamp();
            await world.StartSubjectAsync(hold: false, run.Cancellation);
            run.Add(name, Unit.Seconds, Stopwatch.GetElapsedTime(at).TotalSeconds);
        }
    }

    private static async Task BacklogAsync(Run run)
    {
        await using var world = await run.StartAsync(OrderShape.Ordinary);
        await world.StartSubjectAsync(hold: true, run.Cancellation);
        var receipts = run.Options.Quick ? QuickBacklogReceipts : BacklogReceipts;
        world.Orders.Prepare(receipts);
        world.Note(await world.Load.ClosedAsync(
            World.ClosedConnections, run.Options.DrainMax, admit: null, run.Cancellation));
        await world.StopSubjectAsync();

        var before = await world.Warehouse.CountAsync(run.Cancellation);
        var at = Stopwatch.GetTimestamp();
        await world.StartSubjectAsync(hold: false, run.Cancellation);
        run.Add("from the start until it is ready", Unit.Seconds, Stopwatch.GetElapsedTime(at).TotalSeconds);
        await run.DrainAsync(world);
        var arrivals = await world.Warehouse.ArrivalsAsync(before, run.Cancellation);
        if (arrivals.Length > 1)
        {
            run.Add("receipts in the backlog", Unit.Count, arrivals.Length);
            run.Add("from the start to the first order", Unit.Seconds,
                Stopwatch.GetElapsedTime(at, arrivals[0].At).TotalSeconds);
            run.Add("from the first order to the last", Unit.Seconds,
                Stopwatch.GetElapsedTime(arrivals[0].At, arrivals[^1].At).TotalSeconds);
            run.Add("orders a second", Unit.PerSecond,
                arrivals.Length / Stopwatch.GetElapsedTime(arrivals[0].At, arrivals[^1].At).TotalSeconds);
            run.Add("memory of the subject, at its peak", Unit.Mebibytes,
                (await world.UsageAsync()).Subject.PeakBytes);
        }
        run.Judge(await WorldAuditor.AuditOrdersAsync(world, run.Options.DrainMax, null, run.Cancellation));
    }

    /// <summary>
    /// The heap that a full collection leaves, before and after so many orders came and stayed active, since they are
    /// not paid: their grains, and what stock grains hold for them.
    /// </summary>
    private static async Task MemoryAsync(Run run)
    {
        await using var world = await run.StartAsync(OrderShape.Unpaid);
        await run.ClosedAsync(world, TimeSpan.FromSeconds(2));
        await AppliedAsync(run, world);
        await HeapBytesAsync(run, world);
        var before = await HeapBytesAsync(run, world);
        var first = world.Orders.Next;
        var orders = run.Options.Quick ? QuickActiveOrders : ActiveOrders;
        while (world.Orders.Next - first < orders) await run.ClosedAsync(world, TimeSpan.FromSeconds(2));
        await AppliedAsync(run, world);
        var after = await HeapBytesAsync(run, world);
        run.Add("active orders", Unit.Count, world.Orders.Next - first);
        run.Add("memory for each", Unit.Bytes, (after - before) / (world.Orders.Next - first));
        run.Add("heap, with what was there before", Unit.Mebibytes, after);
        run.Judge(await WorldAuditor.AuditReceiptsAsync(world, run.Cancellation));
    }

    private static Task<bool> AppliedAsync(Run run, World world) => Until.TrueAsync(
        async token => (await world.Running.FindAuditAsync(token))?.Receipts.Pending == 0,
        run.Options.DrainMax, run.Time, run.Cancellation);

    private static async Task<double> HeapBytesAsync(Run run, World world)
    {
        var client = new DiagnosticsClient(world.Running.ProcessIds[0]);
        var provider = new EventPipeProvider(
            Runtime, System.Diagnostics.Tracing.EventLevel.Informational, CollectKeyword);
        using (var session = await client.StartEventPipeSessionAsync(
            provider, requestRundown: false, circularBufferMB: 16, run.Cancellation))
        {
            var events = session.EventStream.CopyToAsync(Stream.Null, run.Cancellation);
            await session.StopAsync(run.Cancellation);
            await events;
        }
        var metrics = await world.Running.MetricsAsync(run.Cancellation);
        return HeapLine().Matches(metrics).Sum(line =>
            double.Parse(line.Groups["bytes"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(
        @"^dotnet_gc_last_collection_heap_size_bytes\{[^}]*\} (?<bytes>[\d.eE+]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeapLine();
}
