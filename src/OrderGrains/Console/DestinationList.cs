using OrderGrains.Outbound;

namespace OrderGrains.Console;

/// <summary>What a destination's breaker lets through.</summary>
internal enum BreakerState
{
    /// <summary>Calls go out.</summary>
    Closed,

    /// <summary>Calls fail of late, and each is tried again by itself.</summary>
    Failing,

    /// <summary>One call at a time goes out, to see whether the destination is back.</summary>
    Open,

    /// <summary>The destination's grain did not answer.</summary>
    Unknown,
}

/// <summary>One destination.</summary>
/// <param name="BlockedReason">Why the breaker is open.</param>
/// <param name="OpenSince">When it opened.</param>
/// <param name="NextProbeAt">When one call asks again.</param>
/// <param name="Due">Messages that wait.</param>
/// <param name="OldestDueAt">When the oldest of them was made.</param>
/// <param name="NextAttemptAt">When the next goes out.</param>
/// <param name="PausedBy">Whose key paused it; null when it is not paused.</param>
/// <param name="PausedReason">Why, in that person's words.</param>
/// <param name="PausedSince">When.</param>
/// <param name="IsSubscriber">It hears of events, and can be sent a test.</param>
/// <param name="HealedAt">When it last came back after an outage.</param>
/// <param name="GivenUp">Parked messages that were tried too often or too long.</param>
internal sealed record DestinationView(
    string Name, BreakerState Breaker, string? BlockedReason, int FailuresInARow, int InFlight, int? CallsAtOnceMax,
    int? CallsPerSecondMax, long Due, DateTimeOffset? OldestDueAt, DateTimeOffset? NextAttemptAt, int Parked,
    DateTimeOffset? OpenSince, DateTimeOffset? NextProbeAt, string? PausedBy = null, string? PausedReason = null,
    DateTimeOffset? PausedSince = null, bool IsSubscriber = false, DateTimeOffset? HealedAt = null, int GivenUp = 0);

/// <summary>Every destination that is configured or still has messages.</summary>
internal sealed class DestinationList(
    Destinations configured, Subscriptions subscriptions, IOutbox outbox, IGrainFactory grains, TimeProvider time,
    ILogger<DestinationList> log)
{
    /// <summary>A page must not wait for a silo that is gone.</summary>
    private static readonly TimeSpan StatusTimeMax = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyList<DestinationView>> ListAsync()
    {
        var depths = (await outbox.ListDepthsAsync()).ToDictionary(depth => depth.Destination, StringComparer.Ordinal);
        var parked = (await outbox.ListParkedGroupsAsync())
            .ToLookup(group => group.Destination, StringComparer.Ordinal);
        var names = configured.Names.Concat(depths.Keys).Concat(parked.Select(group => group.Key))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var statuses = await Task.WhenAll(names.Select(StatusAsync));
        return [.. names.Zip(statuses, (name, status) =>
        {
            var limits = configured.Find(name)?.Limits;
            var depth = depths.GetValueOrDefault(name);
            return new DestinationView(
                name, Breaker(status), status?.BlockedReason, status?.FailuresInARow ?? 0, status?.InFlight ?? 0,
                limits?.CallsAtOnceMax, limits?.CallsPerSecondMax, depth?.Due ?? 0, depth?.OldestCreatedAt,
                status?.NextProbeAt is { } probe && depth is not null ? probe : depth?.NextDueAt,
                parked[name].Sum(group => group.Count), status?.OpenSince, status?.NextProbeAt,
                status?.Pause?.By, status?.Pause?.Reason, status?.Pause?.Since, subscriptions.Find(name) is not null,
                status?.HealedAt, parked[name].Where(group => group.IsGivenUp).Sum(group => group.Count));
        })];
    }

    private async Task<DestinationStatus?> StatusAsync(string name)
    {
        try
        {
            return await grains.GetGrain<IDestinationGrain>(name).GetStatusAsync().WaitAsync(StatusTimeMax, time);
        }
        catch (Exception exception)
        {
            log.DestinationSilent(name, exception);
            return null;
        }
    }

    private static BreakerState Breaker(DestinationStatus? status) => status switch
    {
        null => BreakerState.Unknown,
        { BlockedReason: not null } => BreakerState.Open,
        { FailuresInARow: > 0 } => BreakerState.Failing,
        _ => BreakerState.Closed,
    };
}
