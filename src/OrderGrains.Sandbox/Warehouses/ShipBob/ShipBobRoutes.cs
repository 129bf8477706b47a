using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.ShipBob;

/// <summary>The calls of ShipBob's API that a warehouse connector needs, with the script's faults.</summary>
internal sealed class ShipBobRoutes(
    ShipBobBook book, FaultScript faults, TimeProvider time, Func<HttpContext, IResult?> admit)
{
    /// <summary>Smaller than the real one's, so that a test turns a page.</summary>
    private const int PageMax = 2;

    private static readonly string[] Required = ["products", "recipient", "reference_id", "shipping_method", "type"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/2026-01/product", context => ServeAsync(
            context, CallKind.FindProduct, context.Request.Query["SKU"].ToString(), FindProduct));
        routes.MapPost("/2026-01/order", TakeAsync);
        routes.MapGet("/2026-01/order", context => ServeAsync(
            context, CallKind.FindOrder, context.Request.Query["ReferenceIds"].ToString(), Find));
        routes.MapPost("/2026-01/order/{id:long}:cancel", context => ServeAsync(
            context, CallKind.CancelOrder, (string)context.GetRouteValue("id")!, Cancel));
        routes.MapGet("/2026-01/inventory-level/locations", context => ServeAsync(
            context, CallKind.CountStock, context.Request.Query["LocationId"].ToString(),
            location => Count(location, context.Request.Query["Cursor"].ToString())));
    }

    private Task ServeAsync(HttpContext context, CallKind kind, string subject, Func<string, IResult> act) =>
        FaultedCall.ServeAsync(
            context, new WarehouseCall(kind, subject), faults, time, admit, () => act(subject));

    private async Task TakeAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var order = body as JsonObject ?? [];
        await ServeAsync(context, CallKind.TakeOrder, (string?)order["reference_id"] ?? "", reference =>
            context.Request.Headers.ContainsKey("shipbob_channel_id")
                ? Take(reference, order) : Wrong(400, "shipbob_channel_id", "A channel is required"));
    }

    private IResult Take(string reference, JsonObject order)
    {
        foreach (var name in Required.Where(name => order[name] is null))
            return Wrong(400, name, "This field is required");
        if (order["recipient"]!["address"] is not JsonObject address || Text(address, "address1").Length == 0
            || Text(address, "city").Length == 0 || Text(address, "country").Length != 2)
            return Wrong(400, "recipient.address", "address1, city and a country of two letters are required");
        var products = order["products"]!.AsArray().Select(p => p!.AsObject()).Select(p =>
            (Sku: Text(p, "reference_id"), Name: (string?)p["name"], Units: (int?)p["quantity"] ?? 0)).ToArray();
        if (products.Length == 0 || products.Any(p => p.Sku.Length == 0 || p.Units < 1))
            return Wrong(400, "products", "Each needs a reference_id and a quantity");
        var location = (int?)order["location_id"];
        if (location is not null and not ShipBobServer.LocationId)
            return Wrong(422, "location_id", "There is no such location");
        var (taken, field, wrong) = book.Take(reference, (string?)order["order_number"], products, location);
        return taken is null ? Wrong(422, field!, wrong!) : Json(Body(taken), 201);
    }

    private IResult FindProduct(string sku) => Json(new JsonObject
    {
        // A search, and not a comparison: it finds whatever begins so, too.
        ["items"] = new JsonArray([.. book.OnHand.Keys.Concat(book.Phantoms).Distinct(StringComparer.Ordinal)
            .Where(known => known.StartsWith(sku, StringComparison.OrdinalIgnoreCase))
            .Select(known => new JsonObject
            {
                ["id"] = book.FindProduct(known),
                ["name"] = known,
                ["variants"] = new JsonArray(new JsonObject { ["id"] = book.FindProduct(known), ["sku"] = known }),
            })]),
        ["next"] = null,
    });

    private IResult Find(string references) => Json(new JsonArray(
        [.. references.Split(',').Select(book.Find).OfType<ShipBobOrder>().Select(Body)]));

    private IResult Cancel(string id)
    {
        if (book.Cancel(long.Parse(id, CultureInfo.InvariantCulture)) is not { } cancelling)
            return Results.StatusCode(StatusCodes.Status404NotFound);
        if (cancelling.Results.Count == 0)
            return Wrong(422, "order", "It is cancelled already");
        var failed = cancelling.Results.Count(r => r.Wrong is not null);
        return Json(new JsonObject
        {
            ["order_id"] = cancelling.Order.Id,
            ["status"] = failed == 0 ? "Success"
                : failed == cancelling.Results.Count ? "Failure" : "PartialSuccess",
            ["order"] = Body(cancelling.Order),
            ["canceled_shipment_results"] = new JsonArray([.. cancelling.Results.Select(r => new JsonObject
            {
                ["action"] = "Cancel",
                ["shipment_id"] = r.ShipmentId,
                ["is_success"] = r.Wrong is null,
                ["reason"] = r.Wrong,
            })]),
        });
    }

    private IResult Count(string location, string cursor)
    {
        var all = book.OnHand.OrderBy(item => item.Key, StringComparer.Ordinal)
            .SkipWhile(item => cursor.Length > 0 && string.CompareOrdinal(item.Key, cursor) <= 0).ToArray();
        var page = all.Take(PageMax).ToArray();
        return Json(new JsonObject
        {
            ["items"] = new JsonArray([.. page.Select(item => new JsonObject
            {
                ["inventory_id"] = book.FindProduct(item.Key),
                ["sku"] = item.Key,
                ["locations"] = new JsonArray(new JsonObject
                {
                    ["location_id"] = ShipBobServer.LocationId,
                    ["on_hand_quantity"] = item.Value,
                }),
            })]),
            ["next"] = all.Length > PageMax ? $"/2026-01/inventory-level/locations?LocationId={location}&Cursor="
                + Uri.EscapeDataString(page[^1].Key) : null,
        });
    }

    private static JsonObject Body(ShipBobOrder order) => new()
    {
        ["id"] = order.Id,
        ["reference_id"] = order.ReferenceId,
        ["order_number"] = order.OrderNumber,
        ["status"] = order.Status,
        ["products"] = new JsonArray([.. order.Units.Select(line =>
            new JsonObject { ["reference_id"] = line.Key, ["sku"] = line.Key, ["quantity"] = line.Value })]),
        ["shipments"] = new JsonArray([.. order.Shipments.Select(s => ShipBobServer.Body(order, s))]),
    };

    private static string Text(JsonObject of, string name) => (string?)of[name] ?? "";

    /// <summary>A field, and what is wrong with it.</summary>
    private static IResult Wrong(int status, string field, string wrong) =>
        Json(new JsonObject { [field] = new JsonArray(wrong) }, status);

    private static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Text(body.ToJsonString(JsonSerializerOptions.Default), "application/json", statusCode: status);
}
