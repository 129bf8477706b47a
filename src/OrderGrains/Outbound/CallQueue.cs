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

    private readonly List<OutboundMessage> _fresh = [];
    private readonly List<OutboundMessage> _backlog = [];
    private readonly HashSet<Guid> _known = [];
    private readonly Dictionary<string, long> _servedAt = new(StringComparer.Ordinal);
    private long _turn;

    public int Count => _known.Count;

    public int FreshCount => _fresh.Count;

    public int BacklogCount => _backlog.Count;

    public int FreshCountOf(string source) => _fresh.Count(message => message.Subject.Source == source);

    /// <summary>False when it is in already.</summary>
    public bool Add(OutboundMessage message, bool isFresh)
    {
        if (!_known.Add(message.Id))
            return false;
        (isFresh ? _fresh : _backlog).Add(message);
        return true;
    }

    /// <summary>The next that may go; it stays until it is taken. Null: there is none.</summary>
    public OutboundMessage? Peek(Func<OutboundMessage, bool> mayGo)
    {
        var (first, other) = _turn % Turns == Turns - 1 ? (_backlog, _fresh) : (_fresh, _backlog);
        return Pick(first, mayGo) ?? Pick(other, mayGo);
    }

    /// <summary>Whether any of a kind is in.</summary>
    public bool Has(Predicate<OutboundMessage> which) => _fresh.Exists(which) || _backlog.Exists(which);

    public void Take(OutboundMessage message)
    {
        _known.Remove(message.Id);
        if (!_fresh.Remove(message))
            _backlog.Remove(message);
        _servedAt[message.Subject.Source] = ++_turn;
    }

    public void Clear()
    {
        _fresh.Clear();
        _backlog.Clear();
        _known.Clear();
    }

    /// <summary>Of each source the first that may go; of those, the one whose source has waited longest.</summary>
    private OutboundMessage? Pick(List<OutboundMessage> lane, Func<OutboundMessage, bool> mayGo)
    {
        OutboundMessage? best = null;
        var bestServed = long.MaxValue;
        foreach (var message in lane)
        {
            var served = _servedAt.GetValueOrDefault(message.Subject.Source);
            if (served < bestServed && mayGo(message))
                (best, bestServed) = (message, served);
        }

        return best;
    }
}
