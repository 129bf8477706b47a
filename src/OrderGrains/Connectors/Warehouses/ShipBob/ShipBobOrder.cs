using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>An order as ShipBob tells of it.</summary>
/// <param name="Id">Its own number.</param>
/// <param name="Status">Such as <c>Processing</c>, <c>Fulfilled</c>, <c>Cancelled</c>; empty when it says none.</param>
/// <param name="HasLeft">A shipment of it has left, be it that its webhook has not come yet.</param>
internal sealed record ShipBobOrder(string Id, string Status, bool HasLeft)
{
    public bool IsCancelled => Is("Cancelled");

    /// <summary>All of it has gone.</summary>
    public bool IsFulfilled => Is("Fulfilled");

    public WarehouseAnswer Answer => IsCancelled
        ? new WarehouseAnswer.Cancelled() : new WarehouseAnswer.Taken(Id);

    /// <summary>Null when it is no order, or not the one of our reference.</summary>
    public static ShipBobOrder? Read(JsonElement? value, string reference)
    {
        if (value is not { ValueKind: JsonValueKind.Object } element)
            return null;
        var fault = new JsonFault();
        var fields = new JsonFields(element, "", fault);
        var (id, ours) = (fields.DigitsId("id"), fields.Code("reference_id", ConnectorLimits.TextCharsMax));
        var status = fields.Text("status") ?? "";
        var hasLeft = new JsonFields(element, "", new JsonFault()).Items("shipments", ConnectorLimits.LinesMax)
            ?.Any(shipment => IsGone(shipment.Text("status"))) == true;
        return fault.First is null && ours.Equals(reference, StringComparison.OrdinalIgnoreCase)
            ? new ShipBobOrder(id, status, hasLeft) : null;
    }

    /// <summary>A shipment's status says that it has left, or is labelled and on its way out.</summary>
    public static bool IsGone(string? status) => status?.ToLowerInvariant() is "completed" or "labeledcreated";

    /// <summary>
    /// The body of <c>POST /order</c>. Products are named by SKU and never by a name: with a name ShipBob makes a
    /// product of what it does not know, without one it refuses.
    /// </summary>
    public static byte[] Write(ReleaseRequest request, ShipBobOptions options)
    {
        var to = request.ShipTo ?? new ShipTo();
        var order = new JsonObject
        {
            ["reference_id"] = request.Reference,
            ["order_number"] = request.OrderNumber,
            ["type"] = "DTC",
            ["shipping_method"] = options.ShippingMethod,
            ["purchase_date"] = request.PlacedAt.UtcDateTime,
            ["recipient"] = new JsonObject
            {
                ["name"] = to.Name.Length > 0 ? to.Name : to.Company ?? "",
                ["email"] = to.Email,
                ["phone_number"] = to.Phone,
                ["address"] = new JsonObject
                {
                    ["address1"] = to.Address1,
                    ["address2"] = to.Address2,
                    ["company_name"] = to.Company,
                    ["city"] = to.City,
                    ["state"] = to.Province,
                    ["country"] = to.CountryCode,
                    ["zip_code"] = to.PostalCode,
                },
            },
            ["products"] = new JsonArray([.. Units(request).Select((line, at) => new JsonObject
            {
                ["reference_id"] = line.Sku,
                ["sku"] = line.Sku,
                ["name"] = null,
                ["quantity"] = line.Units,
                ["external_line_id"] = at + 1,
            })]),
        };
        if (options.LocationIds.TryGetValue(request.Location, out var location))
            order["location_id"] = location;
        return JsonSerializer.SerializeToUtf8Bytes(order);
    }

    /// <summary>Units by SKU: that is all that comes back with a parcel.</summary>
    private static IEnumerable<(string Sku, int Units)> Units(ReleaseRequest request) => request.Lines
        .GroupBy(line => line.Sku, StringComparer.Ordinal).Select(same => (same.Key, same.Sum(l => l.Quantity)));

    private bool Is(string status) => Status.Equals(status, StringComparison.OrdinalIgnoreCase);
}
