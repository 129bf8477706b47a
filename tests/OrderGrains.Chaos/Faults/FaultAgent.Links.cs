using OrderGrains.Chaos.Links;
using OrderGrains.Chaos.Trade;

namespace OrderGrains.Chaos.Faults;

/// <summary>What befalls the links between silos, and to shops and warehouses.</summary>
internal sealed partial class FaultAgent
{
    /// <summary>Of a hundred calls of a sick warehouse.</summary>
    private const int SickPercent = 60;

    private static readonly TimeSpan SiloDelay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ResetEvery = TimeSpan.FromMilliseconds(250);

    private Task MakeAtLinksAsync(FaultAct act, CancellationToken cancellation)
    {
        var links = world.Links;
        return act.Kind switch
        {
            FaultKind.CutDatabase => DuringAsync(links.Databases[act.Target].Cut(), act, cancellation),
            FaultKind.CutSilos => DuringAsync(links.Cut(act.Target, act.Other), act, cancellation),
            FaultKind.CutSilosOneWay => DuringAsync(links.CutOneWay(act.Target, act.Other), act, cancellation),
            FaultKind.SlowSilos => DuringAsync(links.Slow(act.Target, act.Other, SiloDelay), act, cancellation),
            FaultKind.IsolateSilo => DuringAsync(Isolate(act.Target), act, cancellation),
            FaultKind.SwallowAnswers => DuringAsync(links.Doors[act.Target].Back.Hold(), act, cancellation),
            FaultKind.ResetSenders => RepeatAsync(act, ResetEvery, () =>
            {
                links.Doors[act.Target].Reset();
                return Task.CompletedTask;
            }, cancellation),
            FaultKind.CutWarehouse => DuringAsync(links.Warehouses[act.Target].Cut(), act, cancellation),
            FaultKind.WarehouseAway => DuringAsync(links.WarehouseProxies[act.Target].Refuse(), act, cancellation),
            _ => DuringAsync(Sicken(act), act, cancellation),
        };
    }

    private IDisposable Isolate(int silo) => Undo.All(world.Silos.All.Where(other => other.At != silo)
        .Select(other => world.Links.Cut(silo, other.At)));

    private Undo Sicken(FaultAct act)
    {
        var warehouse = world.Warehouses[act.Target];
        var usual = warehouse.Faults.Rule;
        warehouse.Faults.Rule = Sickness.Rule(
            unchecked((world.Options.Seed * 31) + (int)act.At.TotalMilliseconds), SickPercent, warehouse.Habits,
            world.Options.RefusedPercent);
        return new Undo(() => warehouse.Faults.Rule = usual);
    }
}
