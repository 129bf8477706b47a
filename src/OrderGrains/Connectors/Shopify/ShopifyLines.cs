using System.Runtime.InteropServices;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Folds an order's lines and refunds into what the buyer should get (REST Admin API, "Order": <c>line_items</c>,
/// <c>refunds</c>).
/// </summary>
internal static class ShopifyLines
{
    private const int UnitsMax = ConnectorLimits.UnitsMax;

    /// <summary>The service that a shop's own lines name.</summary>
    private const string Manual = "manual";

    /// <summary>The lines; <paramref name="refundIds"/> are null when the order lists no refunds.</summary>
    public static SnapshotLine[] Read(
        JsonFields root, ShopifyOptions source, IReadOnlyList<Fulfilment> fulfilments, bool noneIsOurs,
        out string[]? refundIds)
    {
        var refunded = Refunded(root, out refundIds);
        if (root.Items("line_items", ConnectorLimits.LinesMax) is not { } items)
        {
            root.Missing("line_items");
            return [];
        }

        var fulfilled = fulfilments.SelectMany(f => f.Lines).GroupBy(l => l.LineId, StringComparer.Ordinal)
            .ToDictionary(line => line.Key, line => line.Sum(l => (long)l.Quantity), StringComparer.Ordinal);
        var known = new HashSet<string>(items.Length, StringComparer.Ordinal);
        var lines = new SnapshotLine[items.Length];
        for (var at = 0; at < items.Length; at++)
        {
            var id = items[at].DigitsId("id");
            lines[at] = Line(items[at], id, refunded.GetValueOrDefault(id), fulfilled.GetValueOrDefault(id)) with
            {
                Shippable = !noneIsOurs && IsOurs(items[at], source),
            };
            if (!known.Add(id))
                items[at].Fault("id", "is that of an earlier line");
        }

        return lines;
    }

    private static SnapshotLine Line(JsonFields item, string id, Refund refund, long fulfilled)
    {
        var sold = item.Whole("quantity", 0, UnitsMax);
        // Shopify takes every refunded unit from current_quantity; one that was returned had been shipped before.
        var current = item.OptionalWhole("current_quantity", 0, UnitsMax);
        var quantity = current is { } left ? left + refund.Returned : sold - refund.Cancelled - refund.Unclear;
        // Units refunded without a word on the goods had been shipped if Shopify would still have as many fulfilled.
        if (refund.Unclear > 0 && item.OptionalWhole("fulfillable_quantity", 0, UnitsMax) is { } fulfillable)
            quantity = Math.Clamp(fulfilled + fulfillable, quantity, quantity + refund.Unclear);
        var removed = current is null ? 0 : sold - current.Value - refund.All;
        return new SnapshotLine
        {
            LineId = id,
            // One that no stock can have is none: the order is there, and held for a person.
            Sku = item.FindSku("sku"),
            Quantity = Units(item, "quantity, less refunds,", quantity),
            Removed = (int)Math.Clamp(removed, 0, UnitsMax),
        };
    }

    /// <summary>Goods that go to a warehouse, and that no other service sends.</summary>
    private static bool IsOurs(JsonFields item, ShopifyOptions source)
    {
        var service = item.Text("fulfillment_service") ?? Manual;
        return item.Flag("requires_shipping") != false && item.Flag("gift_card") != true
            && (service.Equals(Manual, StringComparison.OrdinalIgnoreCase)
                || source.Services.Contains(service, StringComparer.OrdinalIgnoreCase));
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
                var (lineId, units, restock) = ShopifyAmendments.RefundLine(item);
                var sum = refunded.GetValueOrDefault(lineId);
                refunded[lineId] = restock switch
                {
                    "return" => sum with { Returned = sum.Returned + units },
                    "cancel" => sum with { Cancelled = sum.Cancelled + units },
                    _ => sum with { Unclear = sum.Unclear + units },
                };
            }
        }

        return refunded;
    }

    /// <summary>Units of one line that came back, that were never to be shipped, and of which nobody says.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Refund(long Returned, long Cancelled, long Unclear)
    {
        public long All => Returned + Cancelled + Unclear;
    }
}
