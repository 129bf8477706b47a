using System.Text.Json.Serialization;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>An order in a list.</summary>
/// <param name="UpdatedAt">When it last changed here.</param>
internal sealed record OrderItem(
    string Source, string OrderId, string? Number, OrderStatus Status, long Version, DateTimeOffset? PlacedAt,
    DateTimeOffset UpdatedAt)
{
    public static OrderItem Of(OrderRow row) => new(
        row.Key.Source, row.Key.OrderId, row.Number, row.Status, row.Version, row.PlacedAt, row.ChangedAt);
}

/// <summary>One order, whole.</summary>
/// <param name="UpdatedAt">When it last changed here.</param>
/// <param name="MayResume">A person, or a warehouse, stopped it: a person may resume it.</param>
/// <param name="KeptReason">Why nothing of it is ever sent, though nothing is wrong with it; null: it may be.</param>
/// <param name="Redaction">Who asked that personal data be erased; null: nobody.</param>
/// <param name="ShipTo">For a Viewer: initial, city and the beginning of the postal code.</param>
/// <param name="Timeline">Oldest first.</param>
internal sealed record OrderView(
    string Source,
    string OrderId,
    string? Number,
    OrderStatus Status,
    long Version,
    DateTimeOffset? PlacedAt,
    DateTimeOffset UpdatedAt,
    string? HoldReason,
    [property: JsonIgnore] bool MayResume,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KeptReason,
    string? CancelReason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RedactionView? Redaction,
    ShipToView? ShipTo,
    string? ShippingMethod,
    IReadOnlyList<OrderLineView> Lines,
    IReadOnlyList<ReleaseView> Releases,
    IReadOnlyList<ShipmentView> Shipments,
    IReadOnlyList<TimelineView> Timeline)
{
    public static OrderView Of(StoredOrder stored, IReadOnlyList<TimelineEntry> timeline, bool masked)
    {
        var order = stored.Order;
        var storefront = order.Storefront;
        return new OrderView(
            order.Key.Source,
            order.Key.OrderId,
            storefront?.Number,
            order.Status,
            stored.Version,
            storefront?.PlacedAt,
            timeline.Count > 0 ? timeline[^1].At : storefront?.UpdatedAt ?? order.ReceivedAt,
            HoldReasonOf(order, masked),
            order.HoldReason is not null || StorefrontHold.Find(order) is not null,
            null,
            CancelReasonOf(order, masked),
            order.Redaction is { } redaction
                ? new RedactionView(redaction.By, redaction.At, Orders.Redaction.IsDue(order)) : null,
            storefront?.ShipTo is { } shipTo ? ShipToView.Of(shipTo, masked) : null,
            storefront?.ShippingMethod,
            OrderLines.Of(order),
            [.. order.Releases.Select(ReleaseView.Of)],
            [.. order.Shipments.Select(ShipmentView.Of)],
            [.. timeline.Select(entry => TimelineView.Of(entry, masked))]);
    }

    /// <summary>A person and the storefront may each hold it, and each is lifted by itself.</summary>
    private static string? HoldReasonOf(Order order, bool masked)
    {
        var (reason, hold) = (order.HoldReason, StorefrontHold.Find(order));
        var ours = reason is null ? null : reason.What + (reason.Said is { } said && !masked ? $": {said}" : "");
        var theirs = hold is null ? null
            : "The storefront holds it" + (hold.Said is { } why && !masked ? $": {why}" : ".");
        return ours is not null && theirs is not null ? $"{ours}. {theirs}"
            : ours ?? theirs ?? (order.Storefront is { Held: true } ? "The storefront asks to wait."
                : order.Status == OrderStatus.OnHold ? OrderFacts.FindProblem(order) : null);
    }

    /// <summary>The storefront's reason is its own words.</summary>
    private static string? CancelReasonOf(Order order, bool masked) =>
        OrderFacts.FindCancelReason(order) ?? (order.Storefront is { Cancelled: true } storefront
            ? masked ? "by the storefront" : storefront.CancelReason : null);
}

/// <summary>Somebody asked that the order's personal data be erased.</summary>
/// <param name="By">The name of their key, or the source and topic that told us.</param>
/// <param name="At">When.</param>
/// <param name="Done">It is erased; otherwise it will be once the order is over.</param>
internal sealed record RedactionView(string By, DateTimeOffset At, bool Done);

/// <summary>One line: <c>quantity − cancelled − shipped − elsewhere</c> is still to go.</summary>
/// <param name="Quantity">Units sold, as far as we know.</param>
/// <param name="Location">Where units are held or waited for; several are joined by a comma.</param>
/// <param name="Waiting">Units that wait for stock.</param>
/// <param name="Cancelled">Units taken away, or all that did not ship of a cancelled order.</param>
/// <param name="Elsewhere">Units that others have sent, as the storefront says.</param>
/// <param name="Excess">Units that have gone beyond what the buyer should get.</param>
/// <param name="NotSent">Nothing of it goes to a warehouse of ours: it needs no parcel, or another service sends
/// it.</param>
/// <param name="Hint">What may be wrong with the SKU of a line that waits.</param>
internal sealed record OrderLineView(
    string LineId, string? Sku, int Quantity, string? Location, int Reserved, int Waiting, int Shipped, int Cancelled,
    int Elsewhere = 0, int Excess = 0, bool NotSent = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint = null);

/// <summary>The part of an order that one warehouse has.</summary>
internal sealed record ReleaseView(
    string Reference, string Warehouse, string Location, ReleaseStatus Status, string? WarehouseOrderId,
    IReadOnlyList<UnitsView> Lines)
{
    public static ReleaseView Of(Release release) => new(
        release.Reference, release.Warehouse, release.Location, release.Status, release.WarehouseOrderId,
        [.. release.Lines.Select(line => new UnitsView(line.LineId, line.Quantity))]);
}

/// <summary>Units of one order line.</summary>
internal sealed record UnitsView(string LineId, int Quantity);

/// <summary>A parcel that left.</summary>
/// <param name="FulfilmentId">The storefront's own id of it; null while it is not known to have it.</param>
/// <param name="TakenBack">A person had the storefront take its record of it back, or has asked for that.</param>
internal sealed record ShipmentView(
    string ShipmentId, string Reference, string? Carrier, string? TrackingNumber, string? TrackingUrl,
    DateTimeOffset ShippedAt, IReadOnlyList<UnitsView> Lines, string? FulfilmentId, bool TakenBack = false)
{
    public static ShipmentView Of(Shipment shipment) => new(
        shipment.ShipmentId, shipment.Reference, shipment.Carrier, shipment.TrackingNumber, shipment.TrackingUrl,
        shipment.ShippedAt, [.. shipment.Lines.Select(line => new UnitsView(line.LineId, line.Quantity))],
        shipment.FulfilmentId, shipment.TakenBack);
}

/// <summary>One thing that happened.</summary>
/// <param name="Tone">How a page colours it.</param>
/// <param name="Said">Another system's own words, if any. A Viewer learns only that there are some.</param>
internal sealed record TimelineView(
    DateTimeOffset At,
    string Kind,
    [property: JsonIgnore] string Tone,
    string Summary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Said,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Actor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ReceiptId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? MessageId)
{
    public static TimelineView Of(TimelineEntry entry, bool masked) => new(
        entry.At, TimelineKindName.Of(entry.Kind), Words.Tone(entry.Kind), entry.Summary,
        entry.Said is not null && masked ? "another system's words: an Operator key shows them" : entry.Said,
        entry.Actor, entry.ReceiptId, entry.MessageId);
}
