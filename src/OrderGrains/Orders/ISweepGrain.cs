namespace OrderGrains.Orders;

/// <summary>Looks for what nudges and crashes left behind; one for the cluster, with key 0.</summary>
[Alias("OrderGrains.ISweepGrain")]
public interface ISweepGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Sweeps for what is due. Every silo asks, so most calls find that another came first and do nothing.
    /// </summary>
    [Alias("SweepAsync")]
    Task SweepAsync();
}
