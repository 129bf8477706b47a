namespace OrderGrains.Ingress;

/// <summary>
/// Something that sources share, such as places or bytes. A source takes no more than its weight times what is still
/// free: one that floods alone has half of it, and whoever comes besides finds room at once. The first of a source is
/// taken wherever there is room at all.
/// </summary>
/// <param name="max">All there is.</param>
/// <param name="weightOf">A source's weight; 1 for each when null.</param>
internal sealed class FairShares(long max, Func<string, double>? weightOf = null)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);
    private readonly long _max = max;
    private long _free = max;

    /// <summary>What nobody has. Below 0 while more was taken than there is.</summary>
    public long Free => Volatile.Read(ref _free);

    /// <summary>What is taken, by whomever.</summary>
    public long Taken => _max - Free;

    /// <summary>Sources that have more than half of what they may have.</summary>
    public IReadOnlyCollection<string> Busy
    {
        get
        {
            lock (_sync)
                return [.. _taken.Keys.Where(IsBusyNow)];
        }
    }

    /// <summary>The source has more than half of what it may have.</summary>
    public bool IsBusy(string source)
    {
        lock (_sync)
            return IsBusyNow(source);
    }

    /// <summary>False when it is more than the source's share.</summary>
    /// <param name="source">The source.</param>
    /// <param name="amount">How much more.</param>
    /// <param name="mine">What the caller has of it already: who is alone in that takes whatever there is.</param>
    public bool TryTake(string source, long amount = 1, long mine = 0)
    {
        lock (_sync)
        {
            var before = _taken.GetValueOrDefault(source);
            var left = _free - amount;
            if (left < 0 || (before > mine && before + amount > WeightOf(source) * left))
                return false;
            Move(source, amount);
            return true;
        }
    }

    /// <summary>Takes as much as the source's share allows, and how much that is.</summary>
    public long TakeUpTo(string source, long amount)
    {
        lock (_sync)
        {
            var (before, weight) = (_taken.GetValueOrDefault(source), WeightOf(source));
            var share = (long)(weight / (1 + weight) * (_free + before)) - before;
            var taken = Math.Clamp(Math.Max(share, before == 0 ? 1 : 0), 0, Math.Clamp(_free, 0, amount));
            Move(source, taken);
            return taken;
        }
    }

    /// <summary>Takes it, whatever the share: the source has it already.</summary>
    public void Take(string source, long amount = 1)
    {
        lock (_sync)
            Move(source, amount);
    }

    public void Return(string source, long amount = 1)
    {
        lock (_sync)
            Move(source, -amount);
    }

    private bool IsBusyNow(string source) =>
        _taken.GetValueOrDefault(source) is var taken and > 0 && 2 * taken > WeightOf(source) * _free;

    private double WeightOf(string source) => weightOf?.Invoke(source) ?? 1;

    private void Move(string source, long amount)
    {
        var taken = _taken.GetValueOrDefault(source) + amount;
        if (taken == 0)
            _taken.Remove(source);
        else
            _taken[source] = taken;
        Volatile.Write(ref _free, _free - amount);
    }
}
