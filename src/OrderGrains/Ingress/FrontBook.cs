using System.Net;

namespace OrderGrains.Ingress;

/// <summary>
/// What this process saw of the sources since it last told: whoever sets one up sees why nothing comes. Rules are few,
/// since they never hold what was sent; beyond <see cref="RulesMax"/> the rest is counted as one.
/// </summary>
internal sealed class FrontBook(TimeProvider time)
{
    private const int RulesMax = 1_000;

    private readonly Lock _sync = new();
    private Tally _since = new();

    /// <summary>A webhook was let in.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="statedAt">What the sender's clock showed; null when it does not say.</param>
    public void Accepted(string source, DateTimeOffset? statedAt)
    {
        var now = time.GetUtcNow();
        lock (_sync)
            _since.Add(new SenderClock(source, true, statedAt - now, now));
    }

    /// <summary>A webhook was turned away.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="status">What it was answered.</param>
    /// <param name="rule">The rule that it broke.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="statedAt">What the sender's clock showed, where that was the reason.</param>
    public void TurnedAway(
        string source, int status, string rule, IPAddress? address, DateTimeOffset? statedAt = null)
    {
        var now = time.GetUtcNow();
        var one = new TurnedAway(source, status, rule, 1, now, address?.ToString() ?? "");
        lock (_sync)
        {
            _since.Add(_since.RuleCount < RulesMax ? one : one with { Rule = "others" });
            if (statedAt is { } stated)
                _since.Add(new SenderClock(source, false, stated - now, now));
        }
    }

    /// <summary>What came since the last time; whoever cannot pass it on gives it back.</summary>
    public FrontNews Take()
    {
        lock (_sync)
        {
            var taken = _since.Sum();
            _since = new Tally();
            return taken;
        }
    }

    public void GiveBack(FrontNews taken)
    {
        lock (_sync)
        {
            var newer = _since.Sum();
            _since = new Tally();
            _since.Add(taken);
            _since.Add(newer);
        }
    }

    /// <summary>Adds news up; the later counts as the latest.</summary>
    internal sealed class Tally
    {
        private readonly Dictionary<(string Source, string Rule), TurnedAway> _turnedAway = [];
        private readonly Dictionary<(string Source, bool Accepted), SenderClock> _clocks = [];

        public int RuleCount => _turnedAway.Count;

        public void Add(FrontNews news)
        {
            foreach (var one in news.TurnedAway)
                Add(one);
            foreach (var one in news.Clocks)
                Add(one);
        }

        public void Add(TurnedAway one) => _turnedAway[(one.Source, one.Rule)] =
            _turnedAway.TryGetValue((one.Source, one.Rule), out var before) ? before.And(one) : one;

        public void Add(SenderClock one) => _clocks[(one.Source, one.Accepted)] = one;

        public FrontNews Sum() => _turnedAway.Count + _clocks.Count == 0
            ? FrontNews.None : new FrontNews([.. _turnedAway.Values], [.. _clocks.Values]);
    }
}
