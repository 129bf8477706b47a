using System.Diagnostics;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Orleans.Concurrency;

namespace OrderGrains.Outbound;

/// <inheritdoc cref="IDestinationGrain"/>
[Reentrant]
internal sealed partial class DestinationGrain(
    [PersistentState("destination")] IPersistentState<DestinationState> state,
    IOutbox outbox, Destinations destinations, RetryOptions retry, OutboundMetrics metrics, TimeProvider time,
    Random chance, ILogger<DestinationGrain> log) : Grain, IDestinationGrain
{
    /// <summary>Messages taken from the outbox ahead of their calls.</summary>
    private const int QueueMax = 128;

    /// <summary>
    /// How soon a message is looked at again whose answer could not be recorded; twice as long each time, up to a
    /// bound: its order may be of a source that is not configured any more.
    /// </summary>
    private static readonly RetryOptions Unrecordable =
        new() { DelayMin = TimeSpan.FromSeconds(2), DelayMax = TimeSpan.FromMinutes(1) };

    /// <summary>How often a look reads the outbox whole, where nudges are lost.</summary>
    private static readonly TimeSpan WholeLookEvery = TimeSpan.FromSeconds(5);

    private readonly List<OutboundMessage> queue = [];
    private readonly Dictionary<Guid, Task> inFlight = [];
    private readonly HashSet<string> busyReferences = new(StringComparer.Ordinal);

    /// <summary>Messages that may have reached the destination, while their rows do not say so.</summary>
    private readonly HashSet<Guid> unrecorded = [];

    /// <summary>How often in a row a message's answer could not be recorded, or its content not be had.</summary>
    private readonly Dictionary<Guid, int> unrecordedTimes = [];

    /// <summary>Messages whose calls ended since the outbox was last asked.</summary>
    private readonly HashSet<Guid> ended = [];
    private string name = "";
    private DateTimeOffset activatedAt;

    /// <summary>
    /// Until the outbox was read to its end once, what stands in it is from before this activation, though a silo whose
    /// clock is ahead may have made it later than now.
    /// </summary>
    private bool readWhole;

    /// <summary>The outbox may have more than was read of it.</summary>
    private bool more;

    /// <summary>When the outbox was last read whole, to its end.</summary>
    private DateTimeOffset wholeLookAt;
    private bool pumping;

    /// <summary>What the nudges mean that came since the outbox was last asked; null when none did.</summary>
    private (DateTimeOffset First, DateTimeOffset Last)? nudged;
    private bool leaving;
    private long second;
    private int callsThisSecond;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        name = this.GetPrimaryKeyString();
        activatedAt = time.GetUtcNow();
        failuresInARow = state.State.ProbesFailed;
        metrics.BreakerIs(name, IsOpen);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        leaving = true;
        metrics.BreakerIs(name, open: null);
        return Task.WhenAll(inFlight.Values).WaitAsync(cancellationToken);
    }

    public Task<DestinationStatus> GetStatusAsync() =>
        Task.FromResult(new DestinationStatus(
            inFlight.Count, failuresInARow, state.State.BlockedReason, IsOpen ? state.State.OpenSince : null,
            IsOpen ? state.State.BlockedUntil : null));

    public async Task NudgeAsync(DateTimeOffset since = default)
    {
        var (first, last) = nudged ?? (since, since);
        nudged = (since < first ? since : first, since > last ? since : last);
        if (pumping || leaving)
            return;
        pumping = true;
        try
        {
            while (nudged is { } meant && !leaving)
            {
                nudged = null;
                await SettleBreakerAsync();
                await FillAsync(meant.First, meant.Last);
                Start();
            }
        }
        finally
        {
            pumping = false;
        }
    }

    private async Task FillAsync(DateTimeOffset first, DateTimeOffset last)
    {
        if (IsOpen)
        {
            await FillProbeAsync();
            return;
        }

        var known = queue.Count + inFlight.Count;
        if (queue.Count >= QueueMax / 2)
        {
            more = true;
            return;
        }

        ended.Clear();
        var now = time.GetUtcNow();
        var whole = more || first == default || now - wholeLookAt >= WholeLookEvery;
        // What another silo's clock calls due is due.
        var due = await outbox.DueAsync(name, last > now ? last : now, known + QueueMax, whole ? default : first);
        // It opened meanwhile, and whatever opened it nudges.
        if (IsOpen)
            return;
        more = due.Count == known + QueueMax;
        foreach (var message in due)
        {
            // A call that ended while the outbox was read stands there as if it had not.
            if (inFlight.ContainsKey(message.Id) || ended.Contains(message.Id) || queue.Any(q => q.Id == message.Id))
                continue;
            queue.Add(message);
            if (!readWhole && message.CreatedAt > activatedAt)
                unrecorded.Add(message.Id);
        }

        if (whole && !more)
            (wholeLookAt, readWhole) = (now, true);
    }

    /// <summary>Begins as many calls as the destination may have, one at a time for each reference.</summary>
    private void Start()
    {
        if (destinations.Find(name) is not { } destination)
        {
            UnknownDestination(name, queue.Count);
            queue.Clear();
            // Another silo may know it, as while a new configuration comes to one after the other.
            DeactivateOnIdle();
            return;
        }

        var callsMax = IsOpen ? 1 : destination.Limits.CallsAtOnceMax;
        for (var i = 0; i < queue.Count && inFlight.Count < callsMax;)
        {
            var message = queue[i];
            if (!busyReferences.Add(message.Reference))
            {
                i++;
                continue;
            }

            if (!TryTakeCall(destination.Limits.CallsPerSecondMax, time.GetUtcNow()))
            {
                busyReferences.Remove(message.Reference);
                Wake(DateTimeOffset.FromUnixTimeSeconds(second + 1));
                return;
            }

            queue.RemoveAt(i);
            inFlight[message.Id] = Task.CompletedTask;
            inFlight[message.Id] = SendAsync(message, destination.Connector);
        }
    }

    private bool TryTakeCall(int callsPerSecondMax, DateTimeOffset now)
    {
        if (now.ToUnixTimeSeconds() != second)
            (second, callsThisSecond) = (now.ToUnixTimeSeconds(), 0);
        return ++callsThisSecond <= callsPerSecondMax;
    }

    private void Wake(DateTimeOffset at) => GrainFactory.Find<IRetryGrain>(name).ScheduleAsync(at).Ignore();

    /// <summary>One message, one attempt; ends when its result is durable.</summary>
    private async Task SendAsync(OutboundMessage message, IDestination destination)
    {
        var probe = IsOpen;
        if (probe)
            probed.Add(message.Id);
        await Task.Yield();
        using var activity = OutboundMetrics.Activities.StartActivity(
            $"{message.Kind} {name}", ActivityKind.Internal, message.TraceParent);
        var startedAt = time.GetTimestamp();
        DateTimeOffset? again;
        try
        {
            var result = await destination.SendAsync(
                new Delivery(message, MaybeSent(message), () => ContentOfAsync(message)), default);
            metrics.Called(name, message.Kind, result, time.GetElapsedTime(startedAt));
            again = await RecordAsync(message, result, probe);
            unrecordedTimes.Remove(message.Id);
        }
        catch (Exception exception)
        {
            // Nothing is recorded, so the message is still due; it will be looked up before it is sent again.
            unrecorded.Add(message.Id);
            var times = unrecordedTimes[message.Id] = unrecordedTimes.GetValueOrDefault(message.Id) + 1;
            Unrecorded(name, message.OrderKey.ToString(), message.Id, exception.GetType().Name,
                exception is StorageException or SourceUnknownException ? exception.Message : "");
            again = time.GetUtcNow() + RetrySchedule.Delay(Unrecordable, times, null, chance.NextDouble());
            if (probe)
                state.State.BlockedUntil = again.Value;
        }
        finally
        {
            inFlight.Remove(message.Id);
            ended.Add(message.Id);
            busyReferences.Remove(message.Reference);
        }

        // Not before: a look that found it under way would leave it.
        if (again is { } at)
            Wake(at);

        // The pump alone writes what becomes of a breaker. It is called from outside, so that it fails by itself.
        if ((IsOpen || unsaved) && !leaving)
            this.AsReference<IDestinationGrain>().NudgeAsync().Ignore();
        // What was read is sent first. Then the outbox is asked again if it had more; whatever came since brings a
        // nudge.
        else if (queue.Count > 0 && !leaving)
            Start();
        else if (more)
            await NudgeAsync();
    }

    /// <summary>
    /// A message from before this activation, one that failed (if it was resumed, it is due later than it was made), or
    /// one whose answer is not recorded may have reached the destination already.
    /// </summary>
    private bool MaybeSent(OutboundMessage message) => message.Attempts > 0 || message.CreatedAt < activatedAt
        || message.NextAttemptAt > message.CreatedAt || unrecorded.Contains(message.Id);

    private Task<MessageContent?> ContentOfAsync(OutboundMessage message) =>
        GrainFactory.Find<IAnswerReceiver>(message.OrderKey.ToString()).GetContentAsync(message.Id);
}
