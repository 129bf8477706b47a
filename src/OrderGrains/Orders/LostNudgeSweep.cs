namespace OrderGrains.Orders;

/// <summary>
/// Has the cluster's one <see cref="ISweepGrain"/> look for what nudges and crashes left behind. An agent on every
/// silo: whichever is left keeps the sweeps going.
/// </summary>
internal sealed partial class LostNudgeSweep(
    IGrainFactory grains, TimeProvider time, ILogger<LostNudgeSweep> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepGrain.ReviewPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await grains.GetGrain<ISweepGrain>(0).SweepAsync();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
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
