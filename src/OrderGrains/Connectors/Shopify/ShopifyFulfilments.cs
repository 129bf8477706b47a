using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>The parcels that an order names (REST Admin API, "Order": <c>fulfillments</c>; "Fulfillment").</summary>
internal static class ShopifyFulfilments
{
    public static Fulfilment[] Read(JsonFields root)
    {
        var found = new List<Fulfilment>();
        foreach (var fulfilment in root.Items("fulfillments", ConnectorLimits.LinesMax) ?? [])
        {
            if (fulfilment.Text("status") != "success")
                continue;
            var units = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var item in fulfilment.Items("line_items", ConnectorLimits.LinesMax) ?? [])
            {
                var id = item.DigitsId("id");
                units[id] = units.GetValueOrDefault(id) + item.Whole("quantity", 0, ConnectorLimits.UnitsMax);
            }

            found.Add(new Fulfilment(
                fulfilment.Has("id") ? fulfilment.DigitsId("id") : "", TrackingNumbers(fulfilment),
                [.. units.Select(line => new ShippedLine(
                    line.Key, (int)Math.Min(line.Value, ConnectorLimits.UnitsMax)))]));
        }

        return [.. found];
    }

    private static string[] TrackingNumbers(JsonFields fulfilment) =>
    [
        .. fulfilment.Texts("tracking_numbers", ConnectorLimits.LinesMax)
            .Append(fulfilment.Text("tracking_number")).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase),
    ];
}
