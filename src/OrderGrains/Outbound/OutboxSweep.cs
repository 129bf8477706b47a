namespace OrderGrains.Outbound;

/// <summary>Finds what lost nudges and dead processes left due, at start and every few seconds: an agent.</summary>
internal sealed partial class OutboxSweep(
    IOutbox outbox, IGrainFactory grains, TimeProvider time, ILogger<OutboxSweep> log) : Agent
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Periods after which a destination that has not moved is asked again, at the most.</summary>
    private const int PeriodsMax = 12;

    /// <summary>
    /// What was due first when a destination was last asked, and how many periods to wait now. A thousand that are down
    /// would otherwise be asked for nothing every time.
    /// </summary>
    private readonly Dictionary<string, Asked> _asked = new(StringComparer.Ordinal);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                // Side by side: one destination whose silo does not answer must not keep the others waiting.
                // Now, though nothing be due: a breaker may stand open whose owner died before it hastened what waits.
                var now = time.GetUtcNow();
                await Task.WhenAll((await outbox.ListDepthsAsync()).Where(IsNews).Select(depth =>
                    grains.Find<IRetryGrain>(depth.Destination).ScheduleAsync(now)));
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                SweepFailed(exception.GetType().Name, exception is StorageException ? exception.Message : "");
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private bool IsNews(DestinationDepth depth)
    {
        if (_asked.GetValueOrDefault(depth.Destination) is { } before && before.NextDueAt == depth.NextDueAt)
        {
            if (--before.PeriodsLeft > 0)
                return false;
            before.PeriodsLeft = before.Wait = Math.Min(before.Wait * 2, PeriodsMax);
            return true;
        }

        _asked[depth.Destination] = new Asked(depth.NextDueAt);
        return true;
    }

    private sealed class Asked(DateTimeOffset nextDueAt)
    {
        public DateTimeOffset NextDueAt => nextDueAt;

        public int Wait { get; set; } = 1;

        public int PeriodsLeft { get; set; } = 1;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The sweep for due messages failed with {Exception}; the next one tries again. {Words}",
        EventName = "outbox.sweep_failed")]
    private partial void SweepFailed(string exception, string words);
}
