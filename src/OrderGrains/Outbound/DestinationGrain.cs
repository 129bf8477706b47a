using Orleans.Concurrency;

namespace OrderGrains.Outbound;

/// <inheritdoc cref="IDestinationGrain"/>
[Reentrant]
internal sealed partial class DestinationGrain(
    [PersistentState("destination")] IPersistentState<DestinationState> state,
    IOutbox outbox, Destinations destinations, Subscriptions subscriptions, Shops shops, OperatorEvents events,
    RetryOptions all, OutboundMetrics metrics, TimeProvider time, Random chance, ILogger<DestinationGrain> log)
    : Grain, IDestinationGrain
{
    /// <summary>
    /// How soon a message is looked at again whose answer could not be recorded; twice as long each time, up to a
    /// bound: its order may be of a source that is not configured any more.
    /// </summary>
    private static readonly RetryOptions Unrecordable =
        new() { DelayMin = TimeSpan.FromSeconds(2), DelayMax = TimeSpan.FromMinutes(1) };

    private readonly CallQueue _queue = new();
    private readonly Dictionary<Guid, Task> _inFlight = [];

    /// <summary>Attempts under way; one may have several messages.</summary>
    private int _calls;
    private readonly HashSet<string> _busyKeys = new(StringComparer.Ordinal);
    private readonly CallRate _rate = new();

    /// <summary>Messages that may have reached the destination, while their rows do not say so.</summary>
    private readonly HashSet<Guid> _unrecorded = [];

    /// <summary>How often in a row a message's answer could not be recorded, or its content not be had.</summary>
    private readonly Dictionary<Guid, int> _unrecordedTimes = [];

    private string _name = "";

    /// <summary>
    /// What was written into the outbox no later than this is from before this activation.
    /// </summary>
    private long _mark;

    private bool _leaving;

    /// <summary>Looks again when one more call may begin.</summary>
    private IGrainTimer? _pacer;

    private RetryOptions Retry => destinations.Find(_name)?.Retry ?? all;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = this.GetPrimaryKeyString();
        _failuresInARow = state.State.ProbesFailed;
        BoundBlock();
        metrics.BreakerIs(_name, IsOpen);
        _mark = await outbox.MarkAsync();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _leaving = true;
        metrics.BreakerIs(_name, open: null);
        return Task.WhenAll(_inFlight.Values).WaitAsync(cancellationToken);
    }

    public Task<DestinationStatus> GetStatusAsync() =>
        Task.FromResult(new DestinationStatus(
            _inFlight.Count, _failuresInARow, state.State.BlockedReason, IsOpen ? state.State.OpenSince : null,
            IsOpen ? state.State.BlockedUntil : null, state.State.Pause, state.State.HealedAt));

    /// <summary>Begins as many calls as the destination may have, one at a time for each sequence key.</summary>
    private void Start()
    {
        if (destinations.Find(_name) is not { } destination)
        {
            UnknownDestination(_name, _queue.Count);
            _queue.Clear();
            // Another silo may know it, as while a new configuration comes to one after the other.
            DeactivateOnIdle();
            return;
        }

        var callsMax = IsOpen ? 1 : destination.Limits.CallsAtOnceMax;
        var connector = destination.Connector;
        while (state.State.Pause is null && _calls < callsMax && Next(connector) is { } message)
        {
            if (!_rate.TryTake(destination.Limits.CallsPerSecondMax, time.GetUtcNow(), out var nextAt))
            {
                Pace(nextAt);
                return;
            }

            var together = TakeWithThoseLikeIt(message, connector);
            var sending = SendAsync(together, connector);
            foreach (var one in together)
                _inFlight[one.Id] = sending;
        }

        PaceBatch(connector);
    }

    /// <summary>One more call of an attempt that has begun: it waits for its place as any other.</summary>
    private async Task NextCallAsync()
    {
        while (destinations.Find(_name) is { } destination
            && !_rate.TryTake(destination.Limits.CallsPerSecondMax, time.GetUtcNow(), out var nextAt))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(
                Math.Max(1, Math.Ceiling((nextAt - time.GetUtcNow()).TotalMilliseconds))), time);
        }
    }

    private void Pace(DateTimeOffset nextAt)
    {
        var delay = nextAt - time.GetUtcNow();
        if (delay < TimeSpan.FromMilliseconds(1))
            delay = TimeSpan.FromMilliseconds(1);
        _pacer ??= this.RegisterGrainTimer(
            () =>
            {
                if (!_leaving)
                    Start();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(delay, Timeout.InfiniteTimeSpan) { Interleave = true });
        _pacer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Wake(DateTimeOffset at) => GrainFactory.Find<IRetryGrain>(_name).ScheduleAsync(at).Ignore();
}
