namespace OrderGrains.Outbound;

/// <summary>Finds what lost nudges and dead processes left due, at start and every few seconds: an agent.</summary>
internal sealed partial class OutboxSweep(
    IOutbox outbox, IGrainFactory grains, TimeProvider time, ILogger<OutboxSweep> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                // Side by side: one destination whose silo does not answer must not keep the others waiting.
                // Now, though nothing be due: a breaker may stand open whose owner died before it hastened what waits.
                var now = time.GetUtcNow();
                await Task.WhenAll((await outbox.ListDepthsAsync()).Select(depth =>
                    grains.Find<IRetryGrain>(depth.Destination).ScheduleAsync(now)));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(exception.GetType().Name, exception is StorageException ? exception.Message : "");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The sweep for due messages failed with {Exception}; the next one tries again. {Words}",
        EventName = "outbox.sweep_failed")]
    private partial void SweepFailed(string exception, string words);
}
