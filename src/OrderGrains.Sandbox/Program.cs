using System.Runtime.InteropServices;
using OrderGrains.Configuration;
using OrderGrains.Sandbox.Demo;

if (DemoOptions.TryParse(args, out var fault) is not { } options)
{
    Console.Error.WriteLine($"{fault}\n{DemoOptions.Usage}");
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
    var teller = new Teller(Console.Out, TimeProvider.System);
    return options.Product is { } product
        ? await new GuestRun(options, product, GuestSettings.Read(ConfigurationLayers.Read([])), teller,
            TimeProvider.System).RunAsync(stop.Token)
        : await new DemoRun(options, teller, TimeProvider.System).RunAsync(stop.Token);
}
catch (ConfigurationException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
