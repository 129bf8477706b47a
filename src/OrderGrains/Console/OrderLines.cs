using OrderGrains.Orders;

namespace OrderGrains.Console;

/// <summary>The lines of an order as people ask for them, derived from its facts. Pure.</summary>
internal static class OrderLines
{
    public static IReadOnlyList<OrderLineView> Of(Order order)
    {
        var shipped = order.Shipments.SelectMany(shipment => shipment.Lines)
            .GroupBy(line => line.LineId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(line => line.Quantity), StringComparer.Ordinal);
        return [.. LineIds(order).Select(lineId => Line(order, lineId, shipped.GetValueOrDefault(lineId)))];
    }

    private static OrderLineView Line(Order order, string lineId, int shipped)
    {
        var stated = order.Storefront?.Lines.FirstOrDefault(line => line.LineId == lineId);
        var deltas = order.Amendments.SelectMany(amendment => amendment.Lines)
            .Where(line => line.LineId == lineId).Select(line => line.Delta).ToList();
        var held = order.Allocations.Where(allocation => allocation.LineId == lineId).ToList();

        // Before the storefront's own word, what we hold and what left is all we know was sold.
        var sold = stated?.Quantity ?? Math.Max(shipped, held.Sum(allocation => allocation.Quantity));
        var quantity = Math.Max(sold + deltas.Where(delta => delta > 0).Sum(), shipped);
        var left = quantity - shipped;
        var cancelled = order.Status == OrderStatus.Cancelled
            ? left
            : Math.Min(left, -deltas.Where(delta => delta < 0).Sum());
        var reserved = held.Sum(allocation => allocation.Quantity);
        var waiting = held.Sum(allocation => allocation.Waiting);
        return new OrderLineView(
            lineId,
            stated?.Sku ?? Sku(order, lineId),
            quantity,
            Location(order, lineId),
            Math.Min(reserved, left - cancelled),
            Math.Min(waiting, left - cancelled),
            shipped,
            cancelled);
    }

    /// <summary>Stated lines first, then those that only our own facts name.</summary>
    private static IEnumerable<string> LineIds(Order order) =>
        (order.Storefront?.Lines ?? []).Select(line => line.LineId)
        .Concat(order.Allocations.Select(allocation => allocation.LineId))
        .Concat(order.Shipments.SelectMany(shipment => shipment.Lines).Select(line => line.LineId))
        .Distinct(StringComparer.Ordinal);

    private static string? Sku(Order order, string lineId) =>
        order.Allocations.FirstOrDefault(allocation => allocation.LineId == lineId)?.Sku
        ?? order.Releases.SelectMany(release => release.Lines).FirstOrDefault(line => line.LineId == lineId)?.Sku;

    private static string? Location(Order order, string lineId)
    {
        var locations = order.Allocations.Where(allocation => allocation.LineId == lineId)
            .Select(allocation => allocation.Location).Distinct(StringComparer.Ordinal).ToList();
        if (locations.Count == 0)
        {
            locations = [.. order.Releases.Where(release => release.Lines.Any(line => line.LineId == lineId))
                .Select(release => release.Location).Distinct(StringComparer.Ordinal)];
        }

        return locations.Count == 0 ? null : string.Join(", ", locations);
    }
}
