using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>One type of event, for those who write a receiver.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Meaning">When it is sent.</param>
/// <param name="Schema">JSON Schema (2020-12) of the body.</param>
/// <param name="Example">A body.</param>
internal sealed record EventDescription(string Type, string Meaning, JsonNode Schema, JsonNode Example);

/// <summary>Every event that a subscriber can hear of (CONTRACT section 5).</summary>
internal static class EventCatalog
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    private static readonly OrderEventData Order = new(
        "acme", "1042", "#1042", OrderStatus.Allocated, At.AddMinutes(-2), [new OrderEventLine("11", "POT-1L", 2, 0)]);

    private static readonly IReadOnlyList<OrderEventUnits> Units = [new OrderEventUnits("11", 2)];

    private static readonly ShipTo Somebody = new ShipTo
    {
        Name = "Ada Lovelace",
        City = "London",
        PostalCode = "W1U 3BW",
        CountryCode = "GB",
    }.Masked();

    public static IReadOnlyList<EventDescription> All { get; } =
    [
        OfOrder(EventTypes.OrderReceived, "We hear of an order for the first time.",
            Order with { Status = OrderStatus.Received }),
        OfOrder(EventTypes.OrderBackordered, "Some of its units wait for stock.",
            Order with { Status = OrderStatus.Backordered }),
        OfOrder(EventTypes.OrderAllocated, "Its stock is reserved, and a warehouse is asked.", Order),
        OfOrder(EventTypes.OrderReleased,
            "A warehouse has taken it. Not sent when it is known to have shipped before that is known.", Order with
        {
            Status = OrderStatus.Released,
            Releases = [new OrderEventRelease("acme-1042-1", "east-wms", "east", "WH-77", Units)],
        }),
        OfOrder(EventTypes.OrderShipped,
            "A parcel has left: one event for each. Without a shipment: nothing is left to send, others sent it.",
            Order with
            {
                Status = OrderStatus.Shipped,
                Lines = [new OrderEventLine("11", "POT-1L", 2, 2)],
                Shipment = new OrderEventShipment(
                    "S-1", "acme-1042-1", "DHL", "00340434161094000001", "https://track.example/00340434161094000001",
                    At, Units),
            }),
        OfOrder(EventTypes.OrderCancelled, "It is cancelled, and nothing of it is at a warehouse.",
            Order with { Status = OrderStatus.Cancelled, Reason = "by the storefront" }),
        OfOrder(EventTypes.OrderHeld, "It waits for a person, or for the storefront.",
            Order with { Status = OrderStatus.OnHold, Reason = "held by ops" }),
        Of(EventTypes.StockChanged,
            "Units of a SKU at a location came, went, were reserved or given back. Changes within a second are one "
            + "event, and what it says is as of its sending: a newer one takes the place of one that is not sent yet.",
            "stock/east/POT-1L", 17, new StockEventData("east", "POT-1L", 40, 12, 28, 0)),
        Of(EventTypes.MessageParked, "The first message of a destination is parked for this reason.",
            "destination/east-wms", null, new MessageParkedData(
                "east-wms", "Release", "order/acme/1042", "refused by the destination")),
        Of(EventTypes.ReceiptParked, "The first webhook of a source is parked for this reason.", "source/acme", null,
            new ReceiptParkedData("acme", Guid.Parse("01957f3c-0000-7000-8000-000000000001"), "orders/create", null,
                "id is missing")),
        Of(EventTypes.DestinationOpened, "A destination fails as a whole: single calls ask whether it is back.",
            "destination/east-wms", null,
            new DestinationOpenedData("east-wms", "503 from the destination")),
        Of(EventTypes.DestinationClosed, "It is back, and what waited is sent.", "destination/east-wms", null,
            new DestinationClosedData("east-wms", At.AddMinutes(-7))),
        Of(EventTypes.SourceSilent, "No webhook came from a source for as long as its SilentAfter.",
            "source/acme", null, new SourceSilentData("acme", At.AddHours(-2))),
        Of(EventTypes.StockShort, "A count found fewer units than warehouses have orders for.", "stock/east/POT-1L",
            null, new StockShortData("east", "POT-1L", 3)),
        Of(EventTypes.Test, "An operator pressed the test button; every subscriber gets it.", "destination/erp", null,
            new SubscriberTestData("erp", "A test by an operator: nothing happened.")),
    ];

    private static EventDescription OfOrder(string type, string meaning, OrderEventData data) =>
        Of(type, meaning, "order/acme/1042", 192, data, Somebody);

    private static EventDescription Of<T>(
        string type, string meaning, string subject, long? sequence, T data, ShipTo? shipTo = null)
    {
        var schema = SchemaOf<T>();
        var facts = JsonSerializer.SerializeToNode(data, EventFacts.Json)!;
        if (shipTo is not null)
        {
            schema["properties"]!["shipTo"] = SchemaOf<ShipTo>();
            facts["shipTo"] = JsonSerializer.SerializeToNode(shipTo, EventFacts.Json);
        }

        var example = new JsonObject
        {
            ["type"] = type,
            ["timestamp"] = JsonSerializer.SerializeToNode(At, EventFacts.Json),
            ["subject"] = subject,
        };
        if (sequence is { } number)
            example["sequence"] = number;
        example["data"] = facts;
        Rebase(schema, "#/properties/data/");
        return new EventDescription(type, meaning, Body(type, schema), example);
    }

    private static JsonObject Body(string type, JsonNode data) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["const"] = type },
            ["timestamp"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["subject"] = new JsonObject { ["type"] = "string" },
            ["sequence"] = new JsonObject { ["type"] = "integer" },
            ["data"] = data,
        },
        ["required"] = new JsonArray("type", "timestamp", "subject", "data"),
    };

    /// <summary>References begin at the root, and the data's schema is not there.</summary>
    private static void Rebase(JsonNode? schema, string root)
    {
        if (schema is JsonArray all)
        {
            foreach (var item in all)
                Rebase(item, root);
        }
        else if (schema is JsonObject one)
        {
            if (one["$ref"] is JsonValue to)
                one["$ref"] = root + to.GetValue<string>()["#/".Length..];
            foreach (var (_, child) in one)
                Rebase(child, root);
        }
    }

    /// <summary>What is null is left out, so only what can never be is required.</summary>
    private static JsonNode SchemaOf<T>() => EventFacts.Json.GetJsonSchemaAsNode(
        typeof(T), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = static (context, schema) =>
            {
                // It has a converter of ours, which says nothing of its form.
                if (context.TypeInfo.Type == typeof(DateTimeOffset))
                    return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
                if (context.TypeInfo.Type == typeof(DateTimeOffset?))
                    return new JsonObject { ["type"] = new JsonArray("string", "null"), ["format"] = "date-time" };
                if (schema is JsonObject known && known["required"] is JsonArray required
                    && known["properties"] is JsonObject properties)
                {
                    var never = required.Select(name => name!.GetValue<string>())
                        .Where(name => !MayBeNull(properties[name])).ToArray();
                    known["required"] = new JsonArray([.. never.Select(name => (JsonNode)name)]);
                }

                return schema;
            },
        });

    private static bool MayBeNull(JsonNode? schema) =>
        schema is JsonObject known && known["type"] is JsonArray types
        && types.Any(type => type!.GetValue<string>() == "null");
}
