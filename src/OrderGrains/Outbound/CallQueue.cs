using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>
/// Messages on their way from the outbox to their calls. What is new goes before what has waited, three of four times:
/// a backlog must not keep today's orders waiting, nor they the backlog. Within each the sources take turns, so that a
/// flood of one does not stand before the others. For one thread at a time.
/// </summary>
internal sealed class CallQueue
{
    private const int Turns = 4;

    private readonly List<OutboundMessage> fresh = [];
    private readonly List<OutboundMessage> backlog = [];
    private readonly HashSet<Guid> known = [];
    private readonly Dictionary<string, long> servedAt = new(StringComparer.Ordinal);
    private long turn;

    public int Count => known.Count;

    public int FreshCount => fresh.Count;

    public int BacklogCount => backlog.Count;

    public int FreshCountOf(string source) => fresh.Count(message => message.Subject.Source == source);

    /// <summary>False when it is in already.</summary>
    public bool Add(OutboundMessage message, bool isFresh)
    {
        if (!known.Add(message.Id))
            return false;
        (isFresh ? fresh : backlog).Add(message);
        return true;
    }

    /// <summary>The next whose sequence key is not busy; it stays until it is taken. Null: there is none.</summary>
    public OutboundMessage? Peek(IReadOnlySet<string> busyKeys)
    {
        var (first, other) = turn % Turns == Turns - 1 ? (backlog, fresh) : (fresh, backlog);
        return Pick(first, busyKeys) ?? Pick(other, busyKeys);
    }

    public void Take(OutboundMessage message)
    {
        known.Remove(message.Id);
        if (!fresh.Remove(message))
            backlog.Remove(message);
        servedAt[message.Subject.Source] = ++turn;
    }

    public void Clear()
    {
        fresh.Clear();
        backlog.Clear();
        known.Clear();
    }

    /// <summary>Of each source the first that may go; of those, the one whose source has waited longest.</summary>
    private OutboundMessage? Pick(List<OutboundMessage> lane, IReadOnlySet<string> busyKeys)
    {
        OutboundMessage? best = null;
        var bestServed = long.MaxValue;
        foreach (var message in lane)
        {
            var served = servedAt.GetValueOrDefault(message.Subject.Source);
            if (served < bestServed && !busyKeys.Contains(message.SequenceKey))
                (best, bestServed) = (message, served);
        }

        return best;
    }
}
