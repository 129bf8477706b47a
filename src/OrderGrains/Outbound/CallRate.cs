namespace OrderGrains.Outbound;

/// <summary>
/// How many calls may begin: in any second no more than a number, and in each tenth of it no more than a tenth, so that
/// they come evenly and not all at its beginning. For one thread at a time.
/// </summary>
internal sealed class CallRate
{
    private const int Parts = 10;

    private int perSecond;
    private Window second = new(1, TimeSpan.FromSeconds(1));
    private Window part = new(1, TimeSpan.FromSeconds(1));

    /// <summary>Takes a call that begins now; otherwise says when the next may.</summary>
    /// <param name="perSecondMax">Calls in any second; it may be another than before.</param>
    /// <param name="now">The time.</param>
    /// <param name="nextAt">When a call may begin.</param>
    public bool TryTake(int perSecondMax, DateTimeOffset now, out DateTimeOffset nextAt)
    {
        if (perSecondMax != perSecond)
        {
            perSecond = perSecondMax;
            second = new Window(perSecondMax, TimeSpan.FromSeconds(1));
            var few = Math.Max(1, perSecondMax / Parts);
            part = new Window(few, TimeSpan.FromSeconds((double)few / perSecondMax));
        }

        var (first, other) = (second.NextAt(now), part.NextAt(now));
        nextAt = first > other ? first : other;
        if (nextAt > now)
            return false;
        second.Take(now);
        part.Take(now);
        return true;
    }

    /// <summary>The times of the latest calls, in a ring: another may begin when the oldest has left it.</summary>
    private sealed class Window(int count, TimeSpan span)
    {
        private readonly List<DateTimeOffset> begun = [];
        private int oldest;

        public DateTimeOffset NextAt(DateTimeOffset now)
        {
            if (begun.Count < count)
                return now;
            // A clock that was set back must not stop all calls.
            var next = begun[oldest] + span;
            return next > now + span ? now : next;
        }

        public void Take(DateTimeOffset now)
        {
            if (begun.Count < count)
            {
                begun.Add(now);
                return;
            }

            begun[oldest] = now;
            oldest = (oldest + 1) % count;
        }
    }
}
