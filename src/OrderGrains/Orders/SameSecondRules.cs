
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Two snapshots of one second that differ by their units. By itself the one with fewer is the newer, since too few are
/// mended later and too many are not. But when the edits of that second are just what the other has more, it was made
/// after them. Pure, and the same in whatever order snapshots and edits come.
/// </summary>
internal static class SameSecondRules
{
    /// <summary>A snapshot that came beside the one that the order has.</summary>
    public static (Order Next, bool IsNewest) State(Order order, OrderSnapshot known, OrderSnapshot arriving)
    {
        var (fewer, more) = Units(arriving) < Units(known) ? (arriving, known) : (known, arriving);
        var newest = Explain(Edits(order, known), fewer, more) ? more : fewer;
        return (Take(order, newest, newest == fewer ? more : null), newest == arriving);
    }

    /// <summary>An edit that makes the snapshot with more units the newer; null when it does not.</summary>
    public static Order? Amend(Order order, OrderSnapshot known, Amendment edit)
    {
        var amended = order with { Amendments = [.. order.Amendments, edit] };
        return order.Rival is { } rival && Explain(Edits(amended, known), known, rival)
            ? Take(amended, rival, null) : null;
    }

    private static Order Take(Order order, OrderSnapshot newest, OrderSnapshot? rival)
    {
        var all = order.Amendments.Concat(order.ShownEdits).ToArray();
        var shown = rival is null ? Edits(order, newest)
            : [.. Edits(order, newest).Where(e => ShownAmendments.IsShown(newest, order.EarlierUnits, e))];
        return order with
        {
            Storefront = newest,
            Rival = rival,
            ShownEdits = shown,
            Amendments = [.. all.Except(shown)
                .Where(a => !ShownAmendments.IsShown(newest, order.EarlierUnits, a))
                .OrderBy(a => a.Kind).ThenBy(a => a.Id, StringComparer.Ordinal)],
        };
    }

    /// <summary>The edits of the second of a snapshot, those that it shows too.</summary>
    public static Amendment[] Edits(Order order, OrderSnapshot of) =>
    [
        .. order.Amendments.Concat(order.ShownEdits).Where(a =>
            a.Kind == AmendmentKind.Edit && ShownAmendments.SameSecond(a.At, of.UpdatedAt)),
    ];

    private static bool Explain(Amendment[] edits, OrderSnapshot fewer, OrderSnapshot more)
    {
        if (edits.Length == 0)
            return false;
        var (least, most) = (ShownAmendments.UnitsOf(fewer), ShownAmendments.UnitsOf(more));
        return least.Keys.Union(most.Keys, StringComparer.Ordinal)
            .Union(edits.SelectMany(e => e.Lines).Select(l => l.LineId), StringComparer.Ordinal)
            .All(line => most.GetValueOrDefault(line) - least.GetValueOrDefault(line)
                == edits.SelectMany(e => e.Lines).Where(l => l.LineId == line).Sum(l => l.Delta));
    }

    private static long Units(OrderSnapshot snapshot) => snapshot.Lines.Sum(l => (long)l.Quantity);
}
