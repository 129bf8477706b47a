using System.Runtime.InteropServices;
using OrderGrains.Bench;
using OrderGrains.Bench.Peers;
using OrderGrains.Bench.Scenarios;
using OrderGrains.Bench.Subjects;
using OrderGrains.Bench.Warehouse;

if (args is [RoleProcess.Role, var role, ..])
{
    return role switch
    {
        WarehouseProcess.RoleName => await WarehouseRole.RunAsync(),
        PeerRole.RoleName => await PeerRole.RunAsync(args[2..]),
        Reserve.RoleName => await Reserve.RunAsync(args[2..]),
        _ => 2,
    };
}

if (BenchOptions.TryParse(args, out var fault) is not { } options)
{
    Console.Error.WriteLine($"{fault}\n{BenchOptions.Usage}");
    return 2;
}
if (BenchRun.Unknown(options).ToList() is { Count: > 0 } unknown)
{
    Console.Error.WriteLine($"Not known: {string.Join(", ", unknown)}\n{BenchOptions.Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await BenchRun.RunAsync(options, TimeProvider.System, stop.Token) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 1;
}
