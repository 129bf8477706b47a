using OrderGrains.Chaos.Silos;

namespace OrderGrains.Chaos.Faults;

/// <summary>What befalls silos' processes.</summary>
internal sealed partial class FaultAgent
{
    private async Task MakeAtSilosAsync(FaultAct act, CancellationToken cancellation)
    {
        var silo = world.Silos[act.Target];
        switch (act.Kind)
        {
            case FaultKind.KillSilo:
                await silo.KillAsync();
                break;
            case FaultKind.KillAllSilos:
                await Task.WhenAll(world.Silos.Wanted.Select(each => each.KillAsync()));
                break;
            case FaultKind.PauseSilo:
                await silo.FreezeAsync();
                try
                {
                    await Task.Delay(act.For, Time, cancellation);
                }
                finally
                {
                    await silo.ThawAsync();
                }

                break;
            case FaultKind.RollSilo:
                await silo.RestartAsync();
                break;
            case FaultKind.JoinSilo:
                var newcomer = world.Silos[world.Options.Silos];
                newcomer.Start();
                await Task.Delay(act.For, Time, cancellation);
                await newcomer.StopAsync();
                break;
            default:
                var isEven = act.At.Ticks / TimeSpan.TicksPerMillisecond / 100 % 2 == 0;
                await silo.RestartAsync(isEven ? Clock.Ahead : Clock.Behind);
                await Task.Delay(act.For, Time, cancellation);
                await silo.RestartAsync();
                break;
        }
    }
}
