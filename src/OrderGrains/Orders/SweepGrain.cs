using OrderGrains.Inventory;

namespace OrderGrains.Orders;

/// <inheritdoc cref="ISweepGrain"/>
/// <remarks>Where a sweep stands is kept in memory: another activation begins anew.</remarks>
internal sealed partial class SweepGrain(
    IOrderStore orders, IStockStore stock, OrderPolicies policies, IGrainFactory grains, TimeProvider time,
    ILogger<SweepGrain> log) : Grain, ISweepGrain
{
    /// <summary>How often orders are looked for that were not told of their stock.</summary>
    internal static readonly TimeSpan NudgePeriod = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often reservations are looked at: often, and so a little at a time, or webhooks wait for the processor.
    /// </summary>
    internal static readonly TimeSpan ReviewPeriod = TimeSpan.FromSeconds(2);

    /// <summary>Timers do not tick to the millisecond.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(0.5);

    private readonly NudgeSweep _nudges = new(orders, policies, grains, time);
    private readonly ReservationSweep _reservations = new(orders, stock, grains, time);
    private DateTimeOffset? _nudgedAt;
    private DateTimeOffset? _reviewedAt;

    public Task SweepAsync()
    {
        // Each by itself: what fails must not take the others' turn.
        var sweeps = new List<Task>();
        if (Planted.Is(PlantedFault.LosesNudge))
            return Task.CompletedTask;
        if (IsDue(ref _nudgedAt, NudgePeriod))
            sweeps.AddRange([_nudges.SweepWaitingAsync(), _nudges.SweepExpiredAsync()]);
        if (IsDue(ref _reviewedAt, ReviewPeriod))
            sweeps.Add(ReviewAsync());
        return Task.WhenAll(sweeps);
    }

    private async Task ReviewAsync()
    {
        if (await _reservations.SweepAsync() is > 0 and var failed)
            ReviewsFailed(failed);
    }

    private bool IsDue(ref DateTimeOffset? last, TimeSpan period)
    {
        var now = time.GetUtcNow();
        if (now - last < period - Slack)
            return false;
        last = now;
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "{Orders} orders could not look after their reservations; they are asked again",
        EventName = "sweep.reviews_failed")]
    private partial void ReviewsFailed(int orders);
}
