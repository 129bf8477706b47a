using Microsoft.Extensions.Options;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>Deletes what of the trail is old: an agent. Several processes may do it at the same time.</summary>
internal sealed partial class TrailAgent(
    ITrail trail, IOptions<ApiOptions> options, TimeProvider time, ILogger<TrailAgent> log) : Agent
{
    private const int PartMax = 1_000;
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await KeepAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task KeepAsync(CancellationToken stopping)
    {
        try
        {
            var before = time.GetUtcNow() - options.Value.TrailKept;
            while (!stopping.IsCancellationRequested && await trail.DeleteAsync(before, PartMax) == PartMax) { }
        }
        catch (StorageException exception)
        {
            NotDeleted(exception);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Old entries of the trail could not be deleted; again in a few hours",
        EventName = "trail.not_deleted")]
    private partial void NotDeleted(Exception exception);
}
