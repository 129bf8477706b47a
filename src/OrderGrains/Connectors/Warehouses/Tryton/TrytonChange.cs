using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>Changes of shipments.</summary>
internal static class TrytonChange
{
    public static readonly string[] Fields =
    [
        "number", "reference", "state", "write_date", "outgoing_moves.state", "outgoing_moves.internal_quantity",
        "outgoing_moves.product.code",
    ];

    public static PolledChange Of(JsonFields row)
    {
        var id = TrytonDirectory.Id(row);
        var state = row.Code("state", ConnectorLimits.TextCharsMax);
        var at = TrytonTime.Read(row, "write_date");
        var body = new JsonObject
        {
            ["shipment"] = new JsonObject
            {
                ["id"] = id,
                ["number"] = row.Text("number"),
                ["reference"] = row.Text("reference"),
                ["state"] = state,
                ["at"] = at.UtcDateTime,
                // What is wrong with a line is for the reading of the receipt to say.
                ["lines"] = new JsonArray([.. (row.Items("outgoing_moves.", int.MaxValue) ?? [])
                    .Where(move => move.Text("state") == "done").Select(move => new JsonObject
                    {
                        ["sku"] = move.Object("product.")?.Text("code"),
                        ["quantity"] = move.Text("internal_quantity"),
                    })]),
            },
        };
        return new PolledChange($"{id}:{state}", at, JsonSerializer.SerializeToUtf8Bytes(body));
    }

    /// <summary>Reads the receipt.</summary>
    public static Reading Read(Receipt receipt, JsonFields shipment, IReadOnlyCollection<string> storefronts)
    {
        var reference = shipment.Code("reference", ConnectorLimits.TextCharsMax);
        if (WarehouseEvents.FindReference(storefronts, reference, out var order) is not { } ours)
            return new Reading.Ignored("reference fits no configured storefront: an order of somebody else's");
        var number = shipment.Code("number", ConnectorLimits.TextCharsMax);
        var state = shipment.Code("state", ConnectorLimits.TextCharsMax);
        return state switch
        {
            "done" => new Reading.Understood(
                new ShipmentMade(order, Parcel(receipt, shipment, number, ours)),
                EventKey.Of("shipment.made", receipt)),
            "cancelled" => new Reading.Understood(
                new ReleaseCancelled(order, ours), EventKey.Of("shipment.cancelled", receipt)),
            "waiting" => new Reading.Ignored($"shipment {number} of {ours} waits there: its goods are not assigned"),
            _ => new Reading.Ignored($"shipment {number} of {ours} is {state}: nothing has left"),
        };
    }

    private static Shipment Parcel(Receipt receipt, JsonFields shipment, string number, string reference)
    {
        var at = shipment.Time("at");
        return new Shipment
        {
            ShipmentId = number,
            Reference = reference,
            Lines = WarehouseEvents.LinesBySku(shipment),
            ShippedAt = at - receipt.ReceivedAt > ConnectorLimits.AheadMax ? receipt.ReceivedAt : at,
        };
    }
}
