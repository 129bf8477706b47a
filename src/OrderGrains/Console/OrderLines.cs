using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>The lines of an order as people ask for them, derived from its facts. Pure.</summary>
internal static class OrderLines
{
    public static IReadOnlyList<OrderLineView> Of(Order order)
    {
        var shipped = order.Shipments.SelectMany(shipment => shipment.Lines)
            .GroupBy(line => line.LineId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(line => line.Quantity), StringComparer.Ordinal);
        var wanted = OrderFacts.WantedLines(order).ToLookup(line => line.StatedLineId, StringComparer.Ordinal);
        return
        [
            .. LineIds(order).Select(lineId => wanted[lineId].FirstOrDefault() is { } line && line.LineId != lineId
                ? Bundle(order, lineId, [.. wanted[lineId]])
                : Line(order, lineId, shipped.GetValueOrDefault(lineId))),
        ];
    }

    /// <summary>A bundle has what its scarcest part has. The parts follow as lines of their own.</summary>
    private static OrderLineView Bundle(Order order, string lineId, WantedLine[] parts)
    {
        var stated = order.Storefront!.Lines.First(line => line.LineId == lineId);
        var sold = OrderFacts.StatedUnits(order, stated);
        var rows = parts.Select(part => (part.Each, Row: Line(order, part.LineId, part.Shipped))).ToArray();
        int Least(Func<OrderLineView, int> units) => rows.Min(row => units(row.Row) / row.Each);
        return new OrderLineView(
            lineId, stated.Sku, sold, string.Join(", ", rows.Select(row => row.Row.Location).OfType<string>()
                .Distinct(StringComparer.Ordinal)) is { Length: > 0 } locations ? locations : null,
            Least(row => row.Reserved), rows.Max(row => row.Row.Waiting / row.Each), Least(row => row.Shipped),
            order.Status == OrderStatus.Cancelled ? sold - Least(row => row.Shipped)
                : sold - OrderFacts.ServedUnits(order, lineId, sold),
            Least(row => row.Elsewhere), rows.Max(row => (row.Row.Excess + row.Each - 1) / row.Each));
    }

    private static OrderLineView Line(Order order, string lineId, int shipped)
    {
        var stated = order.Storefront?.Lines.FirstOrDefault(line => line.LineId == lineId);
        var deltas = order.Amendments.SelectMany(amendment => amendment.Lines)
            .Where(line => line.LineId == lineId).Select(line => line.Delta).ToList();
        var held = order.Allocations.Where(allocation => allocation.LineId == lineId).ToList();

        // Before the storefront's own word, what we hold and what left is all we know was sold.
        var wanted = OrderFacts.WantedLines(order).FirstOrDefault(line => line.LineId == lineId);
        var part = stated is null ? wanted : null;
        var sold = stated?.Quantity ?? part?.Quantity ?? Math.Max(shipped, held.Sum(allocation => allocation.Quantity));
        var quantity = sold + deltas.Where(delta => delta > 0).Sum();
        var elsewhere = wanted?.Elsewhere ?? OrderFacts.ElsewhereUnits(order, lineId);
        var left = Math.Max(0, quantity - shipped - elsewhere);
        var cancelled = order.Status == OrderStatus.Cancelled
            ? left
            : Math.Min(left, -deltas.Where(delta => delta < 0).Sum() + GivenUp(order, stated));
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
            cancelled,
            elsewhere,
            order.Excess.GetValueOrDefault(lineId),
            stated is { Shippable: false });
    }

    private static int GivenUp(Order order, SnapshotLine? line)
    {
        var stated = line is null ? 0 : OrderFacts.StatedUnits(order, line);
        return line is null ? 0 : stated - OrderFacts.ServedUnits(order, line.LineId, stated);
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
