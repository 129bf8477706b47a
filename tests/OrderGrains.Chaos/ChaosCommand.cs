using System.Globalization;
using System.Runtime.InteropServices;
using OrderGrains.Chaos.Faults;

namespace OrderGrains.Chaos;

/// <summary>A chaos run from the command line.</summary>
internal static class ChaosCommand
{
    /// <summary>The exit code of a run that somebody ended (128 and SIGINT).</summary>
    private const int Interrupted = 130;

    /// <summary>What may be said, with the rule of its value.</summary>
    private static readonly Word[] Words =
    [
        new("--seed", "N", "what is drawn: orders, what befalls them, faults; by chance when it is not given",
            (options, value) => Whole(value) is { } seed ? options with { Seed = seed } : null),
        new("--seconds", "N", "how long shops trade and things break, from 1; 30. Healing and the last parcels take "
            + "one or two minutes more", (options, value) =>
            Whole(value) is { } seconds and > 0 ? options with { Duration = TimeSpan.FromSeconds(seconds) } : null),
        new("--storage", "Sqlite|Postgres", "one process on SQLite, or three silos on a PostgreSQL of the run's own",
            (options, value) => value.ToLowerInvariant() switch
            {
                "sqlite" => options with { OnPostgres = false },
                "postgres" => options with { OnPostgres = true },
                _ => null,
            }),
        new("--rate", "N", "new orders a second, 1 to 1000; 8", (options, value) =>
            Whole(value) is { } rate and > 0 and <= 1000 ? options with { OrdersPerSecond = rate } : null),
        new("--quiet", "SECONDS", "how long it may take until all is done once all is healed, from 1; 120",
            (options, value) => Whole(value) is { } quiet and > 0
                ? options with { QuietMax = TimeSpan.FromSeconds(quiet) } : null),
        new("--schedule", "\"3s KillSilo 1; …\"", "the faults, as a report writes them, instead of those of the seed",
            (options, value) => FaultSchedule.TryParse(value) is { } schedule
                ? options with { Schedule = schedule } : null),
        new("--orders", "0,4,9", "the seed's orders that are placed, counted from 0; all",
            (options, value) => ReadOrders(value) is { } orders ? options with { Orders = orders } : null),
        new("--data", "DIR", "where all is kept; a temporary folder, which stays only when something is wrong",
            (options, value) => CanMake(value) ? options with { DataDirectory = Path.GetFullPath(value) } : null),
        new("--product", "DLL", "another build's OrderGrains.dll", (options, value) =>
            value.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && File.Exists(value)
                ? options with { Product = Path.GetFullPath(value) } : null),
        new("--planted", "NAME", "the mistake that a product built with -p:Planted=true is to make: the run fails "
            + "when it is not found", (options, value) => value.Length > 0 ? options with { Planted = value } : null),
        new("--split", "yes|no", "each silo is a cluster by itself: more is asked than was promised; no",
            (options, value) => YesNo(value) is { } isSplit ? options with { IsSplit = isSplit } : null),
        new("--shrink", "yes|no", "look for fewer faults and orders that still fail; no", (options, value) =>
            YesNo(value) is { } shrinks ? options with { Shrinks = shrinks } : null),
    ];

    public static string Usage { get; } = $"""
        dotnet run -c Release --project tests/OrderGrains.Chaos -- [what may be said, in any order]
        {string.Join('\n', Words.Select(word => $"  {$"{word.Name} {word.Value}",-30} {word.Rule}"))}
        On SQLite some faults need root; PostgreSQL's programs must be installed for three silos. Exit codes: 0 nothing
        is wrong, 1 something is, 2 not understood or not possible here, {Interrupted} ended from outside.
        With PostgreSQL and nginx installed, three silos that are killed, replaced one by one, or sell out:
            -- cluster [--orders 3000] [--seed N]    -- rollout [--rate 200] [--seed N]    -- sellout [--seed N]
        """;

    /// <returns>The exit code, as the usage has it.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h" or "help", ..])
        {
            System.Console.WriteLine(Usage);
            return 0;
        }

        var options = new ChaosOptions
        {
            Seed = Random.Shared.Next(1_000_000),
            Say = line => System.Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff}  {line}"),
        };
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var word = Words.FirstOrDefault(word => word.Name == args[i]);
            if (word?.Read(options, value) is not { } next)
            {
                return await RefuseAsync(word is null ? $"{args[i]} is not known.\n{Usage}"
                    : $"{word.Name} {value}: must be {word.Value}, {word.Rule}");
            }

            options = next;
        }

        if (options.OnPostgres && PostgresServer.FindPrograms() is null)
            return await RefuseAsync("--storage Postgres: the programs of a PostgreSQL server are not installed.");
        return await RunAsync(options);
    }

    private static async Task<int> RunAsync(ChaosOptions options)
    {
        using var stop = new CancellationTokenSource();
        System.Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        // Whoever ends a run that takes too long must not leave processes and mounts behind.
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        System.Console.WriteLine($"seed {options.Seed}");
        try
        {
            var report = await ChaosRun.RunAsync(options, stop.Token);
            System.Console.WriteLine(report);
            if (report.Violations.Count > 0 && options.Shrinks) await ShrinkAsync(report, stop.Token);
            if (options.Planted is null) return report.Violations.Count == 0 ? 0 : 1;
            System.Console.WriteLine(
                report.Violations.Count == 0 ? $"{options.Planted} was not found" : $"{options.Planted} was found");
            return report.Violations.Count == 0 ? 1 : 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            System.Console.WriteLine("ended from outside before anything was judged");
            return Interrupted;
        }
    }

    private static async Task<int> RefuseAsync(string why)
    {
        await System.Console.Error.WriteLineAsync(why);
        return 2;
    }

    private static async Task ShrinkAsync(ChaosReport failed, CancellationToken cancellation)
    {
        var shrinker = new Shrinker(ChaosRun.RunAsync, TimeProvider.System) { Say = failed.Options.Say };
        var smallest = await shrinker.ShrinkAsync(failed, cancellation);
        System.Console.WriteLine($"{shrinker.Describe(smallest)}:\n{smallest.Found()}\n  {smallest.Command}");
    }

    private static int? Whole(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool? YesNo(string value) => value switch { "yes" => true, "no" => false, _ => null };

    private static bool CanMake(string directory)
    {
        try
        {
            return directory.Length > 0 && Directory.CreateDirectory(directory).Exists;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static HashSet<int>? ReadOrders(string value)
    {
        var orders = value.Split(',').Select(Whole).ToList();
        return orders.Contains(null) ? null : [.. orders.OfType<int>()];
    }

    /// <summary>One thing that may be said.</summary>
    /// <param name="Value">Its form.</param>
    /// <param name="Rule">What it means, and its default last.</param>
    /// <param name="Read">Null when the value is not understood.</param>
    private sealed record Word(string Name, string Value, string Rule, Func<ChaosOptions, string, ChaosOptions?> Read);
}
