using OrderGrains.Inventory;

namespace OrderGrains.Orders;

/// <summary>What the stock really holds for an order, beside what its committed state counts on. Pure.</summary>
internal static class HeldUnits
{
    /// <summary>
    /// What is held, where it is not what is counted on; null when they are the same. A place that is counted on and
    /// holds nothing is there with no units, so that the stock is told of it again.
    /// </summary>
    public static IReadOnlyList<Allocation>? Differing(
        IReadOnlyList<Allocation> counted, IReadOnlyList<Allocation> held)
    {
        if (held.Count == counted.Count && counted.All(held.Contains))
            return null;
        var missing = counted.Where(c => held.All(h => PlaceOf(h) != PlaceOf(c)));
        return [.. held, .. missing.Select(c => c with { Quantity = 0, Waiting = 0, AtWarehouse = 0 })];
    }

    /// <summary>Units, held or in line, that nobody counted on and that a turn has given back.</summary>
    public static IEnumerable<(Place Place, int Units)> GivenBack(
        IReadOnlyList<Allocation> counted, IReadOnlyList<Allocation> held, IReadOnlyList<Allocation> now) =>
        from allocation in held
        let place = PlaceOf(allocation)
        let units = allocation.Quantity + allocation.Waiting - Math.Max(UnitsAt(counted, place), UnitsAt(now, place))
        where units > 0
        select (place, units);

    private static int UnitsAt(IReadOnlyList<Allocation> allocations, Place place) =>
        allocations.Where(a => PlaceOf(a) == place).Sum(a => a.Quantity + a.Waiting);

    private static Place PlaceOf(Allocation allocation) => new(allocation.LineId, allocation.Sku, allocation.Location);
}
