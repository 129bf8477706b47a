using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>Somebody asked that an order's personal data be erased.</summary>
/// <param name="By">The name of their key, or the source that told us.</param>
/// <param name="At">When they first asked.</param>
public sealed record Redaction(string By, DateTimeOffset At)
{
    /// <summary>It is due: what is still to be sent needs an address.</summary>
    public static bool IsDue(Order? order) => order is { Redaction: not null } && OrderStatusRules.IsOver(order.Status);

    /// <summary>
    /// The order without what tells of a person: quantities, numbers and times stay. A tracking number is one; the page
    /// that a link opens may show the address.
    /// </summary>
    public static Order Apply(Order order) => order with
    {
        Storefront = Nameless(order.Storefront),
        Rival = Nameless(order.Rival),
        HoldReason = order.HoldReason is { } reason ? reason with { Said = null } : null,
        StorefrontHolds = [.. order.StorefrontHolds.Select(hold => hold with { Said = null })],
        // A digest of an address tells whether somebody's it is.
        Releases = [.. order.Releases.Select(release => release with { Recipient = "", ConfirmedRecipient = null })],
        Shipments = [.. order.Shipments.Select(shipment => shipment with { TrackingUrl = null })],
    };

    private static OrderSnapshot? Nameless(OrderSnapshot? snapshot) => snapshot is null ? null
        : snapshot with { ShipTo = null, CancelReason = null };
}
