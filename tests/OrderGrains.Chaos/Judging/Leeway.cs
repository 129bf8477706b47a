using System.Collections.Concurrent;

namespace OrderGrains.Chaos.Judging;

/// <summary>
/// Every case in which more than one end is right, each with its reason. The list is closed: what is not named here has
/// one right end.
/// </summary>
public enum Leeway
{
    /// <summary>
    /// A warehouse answered 409 to a change or a stop of a release. It ships what it then had, whatever is wanted now.
    /// No moment counts as too late by itself: a warehouse that was never asked excuses nothing.
    /// </summary>
    TooLate,

    /// <summary>
    /// A warehouse refused a release, or cancelled it by itself. A person decides, so that its order is held: it asks
    /// for nothing, and keeps at most what it had. Others may take these units meanwhile, in which case it waits.
    /// </summary>
    Held,

    /// <summary>
    /// A warehouse ended a release by itself while it was asked to stop it. Which of the two is heard first decides
    /// whether the order is held.
    /// </summary>
    StopCrossed,

    /// <summary>
    /// A warehouse answered a release that it had not taken with no, for good (422, a redirect). The message is parked
    /// for a person, and the order stays where the answer left it, until it is cancelled.
    /// </summary>
    LeftToAPerson,

    /// <summary>No try of a webhook had its 200. It may have been taken or not: the sender does not know.</summary>
    Unanswered,

    /// <summary>
    /// A line is served whole, in order of placement, and an order from one location. Units may stand free that the
    /// first in line cannot use, and whoever is behind it waits.
    /// </summary>
    StrictLine,

    /// <summary>
    /// Edits down and up that come in another order than they were made. Until the last has come, more may be asked for
    /// than was wanted at one time, but never more than was bought in all.
    /// </summary>
    EditsCrossed,

    /// <summary>
    /// Fewer units are there than warehouses have orders for: they counted fewer, lost some, or shipped more than they
    /// were asked for. What was released stays reserved, and a shelf may come to be short.
    /// </summary>
    FewerThere,

    /// <summary>
    /// Two silos have for seconds an activation each of one destination, while they do not know of each other. Neither
    /// can know what the other sent; the reference makes it one order all the same.
    /// </summary>
    TwoActivations,

    /// <summary>
    /// An event bears a time that is more than 5 minutes ahead of its arrival, by the silo's clock. It counts as of the
    /// arrival; where several receipts of it arrived, as of any of them.
    /// </summary>
    AheadOfArrival,
}

/// <summary>Which leeways were needed, and for what.</summary>
public sealed class LeewaysUsed
{
    private readonly ConcurrentDictionary<(Leeway, string), bool> _used = new();

    public void Use(Leeway leeway, string subject) => _used[(leeway, subject)] = true;

    public IReadOnlyDictionary<Leeway, int> Counts =>
        _used.Keys.GroupBy(used => used.Item1).ToDictionary(used => used.Key, used => used.Count());
}
