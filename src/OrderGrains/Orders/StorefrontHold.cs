using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>How a part of an order stands at the storefront, by its newest word on it.</summary>
/// <param name="Id">The storefront's own id of the part.</param>
/// <param name="IsHeld">It is not to be sent for now, and so the order waits.</param>
/// <param name="At">When it was so, or when a person lifted it: an older word changes nothing.</param>
/// <param name="Said">Why, in the storefront's own words: they may hold personal data.</param>
public sealed record StorefrontHold(string Id, bool IsHeld, DateTimeOffset At, string? Said = null)
{
    /// <summary>
    /// Folds the storefront's word on the order's parts into it. Pure. It is of all parts at once, so that one that was
    /// merged or split away holds nothing. What is not held is known by its time all the same, so that an older word
    /// that comes late does not hold it again.
    /// </summary>
    internal static Decision State(Order order, PartsStated told)
    {
        if (order.StorefrontHolds.Any(hold => told.At < hold.At))
            return new Decision.Stale("a newer word on what the storefront holds is known");
        return new Decision.Accept(
            order with
            {
                // In one order whatever the storefront's, so that equal facts are equal rows.
                StorefrontHolds =
                [
                    .. told.Parts.Select(part => new StorefrontHold(part.Id, part.IsHeld, told.At, part.Said))
                        .OrderBy(hold => hold.Id, StringComparer.Ordinal),
                ],
            },
            told.What,
            string.Join("; ", told.Parts.Select(part => part.Said).OfType<string>()) is { Length: > 0 } said
                ? said : null);
    }

    /// <summary>
    /// The order as a person resumes it: only a word holds it again that the storefront gives after that.
    /// </summary>
    internal static Order Lift(Order order, DateTimeOffset now) => order with
    {
        StorefrontHolds =
        [
            .. order.StorefrontHolds.Select(hold => hold with
            {
                IsHeld = false,
                Said = null,
                At = hold.At > now ? hold.At : now,
            }),
        ],
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
