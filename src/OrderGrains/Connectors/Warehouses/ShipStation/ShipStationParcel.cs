using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// Reads one label or fulfilment, as <see cref="ShipStationHint"/> wrote it, with its shipment, which is fetched: only
/// the shipment says whose order it is and which units are in it, by SKU. One that is cancelled or rejected may be a
/// part of what people there have split: it becomes another receipt, for which all parts are fetched.
/// </summary>
/// <param name="baseUrl">The API.</param>
/// <param name="storefronts">Names of the storefront sources.</param>
internal sealed class ShipStationParcel(Uri baseUrl, IReadOnlyCollection<string> storefronts)
{
    /// <summary>Topics of receipts that we make.</summary>
    public const string Shipped = "shipment.made";

    public const string Rejected = "release.refused";
    public const string Cancelled = "release.cancelled";

    /// <summary>In a receipt that we make of what cannot be read: why.</summary>
    public const string Fault = "fault";

    /// <summary>In a receipt for which all parts are fetched: by what they are found.</summary>
    private const string ExternalId = "external_shipment_id";

    private const int UnitsMax = ConnectorLimits.UnitsMax;

    private readonly string _root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, part =>
    {
        if (part.Text(Fault) is { } fault)
            return new Reading.Unreadable(fault);
        var id = part.Code("shipment_id", ConnectorLimits.IdCharsMax);
        var all = part.OptionalCode(ExternalId, ConnectorLimits.TextCharsMax);
        var address = new Uri(all is null ? $"{_root}/shipments/{Uri.EscapeDataString(id)}"
            : $"{_root}/shipments?{ExternalId}={Uri.EscapeDataString(all)}&page_size={ShipStationPages.PartsMax}");
        return receipt.Fetched is not { } fetched ? new Reading.Fetch(address)
            : OrderEvents.OfFetched(JsonBody.Read(
                receipt with { Body = fetched.Body }, body => all is null
                    ? Read(receipt, part, body, id) : ReadAll(receipt, body, id, all, address)));
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
            return LookAtAll(Rejected);
        if (ShipStationShipment.IsCancelledBy(shipment.Text("shipment_status")))
            return LookAtAll(Cancelled);
        if (receipt.Topic == Cancelled)
            return new Reading.Ignored($"shipment {Printable.Of(id)} of {reference} is not cancelled any more");
        var (lines, note) = Lines(shipment, items);
        var number = part.Text("tracking_number");
        return new Reading.Understood(
            new ShipmentMade(order, new Shipment
            {
                // The same for its label, for a label that takes its place, and for a fulfilment.
                ShipmentId = id,
                Reference = reference,
                Carrier = part.Text("carrier"),
                TrackingNumber = number,
                NumberedAt = number is not null && part.Has("created_at") ? ShippedAt(receipt, part) : null,
                TrackingUrl = WarehouseEvents.Link(part.Text("tracking_url", int.MaxValue)),
                Lines = lines,
                ShippedAt = ShippedAt(receipt, part),
            }),
            EventKey.Of(receipt.Topic, receipt), note);

        Reading.Divided LookAtAll(string topic) => new(
            [
                new ReceiptPart(topic, receipt.DeliveryId ?? id, JsonSerializer.SerializeToUtf8Bytes(
                    new JsonObject { ["shipment_id"] = id, [ExternalId] = externalId })),
            ],
            $"shipment {Printable.Of(id)} may be a part of {reference}: all parts of it are looked at");
    }

    /// <summary>A release ends when nothing of it is left there.</summary>
    private Reading ReadAll(Receipt receipt, JsonFields list, string id, string externalId, Uri address)
    {
        if (!list.Has("shipments"))
            list.Missing("shipments");
        if (ShipStationPages.Next(list) is not null)
            list.Fault("shipments", $"has more than {ShipStationPages.PartsMax} parts of one order");
        var (carried, isThere, isOver) = (new List<string>(), false, true);
        foreach (var shipment in list.Items("shipments", ShipStationPages.PartsMax) ?? [])
        {
            if (!externalId.Equals(shipment.Text(ExternalId), StringComparison.OrdinalIgnoreCase))
                continue;
            carried.AddRange((shipment.Items("items", ConnectorLimits.LinesMax) ?? [])
                .Select(i => i.OptionalCode("external_order_id", ConnectorLimits.TextCharsMax)).OfType<string>());
            if (shipment.Code("shipment_id", ConnectorLimits.IdCharsMax) == id)
                isThere = true;
            else
                isOver &= ShipStationShipment.IsCancelledBy(shipment.Text("shipment_status"));
        }

        if (!isThere)
            return new Reading.Fetch(address, $"shipment {Printable.Of(id)} is not among those of its order yet");
        if (ShipStationReference.Find(externalId, carried, storefronts, out var order) is not { } reference)
            return new Reading.Unreadable("the shipments do not say whose order they are");
        var isRejected = receipt.Topic == Rejected;
        if (!isOver)
            return new Reading.Unreadable($"a part of {reference} was {(isRejected ? "rejected" : "cancelled")}");
        return new Reading.Understood(
            isRejected ? new ReleaseRefused(order, reference, "ShipStation says that it is rejected")
                : new ReleaseCancelled(order, reference),
            EventKey.Of(receipt.Topic, receipt));
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
