using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>How a part of an order stands at the storefront, by its newest word on it.</summary>
/// <param name="Id">The storefront's own id of the part.</param>
/// <param name="IsHeld">It is not to be sent for now, and so the order waits.</param>
/// <param name="At">When it was so: an older word changes nothing.</param>
/// <param name="Said">Why, in the storefront's own words: they may hold personal data.</param>
public sealed record StorefrontHold(string Id, bool IsHeld, DateTimeOffset At, string? Said = null)
{
    /// <summary>
    /// Folds the storefront's word on a part into its order. Pure. What is held no more stays known by its time, so
    /// that an older word that comes late does not hold it again.
    /// </summary>
    internal static Decision State(Order order, PartStated told)
    {
        var known = order.StorefrontHolds.FirstOrDefault(hold => hold.Id == told.Id);
        if (told.At < known?.At)
            return new Decision.Stale($"a newer word on {told.Id} of the storefront is known");
        return new Decision.Accept(
            order with
            {
                // In one order whatever the order of arrival, so that equal facts are equal rows.
                StorefrontHolds =
                [
                    .. order.StorefrontHolds.Where(hold => hold != known)
                        .Append(new StorefrontHold(told.Id, told.IsHeld, told.At, told.IsHeld ? told.Said : null))
                        .OrderBy(hold => hold.Id, StringComparer.Ordinal),
                ],
            },
            told.What, told.Said);
    }

    /// <summary>The order as a person resumes it: only a newer word of the storefront holds it again.</summary>
    internal static Order Lift(Order order) => Find(order) is null ? order : order with
    {
        StorefrontHolds = [.. order.StorefrontHolds.Select(hold => hold with { IsHeld = false, Said = null })],
    };

    /// <summary>The first part that is held; null: none is.</summary>
    internal static StorefrontHold? Find(Order order)
    {
        foreach (var hold in order.StorefrontHolds)
        {
            if (hold.IsHeld)
                return hold;
        }

        return null;
    }
}
