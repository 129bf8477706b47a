using System.Diagnostics;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <content>One attempt, of one message or of several that the destination takes in one call.</content>
internal sealed partial class DestinationGrain
{
    /// <summary>
    /// Calls that take several messages begin so far apart, and one at a time: what comes meanwhile gathers for the
    /// next, and nobody is told of one thing more often.
    /// </summary>
    private static readonly TimeSpan BatchEvery = TimeSpan.FromSeconds(1);

    private bool _batchIsOut;
    private DateTimeOffset _nextBatchAt;

    /// <summary>The next message whose attempt may begin; null: there is none.</summary>
    private OutboundMessage? Next(IDestination connector)
    {
        var mayBatch = !_batchIsOut && time.GetUtcNow() >= _nextBatchAt;
        return _queue.Peek(message => !_busyKeys.Contains(message.SequenceKey)
            && (mayBatch || BatchMax(connector, message) == 1));
    }

    private static int BatchMax(IDestination connector, OutboundMessage message) =>
        connector is IBatchDestination batches ? batches.BatchMax(message.Kind) : 1;

    /// <summary>The message, and others of its kind that go with it in one call.</summary>
    private List<OutboundMessage> TakeWithThoseLikeIt(OutboundMessage first, IDestination connector)
    {
        var taken = new List<OutboundMessage>();
        var countMax = IsOpen ? 1 : BatchMax(connector, first);
        for (var next = first; next is not null;
            next = taken.Count == countMax ? null
                : _queue.Peek(m => m.Kind == first.Kind && !_busyKeys.Contains(m.SequenceKey)))
        {
            taken.Add(next);
            _busyKeys.Add(next.SequenceKey);
            _queue.Take(next);
        }

        return taken;
    }

    /// <summary>What waits for the next batch alone is looked at when that may begin.</summary>
    private void PaceBatch(IDestination connector)
    {
        if (!_batchIsOut && connector is IBatchDestination && _queue.Has(m => BatchMax(connector, m) > 1)
            && time.GetUtcNow() < _nextBatchAt)
            Pace(_nextBatchAt);
    }

    /// <summary>Ends when the result of each is durable.</summary>
    private async Task SendAsync(List<OutboundMessage> messages, IDestination destination)
    {
        var probe = IsOpen;
        var isBatch = BatchMax(destination, messages[0]) > 1;
        if (probe)
            _probed.UnionWith(messages.Select(message => message.Id));
        if (isBatch)
            (_batchIsOut, _nextBatchAt) = (true, time.GetUtcNow() + BatchEvery);
        _calls++;
        await Task.Yield();
        using var activity = OutboundMetrics.Activities.StartActivity(
            $"{messages[0].Kind} {_name}", ActivityKind.Internal, messages[0].TraceParent);
        var call = CallAsync(messages, destination, probe);
        var wakes = Task.WhenAll(messages.Select(message => FinishAsync(message, call, probe)));
        try
        {
            await wakes;
        }
        finally
        {
            _calls--;
            _batchIsOut &= !isBatch;
            // What took the place of one of these is due since that was, and no nudge means it.
            _more |= isBatch;
        }

        // Not before: a look that found them under way would leave them.
        foreach (var at in (await wakes).OfType<DateTimeOffset>().Distinct())
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
    /// The result of each message by its id. Of several, one that cannot say what it says is left out and fails alone.
    /// </summary>
    private async Task<IReadOnlyDictionary<Guid, SendResult>> CallAsync(
        List<OutboundMessage> messages, IDestination destination, bool probe)
    {
        var startedAt = time.GetTimestamp();
        if (messages is not [var only])
            return await CallAsync(messages, (IBatchDestination)destination, probe, startedAt);
        var result = await destination.SendAsync(DeliveryOf(only, () => ContentOfAsync(only)), default);
        return Judged([only], [result], probe, startedAt);
    }

    private async Task<IReadOnlyDictionary<Guid, SendResult>> CallAsync(
        List<OutboundMessage> messages, IBatchDestination destination, bool probe, long startedAt)
    {
        var contents = messages.ToDictionary(message => message.Id, ContentOfAsync);
        await Task.WhenAll(contents.Values).ContinueWith(_ => { }, TaskScheduler.Current);
        var sound = messages.FindAll(message => contents[message.Id].IsCompletedSuccessfully);
        if (sound.Count == 0)
            throw contents[messages[0].Id].Exception!.InnerException!;
        var results = await destination.SendAsync(
            sound.ConvertAll(message => DeliveryOf(message, OnceThenAnew(message, contents[message.Id]))), default);
        return Judged(sound, results, probe, startedAt);
    }

    /// <summary>What was made already; whoever asks once more, since time has passed, has it made anew.</summary>
    private Func<Task<MessageContent?>> OnceThenAnew(OutboundMessage message, Task<MessageContent?> made)
    {
        var isGiven = false;
        return () =>
        {
            var content = isGiven ? ContentOfAsync(message) : made;
            isGiven = true;
            return content;
        };
    }

    private Delivery DeliveryOf(OutboundMessage message, Func<Task<MessageContent?>> content) =>
        new(message, MaybeSent(message), content) { NextCall = NextCallAsync };

    private Dictionary<Guid, SendResult> Judged(
        List<OutboundMessage> messages, IReadOnlyList<SendResult> results, bool probe, long startedAt)
    {
        var elapsed = time.GetElapsedTime(startedAt);
        for (var at = 0; at < messages.Count; at++)
            metrics.Called(_name, messages[at].Kind, results[at], elapsed);
        Judge(messages, results, probe, time.GetUtcNow());
        return messages.Select((message, at) => (message.Id, Result: results[at]))
            .ToDictionary(one => one.Id, one => one.Result);
    }

    /// <summary>Writes down what came of one message; when the next attempt is due, null when none follows.</summary>
    private async Task<DateTimeOffset?> FinishAsync(
        OutboundMessage message, Task<IReadOnlyDictionary<Guid, SendResult>> call, bool probe)
    {
        try
        {
            if (!(await call).TryGetValue(message.Id, out var result))
                throw new InvalidOperationException("What it says could not be had.");
            var next = await RecordAsync(message, result, probe);
            _unrecordedTimes.Remove(message.Id);
            return next;
        }
        catch (Exception exception)
        {
            // Nothing is recorded, so the message is still due; it will be looked up before it is sent again.
            _unrecorded.Add(message.Id);
            var times = _unrecordedTimes[message.Id] = _unrecordedTimes.GetValueOrDefault(message.Id) + 1;
            Unrecorded(_name, message.Subject.Key, message.Id, exception.GetType().Name,
                exception is StorageException or SourceUnknownException ? exception.Message : "");
            var again = time.GetUtcNow() + RetrySchedule.Delay(Unrecordable, times, null, chance.NextDouble());
            if (probe)
                Block(time.GetUtcNow(), again);
            return again;
        }
        finally
        {
            _inFlight.Remove(message.Id);
            _ended.Add(message.Id);
            _busyKeys.Remove(message.SequenceKey);
        }
    }

    /// <summary>
    /// A message from before this activation, one that was tried, or one whose answer is not recorded may have reached
    /// the destination already. No clock is asked: those of two machines differ.
    /// </summary>
    private bool MaybeSent(OutboundMessage message) =>
        message.Tried || message.Written <= _mark || _unrecorded.Contains(message.Id);
}
