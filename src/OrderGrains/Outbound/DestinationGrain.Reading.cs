using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <content>
/// What is read of the outbox, and when. The oldest goes first, and behind a backlog the newest of each source beside
/// it: neither a backlog nor the flood of another source stands before today's orders.
/// </content>
internal sealed partial class DestinationGrain
{
    /// <summary>Messages taken from the outbox ahead of their calls.</summary>
    private const int QueueMax = 128;

    /// <summary>New ones of one source that are taken beside a backlog.</summary>
    private const int FreshMax = 16;

    /// <summary>How often a look reads the outbox whole, where nudges are lost.</summary>
    private static readonly TimeSpan WholeLookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Messages whose calls ended since the outbox was last asked.</summary>
    private readonly HashSet<Guid> _ended = [];

    /// <summary>Sources with news that was not read, and since when.</summary>
    private readonly Dictionary<string, DateTimeOffset> _unread = new(StringComparer.Ordinal);

    /// <summary>The outbox may have more than was read of it.</summary>
    private bool _more;

    /// <summary>When the outbox was last read whole, to its end.</summary>
    private DateTimeOffset _wholeLookAt;
    private bool _pumping;

    /// <summary>What the nudges mean that came since the outbox was last asked, by source.</summary>
    private Dictionary<string, (DateTimeOffset First, DateTimeOffset Last)> _nudged = new(StringComparer.Ordinal);

    public async Task NudgeAsync(DateTimeOffset since = default, string source = "")
    {
        var (first, last) = _nudged.GetValueOrDefault(source, (since, since));
        _nudged[source] = (since < first ? since : first, since > last ? since : last);
        if (_pumping || _leaving)
            return;
        _pumping = true;
        try
        {
            while (_nudged.Count > 0 && !_leaving)
            {
                var meant = _nudged;
                _nudged = new(StringComparer.Ordinal);
                await SettleStateAsync();
                // What was read goes out later, and is read again then.
                if (state.State.Pause is not null)
                {
                    _queue.Clear();
                    continue;
                }

                foreach (var (from, times) in meant)
                    NoteUnread(from, times.First);
                await FillAsync(meant.Values.Min(times => times.First), meant.Values.Max(times => times.Last));
                Start();
            }
        }
        finally
        {
            _pumping = false;
        }
    }

    /// <summary>A nudge without a time means all, which the backlog's own reading comes to.</summary>
    private void NoteUnread(string source, DateTimeOffset since)
    {
        if (since != default && !(_unread.TryGetValue(source, out var before) && before <= since))
            _unread[source] = since;
    }

    private async Task FillAsync(DateTimeOffset first, DateTimeOffset last)
    {
        if (IsOpen)
        {
            await FillProbeAsync();
            return;
        }

        var now = time.GetUtcNow();
        // What another silo's clock calls due is due.
        var until = last > now ? last : now;
        _ended.Clear();
        if (_queue.BacklogCount < QueueMax / 2)
        {
            var known = _queue.Count + _inFlight.Count;
            var whole = _more || first == default || now - _wholeLookAt >= WholeLookEvery;
            var due = await outbox.DueAsync(_name, until, known + QueueMax, whole ? default : first);
            _more = due.Count == known + QueueMax;
            Add(due, isFresh: !whole);
            if (whole && !_more)
                _wholeLookAt = now;
            if (!_more)
                _unread.Clear();
        }
        else
        {
            _more = true;
        }

        foreach (var (source, since) in _unread.ToArray())
            await FillFreshAsync(source, since, until);
    }

    /// <summary>Reads a source's news past the backlog, as far as there is room for it.</summary>
    private async Task FillFreshAsync(string source, DateTimeOffset since, DateTimeOffset until)
    {
        if (_queue.FreshCountOf(source) >= FreshMax)
            return;
        var countMax = _inFlight.Count + FreshMax;
        var due = await outbox.DueAsync(_name, until, countMax, since, source);
        Add(due, isFresh: true);
        if (due.Count < countMax)
            _unread.Remove(source);
        else
            _unread[source] = due[^1].NextAttemptAt;
    }

    private void Add(IReadOnlyList<OutboundMessage> due, bool isFresh)
    {
        // It opened meanwhile, and whatever opened it nudges.
        if (IsOpen)
            return;
        foreach (var message in due)
        {
            // A call that ended while the outbox was read stands there as if it had not.
            if (!_inFlight.ContainsKey(message.Id) && !_ended.Contains(message.Id))
                _queue.Add(message, isFresh);
        }
    }
}
