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
    private readonly HashSet<Guid> ended = [];

    /// <summary>Sources with news that was not read, and since when.</summary>
    private readonly Dictionary<string, DateTimeOffset> unread = new(StringComparer.Ordinal);

    /// <summary>The outbox may have more than was read of it.</summary>
    private bool more;

    /// <summary>When the outbox was last read whole, to its end.</summary>
    private DateTimeOffset wholeLookAt;
    private bool pumping;

    /// <summary>What the nudges mean that came since the outbox was last asked, by source.</summary>
    private Dictionary<string, (DateTimeOffset First, DateTimeOffset Last)> nudged = new(StringComparer.Ordinal);

    public async Task NudgeAsync(DateTimeOffset since = default, string source = "")
    {
        var (first, last) = nudged.GetValueOrDefault(source, (since, since));
        nudged[source] = (since < first ? since : first, since > last ? since : last);
        if (pumping || leaving)
            return;
        pumping = true;
        try
        {
            while (nudged.Count > 0 && !leaving)
            {
                var meant = nudged;
                nudged = new(StringComparer.Ordinal);
                await SettleStateAsync();
                // What was read goes out later, and is read again then.
                if (state.State.Pause is not null)
                {
                    queue.Clear();
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
            pumping = false;
        }
    }

    /// <summary>A nudge without a time means all, which the backlog's own reading comes to.</summary>
    private void NoteUnread(string source, DateTimeOffset since)
    {
        if (since != default && !(unread.TryGetValue(source, out var before) && before <= since))
            unread[source] = since;
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
        ended.Clear();
        if (queue.BacklogCount < QueueMax / 2)
        {
            var known = queue.Count + inFlight.Count;
            var whole = more || first == default || now - wholeLookAt >= WholeLookEvery;
            var due = await outbox.DueAsync(name, until, known + QueueMax, whole ? default : first);
            more = due.Count == known + QueueMax;
            Add(due, isFresh: !whole);
            if (whole && !more)
                wholeLookAt = now;
            if (!more)
                unread.Clear();
        }
        else
        {
            more = true;
        }

        foreach (var (source, since) in unread.ToArray())
            await FillFreshAsync(source, since, until);
    }

    /// <summary>Reads a source's news past the backlog, as far as there is room for it.</summary>
    private async Task FillFreshAsync(string source, DateTimeOffset since, DateTimeOffset until)
    {
        if (queue.FreshCountOf(source) >= FreshMax)
            return;
        var countMax = inFlight.Count + FreshMax;
        var due = await outbox.DueAsync(name, until, countMax, since, source);
        Add(due, isFresh: true);
        if (due.Count < countMax)
            unread.Remove(source);
        else
            unread[source] = due[^1].NextAttemptAt;
    }

    private void Add(IReadOnlyList<OutboundMessage> due, bool isFresh)
    {
        // It opened meanwhile, and whatever opened it nudges.
        if (IsOpen)
            return;
        foreach (var message in due)
        {
            // A call that ended while the outbox was read stands there as if it had not.
            if (!inFlight.ContainsKey(message.Id) && !ended.Contains(message.Id))
                queue.Add(message, isFresh);
        }
    }
}
