using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// A shipment as ShipStation tells of it: what its pages call an order. One that people split there is several, with
/// one <c>external_shipment_id</c>.
/// </summary>
/// <param name="Id">Its own id, such as <c>se-123</c>.</param>
/// <param name="Status">
/// <c>pending</c>, <c>processing</c>, <c>label_purchased</c> or <c>cancelled</c>; empty when it says none.
/// </param>
internal sealed record ShipStationShipment(string Id, string Status)
{
    private const int NumberCharsMax = 50;

    public bool IsCancelled => IsCancelledBy(Status);

    /// <summary>A label is bought: it is on its way out, be it that its webhook has not come yet.</summary>
    public bool HasLabel => Status.Equals("label_purchased", StringComparison.OrdinalIgnoreCase);

    public WarehouseAnswer Answer => IsCancelled
        ? new WarehouseAnswer.Cancelled() : new WarehouseAnswer.Taken(Id);

    public static bool IsCancelledBy(string? status) =>
        string.Equals(status, "cancelled", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it is no shipment, or not the one of our reference.</summary>
    public static ShipStationShipment? Read(JsonElement? value, string reference)
    {
        if (value is not { ValueKind: JsonValueKind.Object } element)
            return null;
        var fault = new JsonFault();
        var fields = new JsonFields(element, "", fault);
        var id = fields.Code("shipment_id", ConnectorLimits.IdCharsMax);
        var ours = fields.Code("external_shipment_id", ConnectorLimits.TextCharsMax);
        var status = fields.Text("shipment_status") ?? "";
        return fault.First is null
            && ours.Equals(ShipStationReference.Of(reference), StringComparison.OrdinalIgnoreCase)
                ? new ShipStationShipment(id, status) : null;
    }

    /// <summary>Those of our reference in a list of shipments; null when there is no such list.</summary>
    public static ShipStationShipment[]? ReadAll(JsonElement? body, string reference) =>
        body is { ValueKind: JsonValueKind.Object } told && JsonText.TryGet(told, "shipments", out var list)
        && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => Read(item, reference)).OfType<ShipStationShipment>()] : null;

    /// <summary>
    /// The body of <c>POST /shipments</c>. <c>create_sales_order</c> is what makes it an order on ShipStation's pages;
    /// without it the shipment is known to the API alone.
    /// </summary>
    public static byte[] Write(ReleaseRequest request, ShipStationOptions options)
    {
        var shipment = new JsonObject
        {
            ["external_shipment_id"] = ShipStationReference.Of(request.Reference),
            ["shipment_number"] = request.OrderNumber is { Length: > NumberCharsMax } number
                ? number[..NumberCharsMax] : request.OrderNumber,
            ["create_sales_order"] = true,
            ["validate_address"] = "no_validation",
            ["ship_to"] = Address(request.ShipTo ?? new ShipTo(), options),
            ["items"] = new JsonArray([.. Units(request).Select(line => new JsonObject
            {
                ["name"] = line.Sku,
                ["sku"] = line.Sku,
                ["quantity"] = line.Units,
                ["external_order_id"] = request.Reference,
            })]),
        };
        if (options.WarehouseIds.TryGetValue(request.Location, out var warehouse))
            shipment["warehouse_id"] = warehouse;
        if (options.StoreId is { Length: > 0 } store)
            shipment["store_id"] = store;
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["shipments"] = new JsonArray(shipment) });
    }

    /// <summary>Texts that are there but empty are refused, so they are left out.</summary>
    private static JsonObject Address(ShipTo to, ShipStationOptions options)
    {
        var address = new JsonObject { ["address_residential_indicator"] = "unknown" };
        foreach (var (name, text) in new[]
        {
            ("name", to.Name.Length > 0 ? to.Name : to.Company),
            ("company_name", to.Company),
            ("phone", string.IsNullOrWhiteSpace(to.Phone) ? options.Phone : to.Phone),
            ("email", to.Email),
            ("address_line1", to.Address1),
            ("address_line2", to.Address2),
            ("city_locality", to.City),
            ("state_province", to.Province),
            ("postal_code", to.PostalCode),
            ("country_code", to.CountryCode),
        })
        {
            if (!string.IsNullOrWhiteSpace(text))
                address[name] = text;
        }

        return address;
    }

    /// <summary>Units by SKU: that is all that comes back with a parcel.</summary>
    private static IEnumerable<(string Sku, int Units)> Units(ReleaseRequest request) => request.Lines
        .GroupBy(line => line.Sku, StringComparer.Ordinal).Select(same => (same.Key, same.Sum(l => l.Quantity)));
}
