
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Whether a snapshot has a refund or an edit in it. Storefronts' times are whole seconds, so that of an amendment of
/// the snapshot's own second only the snapshot's content can tell. Pure.
/// </summary>
public static class ShownAmendments
{
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="earlier">Units by line of the newest snapshot of an earlier second; null without one.</param>
    /// <param name="amendment">What may be in it.</param>
    public static bool IsShown(
        OrderSnapshot snapshot, IReadOnlyDictionary<string, int>? earlier, Amendment amendment)
    {
        if (amendment.Kind == AmendmentKind.Refund && snapshot.RefundIds is { } ids)
            return ids.Contains(amendment.Id, StringComparer.Ordinal);
        var compared = Second(amendment.At).CompareTo(Second(snapshot.UpdatedAt));
        return compared < 0 || (compared == 0 && amendment.Kind == AmendmentKind.Edit
            && amendment.Lines.All(line => Shows(snapshot, earlier, line)));
    }

    /// <summary>Units of each line, for <see cref="Order.EarlierUnits"/>.</summary>
    public static IReadOnlyDictionary<string, int> UnitsOf(OrderSnapshot snapshot)
    {
        var units = new Dictionary<string, int>(snapshot.Lines.Count, StringComparer.Ordinal);
        foreach (var line in snapshot.Lines)
            units[line.LineId] = units.GetValueOrDefault(line.LineId) + line.Quantity;
        return units;
    }

    /// <summary>Whether two moments lie in one second of the storefront's clock.</summary>
    public static bool SameSecond(DateTimeOffset one, DateTimeOffset other) => Second(one) == Second(other);

    private static bool Shows(OrderSnapshot snapshot, IReadOnlyDictionary<string, int>? earlier, AmendedLine amended)
    {
        var line = snapshot.Lines.FirstOrDefault(l => l.LineId == amended.LineId);
        if (amended.Delta < 0 && line?.Removed >= -amended.Delta)
            return true;
        var now = line?.Quantity ?? 0;
        if (earlier is not null)
        {
            var due = Math.Max(0, earlier.GetValueOrDefault(amended.LineId) + amended.Delta);
            return amended.Delta > 0 ? now >= due : now <= due;
        }

        // Nothing to compare with. A line that is there proves it; in the second in which it all began, only one that
        // has no other units.
        return amended.Delta > 0 && line is not null
            && (now == amended.Delta || !SameSecond(snapshot.UpdatedAt, snapshot.PlacedAt));
    }

    private static long Second(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;
}
