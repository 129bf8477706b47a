using System.Security.Cryptography;
using System.Text.Json;
using OrderGrains.Connectors;

namespace OrderGrains.Orders;

/// <summary>
/// A total order over a storefront's snapshots of one order: by <c>updated_at</c>; within one second of it (Shopify's
/// granularity) cancelled after not, paid after not, more fulfilled after less; and where all that is equal and the
/// content still differs, by digest. So every permutation of deliveries ends with the same snapshot.
/// </summary>
public static class SnapshotVersion
{
    public static int Compare(OrderSnapshot one, OrderSnapshot other)
    {
        var compared = one.UpdatedAt.CompareTo(other.UpdatedAt);
        if (compared == 0)
            compared = one.Cancelled.CompareTo(other.Cancelled);
        if (compared == 0)
            compared = one.Paid.CompareTo(other.Paid);
        if (compared == 0)
            compared = one.Lines.Sum(l => l.Fulfilled).CompareTo(other.Lines.Sum(l => l.Fulfilled));
        if (compared == 0)
            compared = Digest(one).AsSpan().SequenceCompareTo(Digest(other));
        return compared;
    }

    private static byte[] Digest(OrderSnapshot snapshot) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(snapshot));
}
