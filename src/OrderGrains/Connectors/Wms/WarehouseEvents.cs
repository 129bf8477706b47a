namespace OrderGrains.Connectors.Wms;

/// <summary>Translates the <c>data</c> of each type of warehouse event (CONTRACT section 3).</summary>
internal static class WarehouseEvents
{
    private const int TextCharsMax = ConnectorLimits.TextCharsMax;
    private const int UnitsMax = ConnectorLimits.UnitsMax;
    private const int OnHandMax = ConnectorLimits.OnHandMax;

    public static Change Shipped(IReadOnlyCollection<string> storefronts, JsonFields data)
    {
        var reference = Reference(storefronts, data, out var order);
        return new ShipmentMade(order, new Shipment
        {
            ShipmentId = data.Code("shipmentId", TextCharsMax),
            Reference = reference,
            Carrier = data.Text("carrier"),
            TrackingNumber = data.Text("trackingNumber"),
            TrackingUrl = Link(data.Text("trackingUrl", ConnectorLimits.UrlCharsMax)),
            Lines = ShippedLines(data),
            ShippedAt = data.Time("shippedAt"),
        });
    }

    public static Change Refused(IReadOnlyCollection<string> storefronts, JsonFields data)
    {
        var reference = Reference(storefronts, data, out var order);
        return new ReleaseRefused(order, reference, Words(data));
    }

    public static Change Cancelled(IReadOnlyCollection<string> storefronts, JsonFields data)
    {
        var reference = Reference(storefronts, data, out var order);
        return new ReleaseCancelled(order, reference);
    }

    public static Change Counted(JsonFields data)
    {
        var location = Location(data);
        var items = data.Items("items", ConnectorLimits.StockItemsMax);
        if (items is null)
            data.Missing("items");
        var known = new HashSet<string>(StringComparer.Ordinal);
        var counted = new List<StockItem>(items?.Length ?? 0);
        foreach (var item in items ?? [])
        {
            counted.Add(new StockItem(item.Code("sku", TextCharsMax), item.Whole("onHand", 0, OnHandMax)));
            if (!known.Add(counted[^1].Sku))
                item.Fault("sku", "is that of an earlier item");
        }

        return new StockCounted(location, data.Time("asOf"), counted.ToArray());
    }

    public static Change Adjusted(JsonFields data) => new StockAdjusted(
        new StockKey(Location(data), data.Code("sku", TextCharsMax)),
        data.Code("adjustmentId", TextCharsMax),
        data.Whole("delta", -OnHandMax, OnHandMax),
        Words(data),
        data.Time("at"));

    /// <summary>A warehouse may tell one line in several entries, by parcel or by batch.</summary>
    private static ShippedLine[] ShippedLines(JsonFields data)
    {
        if (data.Items("lines", ConnectorLimits.LinesMax) is not { } items)
        {
            data.Missing("lines");
            return [];
        }

        if (items.Length == 0)
            data.Fault("lines", "is empty");
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var lineId = item.Code("lineId", ConnectorLimits.IdCharsMax);
            var sum = units.GetValueOrDefault(lineId) + item.Whole("quantity", 1, UnitsMax);
            if (sum > UnitsMax)
                item.Fault("quantity", $"brings its line to {sum}; the limit is {UnitsMax}");
            units[lineId] = Math.Min(sum, UnitsMax);
        }

        return units.Select(line => new ShippedLine(line.Key, (int)line.Value)).ToArray();
    }

    private static string Reference(IReadOnlyCollection<string> storefronts, JsonFields data, out OrderKey order)
    {
        var reference = data.Code("reference", TextCharsMax);
        var found = ReleaseReference.TryParse(reference, storefronts);
        if (found is null)
            data.Fault("reference", "fits no configured storefront: expected source-order id-release number");
        order = found.GetValueOrDefault();
        return reference;
    }

    /// <summary>A stock key is location/sku, so that a location holds no slash.</summary>
    private static string Location(JsonFields data)
    {
        var location = data.Code("location", TextCharsMax);
        if (location.Contains('/', StringComparison.Ordinal))
            data.Fault("location", "must not hold a slash");
        return location;
    }

    private static string Words(JsonFields data) => data.Text("reason") ?? "no reason given";

    /// <summary>Anything but a web address is left out, for it becomes a link that people follow.</summary>
    private static string? Link(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? text : null;
}
