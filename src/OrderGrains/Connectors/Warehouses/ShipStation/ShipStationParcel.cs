using OrderGrains.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// Reads one label or fulfilment, as <see cref="ShipStationHint"/> wrote it, with its shipment, which is fetched: only
/// the shipment says whose order it is and which units are in it, by SKU.
/// </summary>
/// <param name="baseUrl">The API.</param>
/// <param name="storefronts">Names of the storefront sources.</param>
internal sealed class ShipStationParcel(Uri baseUrl, IReadOnlyCollection<string> storefronts)
{
    /// <summary>Topics of receipts that we make.</summary>
    public const string Shipped = "shipment.made";

    public const string Rejected = "release.refused";
    public const string Cancelled = "release.cancelled";

    private const int UnitsMax = ConnectorLimits.UnitsMax;

    private readonly string _root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, part =>
    {
        var id = part.Code("shipment_id", ConnectorLimits.IdCharsMax);
        return receipt.Fetched is not { } fetched
            ? new Reading.Fetch(new Uri($"{_root}/shipments/{Uri.EscapeDataString(id)}"))
            : OrderEvents.OfFetched(JsonBody.Read(
                receipt with { Body = fetched.Body }, shipment => Read(receipt, part, shipment, id)));
    });

    private Reading Read(Receipt receipt, JsonFields part, JsonFields shipment, string id)
    {
        if (shipment.Code("shipment_id", ConnectorLimits.IdCharsMax) != id)
            shipment.Fault("shipment_id", "is another than the one that was asked for");
        var externalId = shipment.OptionalCode("external_shipment_id", ConnectorLimits.TextCharsMax) ?? "";
        var items = shipment.Items("items", ConnectorLimits.LinesMax) ?? [];
        var carried = items.Select(i => i.OptionalCode("external_order_id", ConnectorLimits.TextCharsMax));
        if (ShipStationReference.Find(externalId, carried.OfType<string>(), storefronts, out var order)
            is not { } reference)
        {
            return ShipStationReference.IsDigest(externalId)
                ? new Reading.Unreadable("external_shipment_id is a digest, and no item's external_order_id fits")
                : new Reading.Ignored("external_shipment_id fits no configured storefront: somebody else's order");
        }

        if (receipt.Topic == Rejected)
            return Understood(new ReleaseRefused(order, reference, "ShipStation says that it is rejected"));
        if (ShipStationShipment.IsCancelledBy(shipment.Text("shipment_status")))
            return Understood(new ReleaseCancelled(order, reference));
        if (receipt.Topic == Cancelled)
            return new Reading.Ignored($"shipment {Printable.Of(id)} of {reference} is not cancelled any more");
        var (lines, note) = Lines(shipment, items);
        return new Reading.Understood(
            new ShipmentMade(order, new Shipment
            {
                // The same for its label, for a label that takes its place, and for a fulfilment.
                ShipmentId = id,
                Reference = reference,
                Carrier = part.Text("carrier"),
                TrackingNumber = part.Text("tracking_number"),
                TrackingUrl = WarehouseEvents.Link(part.Text("tracking_url", int.MaxValue)),
                Lines = lines,
                ShippedAt = ShippedAt(receipt, part),
            }),
            EventKey.Of(receipt.Topic, receipt), note);

        Reading.Understood Understood(OrderChange change) => new(change, EventKey.Of(receipt.Topic, receipt));
    }

    /// <summary>
    /// When it was labelled. The date of shipping has no time of day, and may be still to come. Its arrival here where
    /// nothing is said, or what cannot be yet.
    /// </summary>
    private static DateTimeOffset ShippedAt(Receipt receipt, JsonFields part)
    {
        if (!part.Has("created_at"))
            return receipt.ReceivedAt;
        var at = part.UtcTime("created_at");
        return at - receipt.ReceivedAt > ConnectorLimits.AheadMax ? receipt.ReceivedAt : at;
    }

    /// <summary>People there add lines of their own, such as a gift, which need no SKU.</summary>
    private static (ShippedLine[] Lines, string? Note) Lines(JsonFields shipment, JsonFields[] items)
    {
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        var nameless = 0;
        foreach (var item in items)
        {
            var quantity = item.Whole("quantity", 0, UnitsMax);
            if (quantity == 0)
                continue;
            if (item.OptionalSku("sku") is not { } sku)
            {
                nameless++;
                continue;
            }

            if (item.OptionalSku("bundle_sku") is { } bundle && bundle != sku)
                item.Fault("bundle_sku", "is another than sku: the units of a bundle of ShipStation's cannot be told");
            units[sku] = units.GetValueOrDefault(sku) + quantity;
        }

        if (units.Count == 0)
            shipment.Fault("items", "has no units of a SKU");
        foreach (var sum in units.Values.Where(sum => sum > UnitsMax))
            shipment.Fault("items", $"has {sum} units of one SKU: the limit is {UnitsMax}");
        return ([.. units.Select(line => new ShippedLine("", (int)Math.Min(line.Value, UnitsMax), line.Key))],
            nameless == 0 ? null : $"{nameless} items without a SKU are left out");
    }
}
