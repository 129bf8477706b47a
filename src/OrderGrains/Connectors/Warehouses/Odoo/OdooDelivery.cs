using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>Changes of deliveries, <c>stock.picking</c> of an outgoing type.</summary>
internal static class OdooDelivery
{
    public const string Model = "stock.picking";

    /// <summary>What only the module <c>stock_delivery</c> has.</summary>
    public static readonly string[] CarrierFields = ["carrier_id", "carrier_tracking_ref"];

    /// <param name="hasCarrier">Odoo has <see cref="CarrierFields"/>.</param>
    public static JsonObject Fields(bool hasCarrier)
    {
        var fields = OdooQuery.Of("name", "state", "write_date", "date_done");
        OdooQuery.With(fields, "sale_id", OdooQuery.With(
            OdooQuery.Of("client_order_ref"), "picking_ids", OdooQuery.Of("state", "picking_type_code")));
        OdooQuery.With(fields, "move_line_ids", OdooQuery.With(
            OdooQuery.Of("quantity_product_uom"), "product_id", OdooQuery.Of("default_code")));
        if (hasCarrier)
        {
            OdooQuery.With(fields, "carrier_id", OdooQuery.Of("display_name"));
            fields["carrier_tracking_ref"] = new JsonObject();
        }

        return fields;
    }

    public static PolledChange Of(JsonFields row)
    {
        var id = OdooApi.Id(row);
        var state = row.Code("state", ConnectorLimits.TextCharsMax);
        var at = row.UtcTime("write_date");
        var isDone = state == "done";
        var tracking = Given(row, "carrier_tracking_ref") ? row.Text("carrier_tracking_ref") : null;
        var order = row.Object("sale_id");
        var lines = isDone ? row.Items("move_line_ids", int.MaxValue) ?? [] : [];
        var body = new JsonObject
        {
            ["shipment"] = new JsonObject
            {
                ["name"] = row.Text("name"),
                ["reference"] = order?.Text("client_order_ref"),
                ["state"] = state,
                ["shippedAt"] = isDone ? row.UtcTime("date_done").UtcDateTime : null,
                ["at"] = at.UtcDateTime,
                ["open"] = (order?.Items("picking_ids", int.MaxValue) ?? []).Count(IsOpen),
                ["carrier"] = Given(row, "carrier_id") ? row.Object("carrier_id")?.Text("display_name") : null,
                ["trackingNumber"] = tracking,
                // What is wrong with a line is for the reading of the receipt to say.
                ["lines"] = new JsonArray([.. lines.Select(line => new JsonObject
                {
                    ["sku"] = line.Object("product_id")?.FindSku("default_code"),
                    ["quantity"] = line.Text("quantity_product_uom"),
                })]),
            },
        };
        // A number that comes later, or is mended, is a change of its own.
        var number = tracking is null ? "" : $":{Digest(tracking)}";
        return new PolledChange($"{id}:{state}{number}", at, JsonSerializer.SerializeToUtf8Bytes(body));
    }

    /// <summary>Reads the receipt.</summary>
    public static Reading Read(Receipt receipt, JsonFields shipment, IReadOnlyCollection<string> storefronts)
    {
        var reference = shipment.Code("reference", ConnectorLimits.TextCharsMax);
        if (WarehouseEvents.FindReference(storefronts, reference, out var order) is not { } ours)
            return new Reading.Ignored("reference fits no configured storefront: an order of somebody else's");
        var name = shipment.Code("name", ConnectorLimits.TextCharsMax);
        var state = shipment.Code("state", ConnectorLimits.TextCharsMax);
        if (state == "done")
        {
            return new Reading.Understood(
                new ShipmentMade(order, Parcel(receipt, shipment, name, ours)),
                EventKey.Of("shipment.made", receipt));
        }

        if (state != "cancel")
            return new Reading.Ignored($"delivery {name} of {ours} is {state}: nothing has left");
        return shipment.Whole("open", 0, int.MaxValue) is > 0 and var open
            ? new Reading.Unreadable(
                $"delivery {name} of {ours} was cancelled there, and {open} others of it are still to be sent: cancel "
                + "the rest there too, or make a new delivery of what is missing")
            : new Reading.Understood(
                new ReleaseCancelled(order, ours), EventKey.Of("shipment.cancelled", receipt));
    }

    private static Shipment Parcel(Receipt receipt, JsonFields shipment, string name, string reference) => new()
    {
        ShipmentId = name,
        Reference = reference,
        Carrier = shipment.Text("carrier"),
        TrackingNumber = shipment.Text("trackingNumber"),
        NumberedAt = shipment.Time("at"),
        Lines = WarehouseEvents.LinesBySku(shipment),
        ShippedAt = SenderTime.Read(shipment, "shippedAt", receipt.ReceivedAt).Counts,
    };

    private static bool IsOpen(JsonFields picking) =>
        picking.Text("picking_type_code") == "outgoing" && picking.Text("state") is not ("done" or "cancel");

    /// <summary>Odoo says false of what has no value.</summary>
    private static bool Given(JsonFields row, string name) => row.Has(name) && !row.IsFalse(name);

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
