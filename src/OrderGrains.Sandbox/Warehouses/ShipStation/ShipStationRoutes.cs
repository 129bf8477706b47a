using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.ShipStation;

/// <summary>The calls of ShipStation's API that a warehouse connector needs, with the script's faults.</summary>
internal sealed class ShipStationRoutes(
    ShipStationBook book, FaultScript faults, TimeProvider time, Func<HttpContext, IResult?> admit, Func<Uri> baseUrl)
{
    /// <summary>Smaller than the real one's, so that a test turns a page.</summary>
    private const int PageMax = 2;

    private static readonly string[] AddressFields =
    [
        "name", "phone", "address_line1", "city_locality", "postal_code", "country_code",
        "address_residential_indicator",
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2/shipments", TakeAsync);
        routes.MapGet("/v2/shipments/external_shipment_id/{id}", context => ServeAsync(
            context, CallKind.FindOrder, Route(context),
            id => book.Find(id) is { } found ? Json(Body(found)) : None()));
        routes.MapGet("/v2/shipments/{id}", context => ServeAsync(
            context, CallKind.FetchNews, Route(context),
            id => book.FindById(id) is { } found ? Json(Body(found)) : None()));
        routes.MapGet("/v2/shipments", context => ServeAsync(
            context, CallKind.FindOrder, Query(context, "external_shipment_id"), id => List(
                context, "shipments", book.Shipments.Where(s => id.Length == 0
                    || s.ExternalId.Equals(id, StringComparison.OrdinalIgnoreCase)).Select(Body))));
        routes.MapPut("/v2/shipments/{id}/cancel", context => ServeAsync(
            context, CallKind.CancelOrder, Route(context), Cancel));
        routes.MapGet("/v2/labels", context => ServeAsync(
            context, CallKind.FetchNews, Query(context, "batch_id"), batch => List(
                context, "labels", book.Labels.Where(l => l.BatchId == batch).Select(Label))));
        routes.MapGet("/v2/fulfillments", context => ServeAsync(
            context, CallKind.FetchNews, Query(context, "fulfillment_id"), id => List(
                context, "fulfillments", book.Fulfilments.Where(f => f.Id == id).Select(Fulfilment))));
        routes.MapGet("/v2/inventory", context => ServeAsync(
            context, CallKind.CountStock, Query(context, "inventory_warehouse_id"), id => List(
                context, "inventory",
                (id == ShipStationServer.InventoryWarehouseId ? book.OnHand : []).Select(Row))));
    }

    /// <summary>An error as each failed call has it.</summary>
    public static IResult Wrong(int status, string type, string code, string message) => Json(new JsonObject
    {
        ["request_id"] = "00000000-0000-4000-8000-000000000000",
        ["errors"] = new JsonArray(new JsonObject
        {
            ["error_source"] = "ShipStation",
            ["error_type"] = type,
            ["error_code"] = code,
            ["message"] = message,
        }),
    }, status);

    public static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Text(body.ToJsonString(JsonSerializerOptions.Default), "application/json", statusCode: status);

    private Task ServeAsync(HttpContext context, CallKind kind, string subject, Func<string, IResult> act) =>
        FaultedCall.ServeAsync(
            context, new WarehouseCall(kind, subject), faults, time, admit, () => act(subject));

    private async Task TakeAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var shipment = (body as JsonObject)?["shipments"] is JsonArray and [JsonObject one] ? one : [];
        await ServeAsync(
            context, CallKind.TakeOrder, Text(shipment, "external_shipment_id"), id => Take(id, shipment));
    }

    private IResult Take(string externalId, JsonObject shipment)
    {
        if (shipment["ship_to"] is not JsonObject to)
            return Wrong(400, "validation", "field_value_required", "ship_to must be specified.");
        foreach (var name in AddressFields.Where(name => Text(to, name).Length == 0))
            return Wrong(400, "validation", "field_value_required", $"{name} must be specified.");
        if (to.Any(field => field.Value is JsonValue value && value.ToString().Length == 0))
            return Wrong(400, "validation", "invalid_string_length", "A text must not be empty.");
        if (Text(to, "country_code").Length != 2)
            return Wrong(400, "validation", "invalid_field_value", "country_code must be of two letters.");
        if (Text(shipment, "warehouse_id") is var warehouse && warehouse != ShipStationServer.WarehouseId)
        {
            return Wrong(400, "validation", warehouse.Length == 0 ? "field_value_required" : "invalid_identifier",
                "warehouse_id or ship_from must be specified.");
        }
        // Without it the shipment is on none of the pages where people buy labels.
        if ((bool?)shipment["create_sales_order"] != true)
            return Failed("No sales order is asked for.");
        var items = (shipment["items"] as JsonArray ?? []).Select(item => item!.AsObject()).ToArray();
        if (items.Length == 0
            || items.Any(item => Text(item, "sku").Length == 0 || (int?)item["quantity"] is null or < 1))
            return Failed("Each item needs a sku and a quantity.");
        var units = items.GroupBy(item => Text(item, "sku"), StringComparer.Ordinal).ToDictionary(
            item => item.Key, same => same.Sum(item => (int)item["quantity"]!), StringComparer.Ordinal);
        var taken = book.Take(
            externalId, (string?)shipment["shipment_number"], warehouse, units, Text(items[0], "external_order_id"));
        return taken is null ? Failed("The external_shipment_id is in use.") : Json(new JsonObject
        {
            ["has_errors"] = false,
            ["shipments"] = new JsonArray(Body(taken)),
        });
    }

    /// <summary>A call that succeeds, with a shipment that does not.</summary>
    private static IResult Failed(string why) => Json(new JsonObject
    {
        ["has_errors"] = true,
        ["shipments"] = new JsonArray(new JsonObject { ["errors"] = new JsonArray(why) }),
    });

    private IResult Cancel(string id) =>
        book.FindById(id) is null ? None()
            : book.Cancel(id) is { } wrong ? Wrong(400, "business_rules", "invalid_status", wrong)
            : Results.StatusCode(StatusCodes.Status204NoContent);

    private static IResult None() => Wrong(404, "validation", "invalid_identifier", "There is no such shipment.");

    private IResult List(HttpContext context, string name, IEnumerable<JsonObject> all)
    {
        var page = int.TryParse(Query(context, "page"), out var asked) ? asked : 1;
        var entries = all.ToArray();
        var next = new JsonObject();
        if (entries.Length > page * PageMax)
        {
            var query = context.Request.Query.Where(q => q.Key != "page")
                .Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}").Append($"page={page + 1}");
            next["href"] = $"{baseUrl()}{context.Request.Path.Value!["/v2".Length..]}?{string.Join('&', query)}";
        }
        return Json(new JsonObject
        {
            [name] = new JsonArray([.. entries.Skip((page - 1) * PageMax).Take(PageMax)]),
            ["total"] = entries.Length,
            ["page"] = page,
            ["pages"] = (entries.Length + PageMax - 1) / PageMax,
            ["links"] = new JsonObject { ["next"] = next, ["prev"] = new JsonObject() },
        });
    }

    private static JsonObject Body(ShipStationShipment shipment) => new()
    {
        ["shipment_id"] = shipment.Id,
        ["external_shipment_id"] = shipment.ExternalId,
        ["shipment_number"] = shipment.Number,
        ["shipment_status"] = shipment.Status,
        ["warehouse_id"] = shipment.WarehouseId,
        ["ship_to"] = new JsonObject { ["name"] = "Zoe Quill", ["address_line1"] = "1 Hidden Lane" },
        ["items"] = new JsonArray([.. shipment.Units.Select(line => new JsonObject
        {
            ["name"] = line.Key,
            ["sku"] = line.Key,
            ["bundle_sku"] = null,
            ["quantity"] = line.Value,
            ["external_order_id"] = shipment.OrderId,
        })]),
    };

    private JsonObject Label(ShipStationLabel label) => new()
    {
        ["label_id"] = label.Id,
        ["status"] = label.IsVoided ? "voided" : "completed",
        ["shipment_id"] = label.ShipmentId,
        ["external_shipment_id"] = book.FindById(label.ShipmentId)!.ExternalId,
        ["created_at"] = label.At.UtcDateTime,
        ["ship_date"] = label.At.UtcDateTime.Date,
        ["tracking_number"] = label.TrackingNumber,
        ["tracking_url"] = $"https://parcels.example.com/{label.TrackingNumber}",
        ["carrier_code"] = "parcel_pigeon",
        ["batch_id"] = label.BatchId,
        ["is_return_label"] = false,
        ["voided"] = label.IsVoided,
        ["ship_to"] = new JsonObject { ["name"] = "Zoe Quill", ["address_line1"] = "1 Hidden Lane" },
    };

    private static JsonObject Fulfilment(ShipStationLabel gone) => new()
    {
        ["fulfillment_id"] = gone.Id,
        ["shipment_id"] = gone.ShipmentId,
        ["tracking_number"] = gone.TrackingNumber,
        ["created_at"] = gone.At.UtcDateTime,
        ["ship_date"] = gone.At.UtcDateTime,
        ["fulfillment_carrier_friendly_name"] = "Parcel Pigeon",
        ["fulfillment_provider_code"] = "external",
        ["voided"] = gone.IsVoided,
        ["ship_to"] = new JsonObject { ["name"] = "Zoe Quill" },
    };

    private static JsonObject Row((string Sku, string Shelf, int Units) row) => new()
    {
        ["sku"] = row.Sku,
        ["on_hand"] = row.Units,
        ["allocated"] = 0,
        ["available"] = row.Units,
        ["inventory_warehouse_id"] = ShipStationServer.InventoryWarehouseId,
        ["inventory_location_id"] = row.Shelf,
    };

    private static string Route(HttpContext context) => (string)context.GetRouteValue("id")!;

    private static string Query(HttpContext context, string name) => context.Request.Query[name].ToString();

    private static string Text(JsonObject of, string name) => of[name]?.ToString() ?? "";
}
