using OrderGrains.Inventory;

namespace OrderGrains.Orders;

/// <summary>What an order's facts ask of the stock. Pure.</summary>
internal static class OrderNeeds
{
    /// <param name="order">The order with its facts.</param>
    /// <param name="policy">Its source's rules.</param>
    /// <param name="stored">The order as the stock was last told of it; null when it never was.</param>
    /// <param name="held">What the stock holds for it, if that is not what it counts on.</param>
    /// <param name="now">The time.</param>
    /// <param name="restate">Say everything again.</param>
    /// <param name="requireNewest">Throws when another activation was faster.</param>
    public static AllocationNeeds Of(
        Order order, OrderPolicy policy, Order? stored, IReadOnlyList<Allocation>? held, DateTimeOffset now,
        bool restate, Func<Task> requireNewest)
    {
        var expired = IsExpired(order, policy, now);
        return new AllocationNeeds
        {
            Order = order.Key,
            PlacedAt = order.Storefront?.PlacedAt ?? order.ReceivedAt,
            MayGrow = OrderFacts.MayReserve(order, policy, now) && policy.Locations.Count > 0,
            MayRelease = OrderFacts.IsReady(order, policy),
            Locations = [.. policy.Locations.Select(l => l.Name)],
            Splitting = policy.Splitting,
            Backorders = policy.Backorders,
            Lines = expired || OrderFacts.IsPaymentEnded(order) ? [] : [.. OrderFacts.WantedLines(order)
                .Where(l => l.Sku is not null)
                .Select(l => new LineNeed(l.LineId, l.Sku!, OrderFacts.RemainingUnits(order, l), l.StatedLineId))],
            Held = held ?? order.Allocations,
            Counted = order.Allocations,
            Outstanding = place => OrderFacts.OutstandingUnits(order, place.LineId, place.Location, place.Sku),
            Shipped = place => ShippedFrom(order, place),
            NewlyShipped = [.. ShippedFrom(order).Except(stored is null ? [] : ShippedFrom(stored))
                .Select(left => left.Place)],
            Restate = restate || held is not null,
            RequireNewestAsync = requireNewest,
        };
    }

    public static bool IsExpired(Order order, OrderPolicy policy, DateTimeOffset now) =>
        OrderFacts.ReservedUntil(order, policy) <= now;

    /// <summary>Names lines of which only what is shipped, or may still be, is sent.</summary>
    public static Order Drop(Order order, IReadOnlyList<string> lineIds)
    {
        foreach (var lineId in lineIds)
        {
            var stated = order.Storefront!.Lines.First(l => l.LineId == lineId);
            var kept = OrderFacts.WantedLines(order).Where(l => l.StatedLineId == lineId).Max(l => l.UnitsOf(
                l.Gone + order.Releases.Where(OrderFacts.IsLive)
                    .Sum(r => OrderFacts.OutstandingUnits(order, r, l.LineId))));
            var unserved = new UnservedLine(lineId, kept, OrderFacts.StatedUnits(order, stated));
            order = order with { Unserved = [.. order.Unserved.Where(l => l.LineId != lineId), unserved] };
        }

        return order;
    }

    /// <summary>All that ever left of a line from a place: what the stock is told, whole each time.</summary>
    public static IReadOnlyList<ShippedUnits> ShippedFrom(Order order, Place place) => order.Shipments.Count == 0 ? [] :
        [.. ShippedFrom(order).Where(left => left.Place == place)
            .GroupBy(left => left.Shipped.Id, StringComparer.Ordinal)
            .Select(same => same.First().Shipped with { Units = same.Sum(left => left.Shipped.Units) })];

    /// <summary>Units that left, by where their stock was.</summary>
    private static IEnumerable<(Place Place, ShippedUnits Shipped)> ShippedFrom(Order order) =>
        from shipment in order.Shipments
        let release = OrderFacts.FindRelease(order, shipment.Reference)
        where release is not null
        let id = $"{shipment.Reference}/{shipment.ShipmentId}".ToUpperInvariant()
        from line in shipment.Lines
        where line.Sku is not null
        select (
            new Place(line.LineId, line.Sku!, release.Location),
            new ShippedUnits(id, line.Quantity, shipment.ShippedAt));
}
