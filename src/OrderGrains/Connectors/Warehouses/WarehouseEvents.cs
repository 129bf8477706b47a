using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>Translates the <c>data</c> of the events that are of one order (CONTRACT section 3).</summary>
internal static class WarehouseEvents
{
    private const int TextCharsMax = ConnectorLimits.TextCharsMax;
    private const int UnitsMax = ConnectorLimits.UnitsMax;

    public static WarehouseEvent Shipped(
        IReadOnlyCollection<string> storefronts, JsonFields data, DateTimeOffset arrivedAt)
    {
        var reference = Reference(storefronts, data, out var order);
        var shippedAt = SenderTime.Read(data, "shippedAt", arrivedAt);
        return new WarehouseEvent(
            new ShipmentMade(order, new Shipment
            {
                ShipmentId = data.Code("shipmentId", TextCharsMax),
                Reference = reference,
                Carrier = data.Text("carrier"),
                TrackingNumber = data.Text("trackingNumber"),
                TrackingUrl = Link(data.Text("trackingUrl", int.MaxValue)),
                Lines = ShippedLines(data),
                ShippedAt = shippedAt.Counts,
            }),
            // Who does not say when it shipped has said it when it did.
            shippedAt.IsGiven ? shippedAt.Note : null);
    }

    public static WarehouseEvent Refused(IReadOnlyCollection<string> storefronts, JsonFields data)
    {
        var reference = Reference(storefronts, data, out var order);
        return new WarehouseEvent(new ReleaseRefused(order, reference, Reason(data)));
    }

    public static WarehouseEvent Cancelled(IReadOnlyCollection<string> storefronts, JsonFields data)
    {
        var reference = Reference(storefronts, data, out var order);
        return new WarehouseEvent(new ReleaseCancelled(order, reference));
    }

    public static string Reason(JsonFields data) => data.Text("reason") ?? "no reason given";

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
        // Some warehouses keep ids in upper case alone.
        var units = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in items)
        {
            var lineId = item.Code("lineId", ConnectorLimits.IdCharsMax);
            var sum = units.GetValueOrDefault(lineId) + item.Whole("quantity", 0, UnitsMax);
            if (sum > UnitsMax)
                item.Fault("quantity", $"brings its line to {sum}; the limit is {UnitsMax}");
            units[lineId] = Math.Min(sum, UnitsMax);
        }

        // Some tell every line of the order, those too of which nothing is in this parcel.
        if (items.Length > 0 && units.Values.All(sum => sum == 0))
            data.Fault("lines", "has no units");
        return units.Where(line => line.Value > 0).Select(line => new ShippedLine(line.Key, (int)line.Value)).ToArray();
    }

    /// <summary>Of systems that know products and not our lines.</summary>
    public static ShippedLine[] LinesBySku(JsonFields shipment)
    {
        var lines = shipment.Items("lines", ConnectorLimits.LinesMax) ?? [];
        if (lines.Length == 0)
            shipment.Fault("lines", "is missing or empty");
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var sku = line.Sku("sku");
            units[sku] = units.GetValueOrDefault(sku) + line.Whole("quantity", 0, UnitsMax);
        }

        foreach (var (_, sum) in units.Where(line => line.Value is 0 or > UnitsMax))
            shipment.Fault("lines", $"has {sum} units of one SKU: it must be 1 to {UnitsMax}");
        return [.. units.Select(
            line => new ShippedLine("", (int)Math.Min(line.Value, UnitsMax), line.Key))];
    }

    /// <summary>Our reference, as we spell it as far as that is known: the source as it is configured.</summary>
    private static string Reference(IReadOnlyCollection<string> storefronts, JsonFields data, out OrderKey order)
    {
        var reference = data.Code("reference", TextCharsMax);
        if (FindReference(storefronts, reference, out order) is { } ours)
            return ours;
        data.Fault("reference", "fits no configured storefront: expected source-order id-release number");
        return reference;
    }

    /// <inheritdoc cref="Reference"/>
    public static string? FindReference(
        IReadOnlyCollection<string> storefronts, string reference, out OrderKey order)
    {
        var found = ReleaseReference.TryParse(reference, storefronts);
        order = found ?? default;
        return found is { } known ? known.Source + reference[known.Source.Length..] : null;
    }

    /// <summary>
    /// Anything but a web address is left out, for it becomes a link that people follow; so is one that is too long,
    /// for a cut one leads elsewhere.
    /// </summary>
    public static string? Link(string? text) => text?.Trim() is { Length: <= ConnectorLimits.UrlCharsMax } link
        && Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? link : null;
}
