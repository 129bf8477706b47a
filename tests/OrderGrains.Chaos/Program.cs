using System.Globalization;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Cluster;

const string Usage = """
    dotnet run --project tests/OrderGrains.Chaos -- [--orders 500] [--kills 1] [--seed N]
        [--faults 6] [--deadline SECONDS] [--data DIR] [--storage Sqlite|Postgres]
    and with PostgreSQL and nginx installed, three silos that are killed, replaced one by one, or sell out:
        -- cluster [--orders 3000] [--seed N]    -- rollout [--rate 200] [--seed N]    -- sellout [--seed N]
    """;
if (args is ["cluster" or "rollout" or "sellout", ..]) return await ClusterCommand.RunAsync(args, Usage);
var options = new ChaosOptions
{
    Seed = Random.Shared.Next(1_000_000),
    Say = line => Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff}  {line}"),
};
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
    ChaosOptions? next = args[i] switch
    {
        "--orders" when isNumber && number > 0 => options with { Orders = number },
        "--kills" when isNumber => options with { Kills = number },
        "--seed" when isNumber => options with { Seed = number },
        "--faults" when isNumber && number <= 100 => options with { FaultPercent = number },
        "--deadline" when isNumber && number > 0 => options with { Deadline = TimeSpan.FromSeconds(number) },
        "--storage" when value is "Sqlite" or "Postgres" => options with { OnPostgres = value == "Postgres" },
        "--data" when value.Length > 0 => options with { DataDirectory = Path.GetFullPath(value) },
        _ => null,
    };
    if (next is null)
    {
        Console.Error.WriteLine($"Not understood: {args[i]} {value}\n{Usage}");
        return 2;
    }
    options = next;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
Console.WriteLine($"seed {options.Seed}: {options.Orders} orders, {options.Kills} kills");
try
{
    var report = await ChaosRun.RunAsync(options, stop.Token);
    Console.WriteLine(report);
    return report.Violations.Count == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 1;
}
