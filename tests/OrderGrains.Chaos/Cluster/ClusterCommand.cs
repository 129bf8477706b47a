using System.Globalization;

namespace OrderGrains.Chaos.Cluster;

/// <summary>The cluster's runs from the command line.</summary>
internal static class ClusterCommand
{
    /// <returns>0: no promise was broken; 1: one was; 2: the words are not understood.</returns>
    public static async Task<int> RunAsync(string[] args, string usage)
    {
        var (orders, rate, seed) = (3000, 200, 1);
        for (var i = 1; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length
                || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || args[i] is not ("--orders" or "--rate" or "--seed"))
            {
                await System.Console.Error.WriteLineAsync($"Not understood: {args[i]}\n{usage}");
                return 2;
            }

            (orders, rate, seed) = args[i] switch
            {
                "--orders" => (number, rate, seed),
                "--rate" => (orders, number, seed),
                _ => (orders, rate, number),
            };
        }

        using var stop = new CancellationTokenSource();
        System.Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        void Say(string line) => System.Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff}  {line}");
        try
        {
            var report = args[0] switch
            {
                "cluster" => await ClusterRun.KillAsync(orders, seed, Say, stop.Token),
                "rollout" => await ClusterRun.RollAsync(rate, seed, Say, stop.Token),
                _ => await ClusterRun.SellOutAsync(seed, Say, stop.Token),
            };
            System.Console.WriteLine(report);
            return report.Violations.Count == 0 ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 1;
        }
    }
}
