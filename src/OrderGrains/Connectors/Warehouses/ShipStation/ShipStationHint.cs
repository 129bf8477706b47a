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
        Add("labels", "label_id", "carrier_code", ShipStationParcel.Shipped, label =>
            label.Flag("voided") != true && label.Flag("is_return_label") != true
            && label.Text("status")?.ToLowerInvariant() is not ("voided" or "error"));
        Add("fulfillments", "fulfillment_id", "fulfillment_carrier_friendly_name",
            type.StartsWith("FULFILLMENT_REJECTED", StringComparison.Ordinal)
                ? ShipStationParcel.Rejected : ShipStationParcel.Shipped,
            fulfilment => fulfilment.Flag("voided") != true);
        Add("shipments", "shipment_id", "carrier_id", ShipStationParcel.Cancelled, shipment =>
            ShipStationShipment.IsCancelledBy(shipment.Text("shipment_status"))
            && shipment.Has("external_shipment_id"));

        if (!list.Has("labels") && !list.Has("fulfillments") && !list.Has("shipments") && count == 0)
            list.Fault("it is no list of labels, fulfillments or shipments");
        // Should it be no address of theirs, or one page too many, its own receipt says so.
        if (ShipStationPages.Next(list) is { } next)
            parts.Add(NextPage(next, type, page));
        return parts.Count == 0
            ? new Reading.Ignored($"{count} entries, of which none tells of an order of ours")
            : new Reading.Divided(parts, $"{count} entries; {parts.Count} receipts of their own tell what they say");

        // A list, or one thing alone. What is wrong with an entry is said by its own receipt.
        void Add(string name, string id, string carrier, string topic, Func<JsonFields, bool> counts)
        {
            if (!list.Has(name) && id != "shipment_id" && list.Has(id))
            {
                count++;
                if (!IsOthers(list) && counts(list))
                    parts.Add(Part(topic, list, id, carrier, null));
            }

            foreach (var row in list.Rows(name) ?? [])
            {
                if (row.Index == EntriesMax)
                {
                    list.Fault(name, $"has more than {EntriesMax} entries");
                    break;
                }

                count++;
                var place = $"{name}[{row.Index}]";
                if (row.Fields is not { } entry)
                    parts.Add(Unread(topic, $"{place} {row.Fault.First}", null));
                else if (!IsOthers(entry) && (counts(entry) || row.Fault.First is not null))
                    parts.Add(Part(topic, entry, id, carrier, (place, row.Fault)));
                row.Fault.Take();
            }
        }
    }

    /// <summary>One that names no order may be ours: only its shipment says whose it is.</summary>
    private bool IsOthers(JsonFields entry) =>
        entry.Text("external_shipment_id") is { } externalId && !ShipStationReference.IsDigest(externalId)
        && WarehouseEvents.FindReference(storefronts, externalId, out _) is null;

    /// <summary>What is needed of it, without anything personal.</summary>
    /// <param name="topic">Of the receipt.</param>
    /// <param name="entry">What it tells of.</param>
    /// <param name="idName">Where its id stands.</param>
    /// <param name="carrierName">Where its carrier stands.</param>
    /// <param name="own">Its place in the list, and what is wrong with it alone; null when there is no list.</param>
    private static ReceiptPart Part(
        string topic, JsonFields entry, string idName, string carrierName, (string Place, JsonFault Fault)? own)
    {
        var id = entry.Code(idName, ConnectorLimits.IdCharsMax);
        var part = new JsonObject
        {
            ["shipment_id"] = entry.Code("shipment_id", ConnectorLimits.IdCharsMax),
            ["carrier"] = entry.Text(carrierName),
            ["tracking_number"] = entry.Text("tracking_number"),
            ["tracking_url"] = WarehouseEvents.Link(entry.Text("tracking_url", int.MaxValue)),
            ["created_at"] = entry.Text("created_at"),
        };
        return own is { } row && row.Fault.First is { } wrong
            ? Unread(topic, $"{row.Place}.{wrong}", entry.Text(idName))
            : new ReceiptPart(topic, id, JsonSerializer.SerializeToUtf8Bytes(part));
    }

    /// <summary>An entry of which nobody can make anything: its receipt is parked.</summary>
    private static ReceiptPart Unread(string topic, string fault, string? id)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { [ShipStationParcel.Fault] = fault, ["id"] = id });
        return new ReceiptPart(topic, EventKey.Digest(body), body);
    }

    private static ReceiptPart NextPage(string next, string type, int page) => new(
        "", EventKey.Digest(Encoding.UTF8.GetBytes(next)),
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["resource_type"] = type,
            ["resource_url"] = next,
            ["page"] = page + 1,
        }));
}
