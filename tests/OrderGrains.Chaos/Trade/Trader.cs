namespace OrderGrains.Chaos.Trade;

/// <summary>What the shop and the warehouses do in a run, drawn from the seed.</summary>
internal sealed class Trader(ChaosWorld world)
{
    /// <summary>
    /// Trades for the run's duration, and ends when every webhook of shop and warehouses has its 200 and what is not
    /// left on the shelf has been shipped.
    /// </summary>
    public Task RunAsync(DateTimeOffset began, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>The warehouses pick and ship all that they still have; ends when they have said so.</summary>
    public Task ShipAllAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
