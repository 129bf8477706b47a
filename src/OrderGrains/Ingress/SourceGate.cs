using System.Collections.Concurrent;

namespace OrderGrains.Ingress;

/// <summary>
/// Keeps each source within the limits of its section: webhooks a second, and receipts without an outcome. An agent
/// that counts the latter, of the sources that have such a limit.
/// </summary>
internal sealed class SourceGate(Sources sources, IInbox inbox, TimeProvider time) : Agent
{
    private static readonly TimeSpan CountedEvery = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait for receipts to get their outcome.</summary>
    private static readonly TimeSpan PendingWait = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, TokenBucket> _rates = sources.All
        .Where(source => source.Limits.PerSecondMax is not null)
        .ToDictionary(
            source => source.Name,
            source => new TokenBucket(source.Limits.PerSecondMax!.Value, source.Limits.AtOnceMax, time),
            StringComparer.Ordinal);

    /// <summary>Receipts without an outcome, as last counted, and those that came since.</summary>
    private readonly ConcurrentDictionary<string, int> _pending = new(StringComparer.Ordinal);

    /// <summary>How long the source must wait to send another; null when it need not, and it has sent it.</summary>
    /// <param name="source">The source.</param>
    /// <param name="tooFast">It waits for its rate; otherwise for its receipts.</param>
    public TimeSpan? Enter(Source source, out bool tooFast)
    {
        tooFast = false;
        var pendingMax = source.Limits.PendingMax;
        if (_pending.GetValueOrDefault(source.Name) >= pendingMax)
            return PendingWait;
        if (_rates.TryGetValue(source.Name, out var rate) && !rate.TryTake())
        {
            tooFast = true;
            return rate.UntilOne;
        }

        if (pendingMax is not null)
            _pending.AddOrUpdate(source.Name, 1, static (_, count) => count + 1);
        return null;
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var bounded = sources.All.Where(source => source.Limits.PendingMax is not null)
            .Select(source => source.Name).ToArray();
        if (bounded.Length == 0)
            return;
        using var timer = new PeriodicTimer(CountedEvery, time);
        do
        {
            try
            {
                var pending = await inbox.CountPendingAsync(bounded);
                foreach (var source in bounded)
                    _pending[source] = pending.GetValueOrDefault(source);
            }
            catch (StorageException)
            {
                // It is counted next time. Without the database nothing is taken anyway.
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
