using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// The parcels of an order (REST Admin API, "Order": <c>fulfillments</c>; "Fulfillment"), and those that come by
/// themselves (webhook reference, "fulfillments/create", "fulfillments/update").
/// </summary>
internal static class ShopifyFulfilments
{
    private const string Success = "success";
    private const string Cancelled = "cancelled";

    /// <summary>Those of an order that have gone.</summary>
    public static Fulfilment[] Read(JsonFields root)
    {
        var found = new List<Fulfilment>();
        foreach (var fulfilment in root.Items("fulfillments", ConnectorLimits.LinesMax) ?? [])
        {
            if (fulfilment.Text("status") == Success)
                found.Add(One(fulfilment, fulfilment.Has("id") ? fulfilment.DigitsId("id") : ""));
        }

        return [.. found];
    }

    /// <summary>
    /// One that has gone, or that was taken back; null when it is neither. Drafts, transactions and refunds have an
    /// order, a status and lines too, under the same secret.
    /// </summary>
    public static FulfilmentStated? Stated(string source, JsonFields root, DateTimeOffset arrivedAt)
    {
        var order = new OrderKey(source, root.DigitsId("order_id"));
        var fulfilment = One(root, root.DigitsId("id"));
        var at = root.Version("updated_at", arrivedAt);
        if (!root.Exists("line_items"))
            root.Missing("line_items");
        if (!root.Exists("tracking_number"))
            root.Fault("the body is not a fulfilment: it has no tracking_number, be it null");
        ShopifyId.RequireKind(root, "Fulfillment", "a fulfilment");
        return root.Text("status") switch
        {
            Success => new FulfilmentStated(order, fulfilment, at),
            Cancelled => new FulfilmentStated(order, fulfilment with { Lines = [] }, at),
            _ => null,
        };
    }

    private static Fulfilment One(JsonFields fulfilment, string id)
    {
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in fulfilment.Items("line_items", ConnectorLimits.LinesMax) ?? [])
        {
            var line = item.DigitsId("id");
            units[line] = units.GetValueOrDefault(line) + item.Whole("quantity", 0, ConnectorLimits.UnitsMax);
        }

        return new Fulfilment(
            id, TrackingNumbers(fulfilment),
            [.. units.Select(line => new ShippedLine(
                line.Key, (int)Math.Min(line.Value, ConnectorLimits.UnitsMax)))]);
    }

    private static string[] TrackingNumbers(JsonFields fulfilment) =>
    [
        .. fulfilment.Texts("tracking_numbers", ConnectorLimits.LinesMax)
            .Append(fulfilment.Text("tracking_number")).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase),
    ];
}
