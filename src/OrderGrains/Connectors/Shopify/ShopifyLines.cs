using System.Runtime.InteropServices;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Folds an order's lines, refunds and fulfilments into what the buyer should get and what has gone (REST Admin API,
/// "Order": <c>line_items</c>, <c>refunds</c>, <c>fulfillments</c>).
/// </summary>
internal static class ShopifyLines
{
    private const int UnitsMax = ConnectorLimits.UnitsMax;

    /// <summary>The lines; <paramref name="refundIds"/> are null when the order lists no refunds.</summary>
    public static SnapshotLine[] Read(JsonFields root, out string[]? refundIds)
    {
        var refunded = Refunded(root, out refundIds);
        var fulfilled = Fulfilled(root);
        if (root.Items("line_items", ConnectorLimits.LinesMax) is not { } items)
        {
            root.Missing("line_items");
            return [];
        }

        var known = new HashSet<string>(items.Length, StringComparer.Ordinal);
        var lines = new SnapshotLine[items.Length];
        for (var at = 0; at < items.Length; at++)
        {
            lines[at] = Line(items[at], refunded, fulfilled);
            if (!known.Add(lines[at].LineId))
                items[at].Fault("id", "is that of an earlier line");
        }

        return lines;
    }

    private static SnapshotLine Line(
        JsonFields item, Dictionary<string, Refund> refunded, Dictionary<string, long> fulfilled)
    {
        var id = item.DigitsId("id");
        var sold = item.Whole("quantity", 0, UnitsMax);
        var refund = refunded.GetValueOrDefault(id);
        // Shopify takes every refunded unit from current_quantity; one that was returned had been shipped before.
        var quantity = item.OptionalWhole("current_quantity", 0, UnitsMax) is { } current
            ? current + refund.Returned
            : sold - refund.Removed;
        return new SnapshotLine
        {
            LineId = id,
            Sku = item.OptionalSku("sku"),
            Quantity = Units(item, "quantity, less refunds,", quantity),
            Fulfilled = Units(item, "quantity fulfilled", fulfilled.GetValueOrDefault(id)),
            Shippable = item.Flag("requires_shipping") != false && item.Flag("gift_card") != true,
        };
    }

    private static int Units(JsonFields item, string name, long units)
    {
        if (units > UnitsMax)
            item.Fault(name, $"is {units}; the limit is {UnitsMax}");
        return (int)Math.Clamp(units, 0, UnitsMax);
    }

    private static Dictionary<string, Refund> Refunded(JsonFields root, out string[]? ids)
    {
        var refunded = new Dictionary<string, Refund>(StringComparer.Ordinal);
        var refunds = root.Items("refunds", ConnectorLimits.LinesMax);
        ids = refunds is null ? null : new string[refunds.Length];
        for (var at = 0; at < ids?.Length; at++)
        {
            var refund = refunds![at];
            ids[at] = ShopifyAmendments.RefundId(refund);
            // A refund told twice would be taken off twice.
            if (Array.IndexOf(ids, ids[at]) < at)
                refund.Fault("id", "is that of an earlier refund");
            foreach (var item in refund.Items("refund_line_items", ConnectorLimits.LinesMax) ?? [])
            {
                var (lineId, units, returned) = ShopifyAmendments.RefundLine(item);
                var sum = refunded.GetValueOrDefault(lineId);
                refunded[lineId] = returned
                    ? sum with { Returned = sum.Returned + units }
                    : sum with { Removed = sum.Removed + units };
            }
        }

        return refunded;
    }

    private static Dictionary<string, long> Fulfilled(JsonFields root)
    {
        var fulfilled = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var fulfillment in root.Items("fulfillments", ConnectorLimits.LinesMax) ?? [])
        {
            if (fulfillment.Text("status") != "success")
                continue;
            foreach (var item in fulfillment.Items("line_items", ConnectorLimits.LinesMax) ?? [])
            {
                var id = item.DigitsId("id");
                fulfilled[id] = fulfilled.GetValueOrDefault(id) + item.Whole("quantity", 0, UnitsMax);
            }
        }

        return fulfilled;
    }

    /// <summary>Units of one line given back after shipping, and units never to be shipped.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Refund(long Returned, long Removed);
}
