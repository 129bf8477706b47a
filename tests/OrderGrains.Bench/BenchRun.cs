using System.Diagnostics;
using System.Runtime.InteropServices;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Scenarios;
using OrderGrains.Bench.Subjects;
using OrderGrains.Chaos;

namespace OrderGrains.Bench;

/// <summary>Asks every scenario of every subject, in turns (A B A B), and writes what was found.</summary>
internal static class BenchRun
{
    private static readonly IReadOnlyList<Scenario> Scenarios =
    [
        Acknowledgement.Scenario, WholePath.Orders, WholePath.Hot, WholePath.Load, Reserve.Scenario, Starts.Memory,
        Starts.Cold, Starts.Backlog, WholePath.Storage, WholePath.Silos, TwoShops.Sale, StockChanges.Storm,
        Flood.Scenario, Siege.Scenario, Growth.Scenario,
    ];

    public static IEnumerable<string> Unknown(BenchOptions options) =>
        options.Scenarios.Except(Scenarios.Select(scenario => scenario.Name), StringComparer.Ordinal)
            .Concat(options.Subjects.Except(
                Scenarios.SelectMany(scenario => scenario.Subjects).Select(subject => subject.Family),
                StringComparer.Ordinal));

    /// <summary>True when every run was audited clean.</summary>
    public static async Task<bool> RunAsync(BenchOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var report = new Report();
        await using var postgres = await PostgresServer.StartAsync();
        var server = postgres.ConnectionTo("postgres");
        var chosen = Scenarios.Where(scenario => IsChosen(scenario, options)).ToList();
        foreach (var scenario in chosen)
        {
            await RunAsync(scenario, options, server, report, time, cancellation);
            System.Console.WriteLine(report.Section(scenario.Name, scenario.Title));
        }
        var text = $"# Bench\n\n{await DescribeAsync(server, options, began)}\n\n"
            + string.Concat(chosen.Select(scenario => report.Section(scenario.Name, scenario.Title)))
            + string.Concat(report.Failures.Select(failure => $"FAILED: {failure}\n\n"));
        Write(options, report, text);
        foreach (var failure in report.Failures) System.Console.WriteLine($"FAILED: {failure}");
        return report.Failures.Count == 0;
    }

    private static bool IsChosen(Scenario scenario, BenchOptions options) => options.Scenarios.Count > 0
        ? options.Scenarios.Contains(scenario.Name, StringComparer.Ordinal)
        : !options.Quick || scenario.QuickSubjects.Count > 0 && scenario.Name != Growth.Scenario.Name;

    private static async Task RunAsync(
        Scenario scenario, BenchOptions options, string server, Report report, TimeProvider time,
        CancellationToken cancellation)
    {
        var subjects = (options.Quick && scenario.QuickSubjects.Count > 0 ? scenario.QuickSubjects : scenario.Subjects)
            .Where(subject => options.Subjects.Count == 0
                || options.Subjects.Contains(subject.Family, StringComparer.Ordinal)).ToList();
        var kept = new Dictionary<string, World>(StringComparer.Ordinal);
        try
        {
            for (var turn = 1; turn <= options.RunCount; turn++)
            {
                foreach (var subject in subjects.Where(each => !report.HasFailed(scenario.Name, each.Name)))
                {
                    var at = Stopwatch.GetTimestamp();
                    await TryAsync(
                        new Run(scenario, subject, options, server, report, time, cancellation) { Kept = kept });
                    await System.Console.Error.WriteLineAsync(
                        $"{scenario.Name} {turn}/{options.RunCount} {subject.Name}: "
                        + $"{Stopwatch.GetElapsedTime(at).TotalSeconds:0.0} s");
                }
            }
        }
        finally
        {
            foreach (var world in kept.Values) await world.DisposeAsync();
        }
    }

    /// <summary>A subject that breaks down has failed; the others go on.</summary>
    private static async Task TryAsync(Run run)
    {
        try
        {
            await run.Scenario.ActAsync(run);
        }
        catch (Exception broken) when (!run.Cancellation.IsCancellationRequested)
        {
            run.Judge([$"{broken.GetType().Name}: {broken.Message}"]);
            await System.Console.Error.WriteLineAsync(broken.ToString());
        }
    }

    private static async Task<string> DescribeAsync(string server, BenchOptions options, long began)
    {
        await using var database = await Database.CreateAsync(server, "version");
        var postgres = await database.TextAsync("select split_part(version(), ' ', 2)");
        return $"""
            {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB,
            {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, PostgreSQL {postgres} with
            fsync and synchronous commit. Load, subject, PostgreSQL and warehouse share the machine.
            {options.RunCount} runs of each subject, in turns; medians, with the least and the greatest in parentheses.
            {options.Measured.TotalSeconds:0} s measured after {options.WarmUp.TotalSeconds:0} s of warming up;
            {Stopwatch.GetElapsedTime(began).TotalMinutes:0.0} minutes in all.
            """;
    }

    private static void Write(BenchOptions options, Report report, string text)
    {
        var directory = Directory.CreateDirectory(options.Directory).FullName;
        File.WriteAllText(Path.Combine(directory, "report.md"), text);
        foreach (var (file, page) in report.Pages) File.WriteAllText(Path.Combine(directory, file), page);
        foreach (var (plot, title) in (ReadOnlySpan<(string, string)>)[
            (LatencyPlot.Acknowledgement, "Webhook to its 200: p99 (line) and median (dashed)"),
            (LatencyPlot.Order, "Webhook to order at the warehouse: p99 (line) and median (dashed)")])
        {
            if (LatencyPlot.Draw(title, report.Points.Where(point => point.Plot == plot)) is { } svg)
                File.WriteAllText(Path.Combine(directory, $"{plot}.svg"), svg);
        }
        System.Console.WriteLine($"Written to {directory}");
    }
}
