using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Translates <c>orders/edited</c> and <c>refunds/create</c>, which carry differences (REST Admin API, "Refund";
/// webhook reference, "orders/edited").
/// </summary>
internal static class ShopifyAmendments
{
    private const int LinesMax = ConnectorLimits.LinesMax;
    private const int UnitsMax = ConnectorLimits.UnitsMax;

    public static Change Edited(string source, Receipt receipt, JsonFields root)
    {
        if (root.Object("order_edit") is not { } edit)
            return Nothing(source, root, "order_edit");
        var order = new OrderKey(source, edit.DigitsId("order_id"));
        var id = edit.DigitsId("id");
        // An edit that names no time is as old as its sending.
        var at = edit.OptionalTime("committed_at") ?? receipt.TriggeredAt ?? receipt.ReceivedAt;
        if (edit.Object("line_items") is not { } lines)
            return Nothing(source, edit, "line_items");
        var deltas = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in lines.Items("additions", LinesMax) ?? [])
            Add(deltas, item.DigitsId("id"), item.Whole("delta", 0, UnitsMax));
        foreach (var item in lines.Items("removals", LinesMax) ?? [])
            Add(deltas, item.DigitsId("id"), -item.Whole("delta", 0, UnitsMax));
        return new OrderAmended(order, new Amendment(AmendmentKind.Edit, id, at, Lines(edit, deltas)));
    }

    public static Change Refunded(string source, JsonFields root)
    {
        var order = new OrderKey(source, root.DigitsId("order_id"));
        var id = RefundId(root);
        var at = root.OptionalTime("created_at") ?? root.OptionalTime("processed_at") ?? root.Time("created_at");
        if (root.Items("refund_line_items", LinesMax) is not { } items)
            return Nothing(source, root, "refund_line_items");
        var deltas = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var (lineId, units, restock) = RefundLine(item);
            if (restock != "return")
                Add(deltas, lineId, -units);
        }

        return new OrderAmended(order, new Amendment(AmendmentKind.Refund, id, at, Lines(root, deltas)));
    }

    /// <summary>One id for a refund in <c>refunds/create</c> and in the <c>refunds</c> of an order.</summary>
    public static string RefundId(JsonFields refund) => refund.DigitsId("id");

    /// <summary>
    /// One entry of <c>refund_line_items</c>. Units of kind <c>return</c> had been shipped, those of <c>cancel</c> will
    /// never be; of <c>no_restock</c> and <c>legacy_restock</c> only the order's <c>fulfillable_quantity</c> can tell.
    /// </summary>
    public static (string LineId, int Units, string? Restock) RefundLine(JsonFields item) =>
        (item.DigitsId("line_item_id"), item.Whole("quantity", 0, UnitsMax), item.Text("restock_type"));

    private static void Add(Dictionary<string, long> deltas, string lineId, long delta) =>
        deltas[lineId] = deltas.GetValueOrDefault(lineId) + delta;

    private static AmendedLine[] Lines(JsonFields root, Dictionary<string, long> deltas)
    {
        var lines = new List<AmendedLine>(deltas.Count);
        foreach (var (lineId, delta) in deltas)
        {
            if (Math.Abs(delta) > UnitsMax)
                root.Fault($"the units of one line come to {delta}; the limit is {UnitsMax}");
            else if (delta != 0)
                lines.Add(new AmendedLine(lineId, (int)delta));
        }

        return [.. lines];
    }

    private static OrderAmended Nothing(string source, JsonFields at, string missing)
    {
        at.Missing(missing);
        return new OrderAmended(new OrderKey(source, ""), new Amendment(default, "", default, []));
    }
}
