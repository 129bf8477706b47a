using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Which of two snapshots of one order is the newer: by <c>updated_at</c>; within one second of it (Shopify's
/// granularity) cancelled after not, more refunds after fewer, fewer units after more, then by when the storefront
/// decided to send them, then by how far payment and parcels have come; and in the end the one that came later. But for
/// that end, every permutation of deliveries ends with the same snapshot.
/// </summary>
public static class SnapshotVersion
{
    /// <summary>More than 0: <paramref name="arriving"/> is the newer; 0: both say the same.</summary>
    /// <param name="arriving">The one that came later.</param>
    /// <param name="known">The one that came before.</param>
    public static int Compare(OrderSnapshot arriving, OrderSnapshot known)
    {
        var compared = arriving.UpdatedAt.CompareTo(known.UpdatedAt);
        if (compared == 0 && SameContent(arriving, known))
            return 0;
        if (compared == 0)
            compared = arriving.Cancelled.CompareTo(known.Cancelled);
        if (compared == 0)
            compared = Refunds(arriving).CompareTo(Refunds(known));
        if (compared == 0)
            compared = Units(known).CompareTo(Units(arriving));
        if (compared == 0 && arriving.TriggeredAt is { } one && known.TriggeredAt is { } other)
            compared = one.CompareTo(other);
        if (compared == 0)
            compared = arriving.Payment.CompareTo(known.Payment);
        if (compared == 0)
            compared = Fulfilled(arriving).CompareTo(Fulfilled(known));
        return compared == 0 ? 1 : compared;
    }

    /// <summary>Of one second, and only their units would say which is the newer: an edit may know better.</summary>
    public static bool DifferByUnits(OrderSnapshot one, OrderSnapshot other) =>
        one.UpdatedAt == other.UpdatedAt && one.Cancelled == other.Cancelled && Refunds(one) == Refunds(other)
        && Units(one) != Units(other);

    private static int Refunds(OrderSnapshot snapshot) => snapshot.RefundIds?.Count ?? 0;

    private static long Units(OrderSnapshot snapshot) => snapshot.Lines.Sum(l => (long)l.Quantity);

    private static long Fulfilled(OrderSnapshot snapshot) =>
        snapshot.Fulfilments.Sum(f => f.Lines.Sum(l => (long)l.Quantity));

    /// <summary>The moment of sending is no content: one state may be sent under several topics.</summary>
    private static bool SameContent(OrderSnapshot one, OrderSnapshot other) =>
        Content(one).AsSpan().SequenceEqual(Content(other));

    private static byte[] Content(OrderSnapshot snapshot) =>
        JsonSerializer.SerializeToUtf8Bytes(snapshot with { TriggeredAt = null });
}
