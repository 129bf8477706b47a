namespace OrderGrains.Ingress;

/// <summary>
/// Has the cluster's one <see cref="ISilenceGrain"/> look: an agent on every silo, so that whichever is left goes on.
/// </summary>
internal sealed partial class SilenceWatch(
    Sources sources, IGrainFactory grains, TimeProvider time, ILogger<SilenceWatch> log) : Agent
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (sources.All.All(source => source.SilentAfter is null))
            return;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await grains.GetGrain<ISilenceGrain>(0).LookAsync();
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                NotLooked(exception.GetType().Name);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "It could not be found out which sources are silent ({Exception}); again soon",
        EventName = "source.not_looked")]
    private partial void NotLooked(string exception);
}
