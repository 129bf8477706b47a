using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Connectors.Events;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// Divides what a webhook only points at. What has become of a shipment, the list that is fetched tells, as it is then;
/// the webhook's type tells which lists are of shipments, and whether fulfilments are rejected ones.
/// </summary>
/// <param name="fetch">From where may be fetched.</param>
/// <param name="storefronts">Names of the storefront sources.</param>
internal sealed class ShipStationHint(FetchRules fetch, IReadOnlyCollection<string> storefronts)
{
    private const int TypeCharsMax = 64;

    /// <summary>Entries of one page: 500 is the most that can be asked for.</summary>
    private const int EntriesMax = 500;

    /// <summary>Pages that one webhook can point at.</summary>
    private const int PagesMax = 100;

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, root =>
    {
        var type = root.Code("resource_type", TypeCharsMax).ToUpperInvariant();
        if (!type.StartsWith("LABEL_", StringComparison.Ordinal)
            && !type.StartsWith("FULFILLMENT_", StringComparison.Ordinal)
            && !type.StartsWith("SHIPMENT_", StringComparison.Ordinal))
            return new Reading.Ignored($"type {Printable.Of(type, TypeCharsMax)} is not one that we act on");
        var page = root.OptionalWhole("page", 1, PagesMax) ?? 1;
        var refused = fetch.WhyRefused(root.Code("resource_url", ConnectorLimits.UrlCharsMax), out var address);
        if (refused is not null)
            root.Fault("resource_url", refused);
        return refused is not null || receipt.Fetched is not { } fetched ? new Reading.Fetch(address)
            : OrderEvents.OfFetched(JsonBody.Read(
                receipt with { Body = fetched.Body }, list => Divide(list, type, page)));
    });

    private Reading Divide(JsonFields list, string type, int page)
    {
        var parts = new List<ReceiptPart>();
        var count = 0;
        foreach (var label in Entries("labels", "label_id"))
        {
            if (label.Flag("voided") != true && label.Flag("is_return_label") != true
                && label.Text("status")?.ToLowerInvariant() is not ("voided" or "error")
                && MayBeOurs(label.Text("external_shipment_id")))
                parts.Add(Part(ShipStationParcel.Shipped, label, "label_id", "carrier_code"));
        }

        foreach (var fulfilment in Entries("fulfillments", "fulfillment_id"))
        {
            // Whose it is only its shipment says.
            if (fulfilment.Flag("voided") != true)
            {
                parts.Add(Part(
                    type.StartsWith("FULFILLMENT_REJECTED", StringComparison.Ordinal)
                        ? ShipStationParcel.Rejected : ShipStationParcel.Shipped,
                    fulfilment, "fulfillment_id", "fulfillment_carrier_friendly_name"));
            }
        }

        foreach (var shipment in Entries("shipments", "shipment_id"))
        {
            if (ShipStationShipment.IsCancelledBy(shipment.Text("shipment_status"))
                && MayBeOurs(shipment.Text("external_shipment_id")))
                parts.Add(Part(ShipStationParcel.Cancelled, shipment, "shipment_id", "carrier_id"));
        }

        if (!list.Has("labels") && !list.Has("fulfillments") && !list.Has("shipments") && count == 0)
            list.Fault("it is no list of labels, fulfillments or shipments");
        if (ShipStationPages.Next(list) is { } next)
            parts.Add(NextPage(list, next, type, page));
        return parts.Count == 0
            ? new Reading.Ignored($"{count} entries, of which none tells of an order of ours")
            : new Reading.Divided(parts, $"{count} entries; {parts.Count} receipts of their own tell what they say");

        // A list, or one thing alone.
        IReadOnlyList<JsonFields> Entries(string name, string id)
        {
            var entries = list.Items(name, EntriesMax) ?? [];
            if (entries.Length == 0 && id != "shipment_id" && list.Has(id))
                entries = [list];
            count += entries.Length;
            return entries;
        }
    }

    private bool MayBeOurs(string? externalId) => externalId is not null
        && (ShipStationReference.IsDigest(externalId)
            || WarehouseEvents.FindReference(storefronts, externalId, out _) is not null);

    /// <summary>What is needed of it, without anything personal.</summary>
    private static ReceiptPart Part(string topic, JsonFields entry, string idName, string carrierName)
    {
        var id = entry.Code(idName, ConnectorLimits.IdCharsMax);
        return new ReceiptPart(topic, id, JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["shipment_id"] = entry.Code("shipment_id", ConnectorLimits.IdCharsMax),
            ["carrier"] = entry.Text(carrierName),
            ["tracking_number"] = entry.Text("tracking_number"),
            ["tracking_url"] = WarehouseEvents.Link(entry.Text("tracking_url", int.MaxValue)),
            ["created_at"] = entry.Text("created_at"),
        }));
    }

    private ReceiptPart NextPage(JsonFields list, string next, string type, int page)
    {
        if (fetch.WhyRefused(next, out _) is { } refused)
            list.Fault("links.next.href", refused);
        if (page == PagesMax)
            list.Fault($"it has more than {PagesMax} pages");
        return new ReceiptPart("", EventKey.Digest(Encoding.UTF8.GetBytes(next)),
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject
            {
                ["resource_type"] = type,
                ["resource_url"] = next,
                ["page"] = page + 1,
            }));
    }
}
