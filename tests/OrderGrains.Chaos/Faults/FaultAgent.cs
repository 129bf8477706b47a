namespace OrderGrains.Chaos.Faults;

/// <summary>Makes the faults of a schedule, and heals each.</summary>
internal sealed class FaultAgent(ChaosWorld world)
{
    /// <summary>Ends when the last fault is healed; each is noted in the ledger.</summary>
    public Task RunAsync(FaultSchedule schedule, DateTimeOffset began, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
