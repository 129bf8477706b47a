using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Folds a parcel that the storefront stated by itself into an order. Pure. Of one parcel the newest word holds, and of
/// one second that which takes it back: a parcel that was taken back never goes again.
/// </summary>
internal static class FulfilmentRules
{
    public static Decision State(Order order, FulfilmentStated told)
    {
        var parcel = told.Fulfilment;
        var name = $"fulfilment {parcel.Id}";
        if (order.Storefront is { } storefront && told.At < storefront.UpdatedAt)
            return new Decision.Stale($"the order is known as of a later time than {name}");
        var known = order.Fulfilments.FirstOrDefault(f => f.Fulfilment.Id == parcel.Id);
        if (known is not null && told.At == known.At && IsSame(known.Fulfilment, parcel))
            return new Decision.Duplicate($"{name} is known");
        if (told.At < known?.At || (told.At == known?.At && known.Fulfilment.Lines.Count == 0))
            return new Decision.Stale($"a newer word on {name} is known");
        return new Decision.Accept(
            order with
            {
                // In one order whatever the order of arrival, so that equal facts are equal rows.
                Fulfilments = [.. order.Fulfilments.Where(f => f != known).Append(new StatedFulfilment(parcel, told.At))
                    .OrderBy(f => f.Fulfilment.Id, StringComparer.Ordinal)],
            },
            parcel.Lines.Count == 0 ? $"{name}: taken back"
                : $"{name}: {parcel.Lines.Sum(l => (long)l.Quantity)} units");
    }

    /// <summary>
    /// What a snapshot cannot show. One of the same second may have been made before the parcel: better that too few
    /// units are sent, which the next snapshot mends, than too many.
    /// </summary>
    public static IReadOnlyList<StatedFulfilment> NotShown(Order order, OrderSnapshot snapshot) =>
        order.Fulfilments.Count == 0 ? order.Fulfilments
            : [.. order.Fulfilments.Where(f => f.At >= snapshot.UpdatedAt)];

    private static bool IsSame(Fulfilment one, Fulfilment other) => one.Lines.SequenceEqual(other.Lines)
        && one.TrackingNumbers.SequenceEqual(other.TrackingNumbers, StringComparer.Ordinal);
}
