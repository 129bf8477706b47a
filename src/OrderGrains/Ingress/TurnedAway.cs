using System.Net;

namespace OrderGrains.Ingress;

/// <summary>Webhooks of one source that were not let in for one reason.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Status">What they were answered.</param>
/// <param name="Rule">The rule that they broke; never what they sent.</param>
/// <param name="Count">How many.</param>
/// <param name="LastAt">The latest.</param>
/// <param name="LastAddress">Where the latest came from. Personal data.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.TurnedAway")]
public sealed record TurnedAway(
    [property: Id(0)] string Source, [property: Id(1)] int Status, [property: Id(2)] string Rule,
    [property: Id(3)] long Count, [property: Id(4)] DateTimeOffset LastAt, [property: Id(5)] string LastAddress)
{
    public TurnedAway And(TurnedAway later) => later with { Count = Count + later.Count };
}

/// <summary>
/// What this process turned away since it last told: whoever sets a source up sees why nothing comes. Rules are few,
/// since they never hold what was sent; beyond <see cref="RulesMax"/> the rest is counted as one.
/// </summary>
internal sealed class TurnedAwayBook(TimeProvider time)
{
    private const int RulesMax = 1_000;

    private readonly Lock sync = new();
    private Dictionary<(string Source, string Rule), TurnedAway> since = [];

    public void Note(string source, int status, string rule, IPAddress? address)
    {
        var one = new TurnedAway(source, status, rule, 1, time.GetUtcNow(), address?.ToString() ?? "");
        lock (sync)
            Add(since, since.Count < RulesMax ? one : one with { Rule = "others" });
    }

    /// <summary>What came since the last time; whoever cannot pass it on gives it back.</summary>
    public IReadOnlyList<TurnedAway> Take()
    {
        lock (sync)
        {
            var taken = since.Values.ToList();
            since = [];
            return taken;
        }
    }

    public void GiveBack(IReadOnlyList<TurnedAway> taken)
    {
        lock (sync)
        {
            var newer = since;
            since = [];
            foreach (var one in taken.Concat(newer.Values))
                Add(since, one);
        }
    }

    public static void Add(Dictionary<(string Source, string Rule), TurnedAway> to, TurnedAway one) =>
        to[(one.Source, one.Rule)] = to.TryGetValue((one.Source, one.Rule), out var before) ? before.And(one) : one;
}
