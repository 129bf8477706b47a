namespace OrderGrains.Outbound;

/// <summary>
/// How many calls may begin: in any second no more than a number, and in each tenth of it no more than a tenth, so that
/// they come evenly and not all at its beginning. For one thread at a time.
/// </summary>
internal sealed class CallRate
{
    private const int Parts = 10;

    private int _perSecond;
    private Window _second = new(1, TimeSpan.FromSeconds(1));
    private Window _part = new(1, TimeSpan.FromSeconds(1));

    /// <summary>Takes a call that begins now; otherwise says when the next may.</summary>
    /// <param name="perSecondMax">Calls in any second; it may be another than before.</param>
    /// <param name="now">The time.</param>
    /// <param name="nextAt">When a call may begin.</param>
    public bool TryTake(int perSecondMax, DateTimeOffset now, out DateTimeOffset nextAt)
    {
        if (perSecondMax != _perSecond)
        {
            _perSecond = perSecondMax;
            _second = new Window(perSecondMax, TimeSpan.FromSeconds(1));
            var few = Math.Max(1, perSecondMax / Parts);
            _part = new Window(few, TimeSpan.FromSeconds((double)few / perSecondMax));
        }

        var (first, other) = (_second.NextAt(now), _part.NextAt(now));
        nextAt = first > other ? first : other;
        if (nextAt > now)
            return false;
        _second.Take(now);
        _part.Take(now);
        return true;
    }

    /// <summary>The times of the latest calls, in a ring: another may begin when the oldest has left it.</summary>
    private sealed class Window(int count, TimeSpan span)
    {
        private readonly List<DateTimeOffset> _begun = [];
        private int _oldest;

        public DateTimeOffset NextAt(DateTimeOffset now)
        {
            if (_begun.Count < count)
                return now;
            // A clock that was set back must not stop all calls.
            var next = _begun[_oldest] + span;
            return next > now + span ? now : next;
        }

        public void Take(DateTimeOffset now)
        {
            if (_begun.Count < count)
            {
                _begun.Add(now);
                return;
            }

            _begun[_oldest] = now;
            _oldest = (_oldest + 1) % count;
        }
    }
}
