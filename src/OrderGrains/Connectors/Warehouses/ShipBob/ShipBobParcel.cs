using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>Reads a shipment that has left. It names products, and not our lines.</summary>
internal static class ShipBobParcel
{
    private const int UnitsMax = ConnectorLimits.UnitsMax;

    public static Shipment Read(Receipt receipt, JsonFields shipment, string id, string reference)
    {
        var tracking = shipment.Object("tracking");
        return new Shipment
        {
            ShipmentId = id,
            Reference = reference,
            Carrier = tracking?.Text("carrier"),
            TrackingNumber = tracking?.Text("tracking_number"),
            TrackingUrl = WarehouseEvents.Link(tracking?.Text("tracking_url", int.MaxValue)),
            Lines = Lines(shipment),
            ShippedAt = ShippedAt(receipt, shipment),
        };
    }

    /// <summary>When it was packed and labelled; its arrival here where ShipBob does not say it yet.</summary>
    private static DateTimeOffset ShippedAt(Receipt receipt, JsonFields shipment)
    {
        if (!shipment.Has("actual_fulfillment_date"))
            return receipt.ReceivedAt;
        var at = shipment.UtcTime("actual_fulfillment_date");
        return at - receipt.ReceivedAt > ConnectorLimits.AheadMax ? receipt.ReceivedAt : at;
    }

    private static ShippedLine[] Lines(JsonFields shipment)
    {
        var products = shipment.Items("products", ConnectorLimits.LinesMax) ?? [];
        if (products.Length == 0)
            shipment.Fault("products", "is missing or empty");
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var product in products)
        {
            var sku = product.OptionalSku("sku") ?? product.Sku("reference_id");
            units[sku] = units.GetValueOrDefault(sku) + Units(product);
        }

        foreach (var (sku, sum) in units.Where(line => line.Value is 0 or > UnitsMax))
            shipment.Fault("products", $"has {sum} units of one SKU: it must be 1 to {UnitsMax}");
        return [.. units.Select(line => new ShippedLine("", (int)Math.Min(line.Value, UnitsMax), line.Key))];
    }

    /// <summary>
    /// A product's units are those of its inventory items, of which there is one for each lot. Of a bundle of
    /// ShipBob's there are several items, and its own units cannot be told.
    /// </summary>
    private static long Units(JsonFields product)
    {
        if (product.OptionalWhole("quantity", 0, UnitsMax) is { } said)
            return said;
        var items = product.Items("inventory_items", ConnectorLimits.LinesMax) ?? [];
        if (items.Length == 0)
            product.Fault("inventory_items", "is missing or empty");
        if (items.Select(item => item.DigitsId("id")).Distinct(StringComparer.Ordinal).Count() > 1)
            product.Fault("inventory_items", "is of several items: a bundle's units cannot be told");
        return items.Sum(item => (long)item.Whole("quantity", 0, UnitsMax));
    }
}
