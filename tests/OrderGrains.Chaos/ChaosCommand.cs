using System.Globalization;
using System.Runtime.InteropServices;
using OrderGrains.Chaos.Faults;

namespace OrderGrains.Chaos;

/// <summary>A chaos run from the command line.</summary>
internal static class ChaosCommand
{
    public const string Usage = """
        dotnet run -c Release --project tests/OrderGrains.Chaos -- [--seed N] [--seconds 30] [--storage Sqlite|Postgres]
            [--rate 8] [--quiet SECONDS] [--data DIR] [--schedule "…"] [--orders 1,5,9] [--shrink yes|no]
            [--split yes|no] [--product DLL] [--planted NAME]
        and with PostgreSQL and nginx installed, three silos that are killed, replaced one by one, or sell out:
            -- cluster [--orders 3000] [--seed N]    -- rollout [--rate 200] [--seed N]    -- sellout [--seed N]
        """;

    /// <returns>0: no promise was broken; 1: one was; 2: the words are not understood.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new ChaosOptions
        {
            Seed = Random.Shared.Next(1_000_000),
            Say = line => System.Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff}  {line}"),
        };
        var shrinks = false;
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            if (args[i] == "--shrink" && value is "yes" or "no")
            {
                shrinks = value == "yes";
                continue;
            }

            if (Read(options, args[i], value) is not { } next)
            {
                await System.Console.Error.WriteLineAsync($"Not understood: {args[i]} {value}\n{Usage}");
                return 2;
            }

            options = next;
        }

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
            if (report.Violations.Count > 0 && shrinks) await ShrinkAsync(report, stop.Token);
            return report.Violations.Count == 0 ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 1;
        }
    }

    private static async Task ShrinkAsync(ChaosReport failed, CancellationToken cancellation)
    {
        var shrinker = new Shrinker(ChaosRun.RunAsync, TimeProvider.System) { Say = failed.Options.Say };
        var smallest = await shrinker.ShrinkAsync(failed, cancellation);
        System.Console.WriteLine($"{shrinker.Describe(smallest)}:\n{smallest.Found()}\n  {smallest.Command}");
    }

    /// <summary>Null when the word or its value is not understood.</summary>
    private static ChaosOptions? Read(ChaosOptions options, string name, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return name switch
        {
            "--seed" when isNumber => options with { Seed = number },
            "--seconds" when isNumber && number > 0 => options with { Duration = TimeSpan.FromSeconds(number) },
            "--quiet" when isNumber && number > 0 => options with { QuietMax = TimeSpan.FromSeconds(number) },
            "--rate" when isNumber && number is > 0 and <= 1000 => options with { OrdersPerSecond = number },
            "--storage" when value is "Sqlite" or "Postgres" => options with { OnPostgres = value == "Postgres" },
            "--data" when value.Length > 0 => options with { DataDirectory = Path.GetFullPath(value) },
            "--schedule" when FaultSchedule.TryParse(value) is { } schedule => options with { Schedule = schedule },
            "--orders" when ReadOrders(value) is { } orders => options with { Orders = orders },
            "--split" when value is "yes" or "no" => options with { IsSplit = value == "yes" },
            "--product" when File.Exists(value) => options with { Product = Path.GetFullPath(value) },
            "--planted" when value.Length > 0 => options with { Planted = value },
            _ => null,
        };
    }

    private static HashSet<int>? ReadOrders(string value)
    {
        var orders = new HashSet<int>();
        foreach (var part in value.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var order)) return null;
            orders.Add(order);
        }

        return orders;
    }
}
