namespace OrderGrains.Orders;

/// <summary>
/// Has the cluster's one <see cref="ISweepGrain"/> look for what nudges and crashes left behind. An agent on every
/// silo: whichever is left keeps the sweeps going.
/// </summary>
internal sealed partial class LostNudgeSweep(
    IGrainFactory grains, TimeProvider time, ILogger<LostNudgeSweep> log) : Agent
{
    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SweepGrain.ReviewPeriod, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await grains.GetGrain<ISweepGrain>(0).SweepAsync();
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                SweepFailed(exception.GetType().Name, exception is StorageException ? exception.Message : "");
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The sweep for forgotten orders failed with {Exception}; the next one tries again. {Words}",
        EventName = "sweep.failed")]
    private partial void SweepFailed(string exception, string words);
}
