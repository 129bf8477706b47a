using System.Diagnostics;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Orleans.Concurrency;

namespace OrderGrains.Outbound;

/// <inheritdoc cref="IDestinationGrain"/>
[Reentrant]
internal sealed partial class DestinationGrain(
    [PersistentState("destination")] IPersistentState<DestinationState> state,
    IOutbox outbox, Destinations destinations, Subscriptions subscriptions, OperatorEvents events, RetryOptions all,
    OutboundMetrics metrics, TimeProvider time, Random chance, ILogger<DestinationGrain> log) : Grain, IDestinationGrain
{
    /// <summary>
    /// How soon a message is looked at again whose answer could not be recorded; twice as long each time, up to a
    /// bound: its order may be of a source that is not configured any more.
    /// </summary>
    private static readonly RetryOptions Unrecordable =
        new() { DelayMin = TimeSpan.FromSeconds(2), DelayMax = TimeSpan.FromMinutes(1) };

    private readonly CallQueue _queue = new();
    private readonly Dictionary<Guid, Task> _inFlight = [];
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
        while (state.State.Pause is null && _inFlight.Count < callsMax && _queue.Peek(_busyKeys) is { } message)
        {
            if (!_rate.TryTake(destination.Limits.CallsPerSecondMax, time.GetUtcNow(), out var nextAt))
            {
                Pace(nextAt);
                return;
            }

            _busyKeys.Add(message.SequenceKey);
            _queue.Take(message);
            _inFlight[message.Id] = Task.CompletedTask;
            _inFlight[message.Id] = SendAsync(message, destination.Connector);
        }
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

    /// <summary>One message, one attempt; ends when its result is durable.</summary>
    private async Task SendAsync(OutboundMessage message, IDestination destination)
    {
        var probe = IsOpen;
        if (probe)
            _probed.Add(message.Id);
        await Task.Yield();
        using var activity = OutboundMetrics.Activities.StartActivity(
            $"{message.Kind} {_name}", ActivityKind.Internal, message.TraceParent);
        var startedAt = time.GetTimestamp();
        DateTimeOffset? again;
        try
        {
            var result = await destination.SendAsync(
                new Delivery(message, MaybeSent(message), () => ContentOfAsync(message)) { NextCall = NextCallAsync },
                default);
            metrics.Called(_name, message.Kind, result, time.GetElapsedTime(startedAt));
            again = await RecordAsync(message, result, probe);
            _unrecordedTimes.Remove(message.Id);
        }
        catch (Exception exception)
        {
            // Nothing is recorded, so the message is still due; it will be looked up before it is sent again.
            _unrecorded.Add(message.Id);
            var times = _unrecordedTimes[message.Id] = _unrecordedTimes.GetValueOrDefault(message.Id) + 1;
            Unrecorded(_name, message.Subject.Key, message.Id, exception.GetType().Name,
                exception is StorageException or SourceUnknownException ? exception.Message : "");
            again = time.GetUtcNow() + RetrySchedule.Delay(Unrecordable, times, null, chance.NextDouble());
            if (probe)
                Block(time.GetUtcNow(), again.Value);
        }
        finally
        {
            _inFlight.Remove(message.Id);
            _ended.Add(message.Id);
            _busyKeys.Remove(message.SequenceKey);
        }

        // Not before: a look that found it under way would leave it.
        if (again is { } at)
            Wake(at);

        // The pump alone writes what becomes of a breaker. It is called from outside, so that it fails by itself.
        if ((IsOpen || _unsaved) && !_leaving)
            this.AsReference<IDestinationGrain>().NudgeAsync().Ignore();
        // What was read is sent first. Then the outbox is asked again if it had more; whatever came since brings a
        // nudge.
        else if (_queue.Count > 0 && (_queue.FreshCount > 0 || _unread.Count == 0) && !_leaving)
            Start();
        else if (_more)
            await NudgeAsync();
    }

    /// <summary>
    /// A message from before this activation, one that was tried, or one whose answer is not recorded may have reached
    /// the destination already. No clock is asked: those of two machines differ.
    /// </summary>
    private bool MaybeSent(OutboundMessage message) =>
        message.Tried || message.Written <= _mark || _unrecorded.Contains(message.Id);

    private async Task<MessageContent?> ContentOfAsync(OutboundMessage message)
    {
        var (subject, facts) = (message.Subject, message.Event);
        if (facts is null)
            return await GrainFactory.Find<IAnswerReceiver>(subject.Key).GetContentAsync(message.Id);
        // Who gets the goods is asked now: what was erased meanwhile is not told.
        var shipTo = subject.Kind == SubjectKind.Order
            ? await GrainFactory.Find<IAnswerReceiver>(subject.Key).GetShipToAsync() : null;
        return new EventContent
        {
            Type = facts.Type,
            At = message.CreatedAt,
            Subject = subject,
            // Whatever changes a subject that states its facts now writes another message, with a higher number.
            Sequence = facts.Data is null ? message.Written : message.Sequence,
            Data = facts.Data ?? await GrainFactory.Find<IContentSource>(subject.Key).GetFactsAsync(),
            ShipTo = subscriptions.Find(_name)?.Personal == PersonalData.Full ? shipTo : shipTo?.Masked(),
        };
    }
}
