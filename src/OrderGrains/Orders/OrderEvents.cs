using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>What subscribers hear of an order: its facts as they were, without personal data.</summary>
/// <param name="Source">The storefront's name with us.</param>
/// <param name="OrderId">Its id there.</param>
/// <param name="Number">What people call it.</param>
/// <param name="Status">Where it stands now.</param>
/// <param name="PlacedAt">When the buyer placed it.</param>
/// <param name="Lines">What is to be sent, and what has gone.</param>
/// <param name="Releases">What warehouses were asked for; with <c>order.released</c> alone.</param>
/// <param name="Shipment">The parcel that left; with <c>order.shipped</c>, when it is one of ours.</param>
/// <param name="Reason">Why it was held or cancelled, in our words.</param>
public sealed record OrderEventData(
    string Source, string OrderId, string? Number, OrderStatus Status, DateTimeOffset? PlacedAt,
    IReadOnlyList<OrderEventLine> Lines, IReadOnlyList<OrderEventRelease>? Releases = null,
    OrderEventShipment? Shipment = null, string? Reason = null);

/// <summary>One line to send; a bundle has one for each of its parts.</summary>
/// <param name="LineId">The storefront's id; a bundle's part has a colon and its number behind it.</param>
/// <param name="Sku">Null when the storefront knows none.</param>
/// <param name="Quantity">Units that the buyer should get.</param>
/// <param name="Shipped">Units that have left.</param>
public sealed record OrderEventLine(string LineId, string? Sku, int Quantity, int Shipped);

/// <summary>The part of an order that one warehouse has.</summary>
public sealed record OrderEventRelease(
    string Reference, string Warehouse, string Location, string? WarehouseOrderId,
    IReadOnlyList<OrderEventUnits> Lines);

/// <summary>A parcel that left.</summary>
public sealed record OrderEventShipment(
    string ShipmentId, string Reference, string? Carrier, string? TrackingNumber, string? TrackingUrl,
    DateTimeOffset ShippedAt, IReadOnlyList<OrderEventUnits> Lines);

/// <summary>Units of one line.</summary>
public sealed record OrderEventUnits(string LineId, int Quantity);

/// <summary>Tells which events a turn of an order brings about. Pure.</summary>
public static class OrderEvents
{
    /// <param name="before">The order as it was committed; null when it is new.</param>
    /// <param name="next">As it is about to be.</param>
    /// <param name="isWanted">Whether anybody hears of a type.</param>
    public static IReadOnlyList<EventFacts> Of(Order? before, Order next, Func<string, bool> isWanted)
    {
        var types = new List<(string Type, Shipment? Shipment)>();
        if (before is null)
            types.Add((EventTypes.OrderReceived, null));
        var parcels = next.Shipments.Where(s => before?.Shipments.Any(b => b.ShipmentId == s.ShipmentId) != true)
            .ToList();
        types.AddRange(parcels.Select(parcel => (EventTypes.OrderShipped, (Shipment?)parcel)));
        if (next.Status != before?.Status && OfStatus(next.Status) is { } type
            && !types.Exists(told => told.Type == type))
        {
            types.Add((type, null));
        }

        return [.. types.Where(told => isWanted(told.Type))
            .Select(told => EventFacts.Of(told.Type, DataOf(told.Type, next, told.Shipment)))];
    }

    private static string? OfStatus(OrderStatus status) => status switch
    {
        OrderStatus.Received => null,
        OrderStatus.Backordered => EventTypes.OrderBackordered,
        OrderStatus.Allocated => EventTypes.OrderAllocated,
        OrderStatus.Released => EventTypes.OrderReleased,
        // Each parcel is told of by itself; those of others by the storefront.
        OrderStatus.PartiallyShipped => null,
        OrderStatus.Shipped => EventTypes.OrderShipped,
        OrderStatus.Cancelled => EventTypes.OrderCancelled,
        OrderStatus.OnHold => EventTypes.OrderHeld,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No event for this status."),
    };

    private static OrderEventData DataOf(string type, Order order, Shipment? shipment) => new(
        order.Key.Source, order.Key.OrderId, order.Storefront?.Number, order.Status, order.Storefront?.PlacedAt,
        [.. OrderFacts.WantedLines(order).Select(
            line => new OrderEventLine(line.LineId, line.Sku, line.Quantity, line.Shipped + line.Elsewhere))],
        type == EventTypes.OrderReleased ? [.. order.Releases.Where(OrderFacts.IsLive).Select(ReleaseOf)] : null,
        shipment is null ? null : ShipmentOf(shipment), ReasonOf(type, order));

    private static OrderEventRelease ReleaseOf(Release release) => new(
        release.Reference, release.Warehouse, release.Location, release.WarehouseOrderId,
        [.. release.Lines.Select(line => new OrderEventUnits(line.LineId, line.Quantity))]);

    private static OrderEventShipment ShipmentOf(Shipment shipment) => new(
        shipment.ShipmentId, shipment.Reference, shipment.Carrier, shipment.TrackingNumber, shipment.TrackingUrl,
        shipment.ShippedAt, [.. shipment.Lines.Select(line => new OrderEventUnits(line.LineId, line.Quantity))]);

    private static string? ReasonOf(string type, Order order) => type switch
    {
        EventTypes.OrderCancelled => OrderFacts.FindCancelReason(order) ?? "by the storefront",
        EventTypes.OrderHeld =>
            order.HoldReason?.What ?? OrderFacts.FindProblem(order) ?? "the storefront asks to wait",
        _ => null,
    };
}
