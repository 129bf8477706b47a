using System.Security.Cryptography;
using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>What a warehouse is told of a release, made from the order as it now is. Pure.</summary>
public static class ReleaseRequests
{
    private const int DigestBytes = 12;

    public static ReleaseRequest Of(Order order, Release release) => new()
    {
        Reference = release.Reference,
        Source = order.Key.Source,
        OrderId = order.Key.OrderId,
        OrderNumber = order.Storefront!.Number,
        Location = release.Location,
        PlacedAt = order.Storefront.PlacedAt,
        ShipTo = order.Storefront.ShipTo,
        ShippingMethod = order.Storefront.ShippingMethod,
        Lines = [.. release.Lines.Select(l => new ReleaseRequestLine(l.LineId, l.Sku, l.Quantity))],
        Recipient = RecipientOf(order.Storefront),
    };

    /// <summary>
    /// A digest of who gets the order and how: name, address, phone and method. It tells whether they changed, and says
    /// nothing of the person. The e-mail address is no part of it: no parcel goes there.
    /// </summary>
    public static string RecipientOf(OrderSnapshot storefront)
    {
        var to = storefront.ShipTo is { } shipTo ? shipTo with { Email = null } : null;
        var told = JsonSerializer.SerializeToUtf8Bytes(new Told(to, storefront.ShippingMethod));
        return Convert.ToBase64String(SHA256.HashData(told).AsSpan(0, DigestBytes));
    }

    private sealed record Told(ShipTo? To, string? Method);
}
