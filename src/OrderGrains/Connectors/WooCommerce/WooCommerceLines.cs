using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.WooCommerce;

/// <summary>
/// Folds an order's lines and refunds into what the buyer should get (WooCommerce REST API v3, "Orders":
/// <c>line_items</c>, <c>refunds</c>; Product Bundles, "REST API Reference"; Composite Products, "REST API Reference").
/// </summary>
/// <param name="options">The source's settings.</param>
internal sealed class WooCommerceLines(WooCommerceOptions options)
{
    private const int UnitsMax = ConnectorLimits.UnitsMax;

    /// <summary>SKUs, or their beginnings with <c>*</c>, spelled as SKUs are.</summary>
    private readonly string[] _notShipped = [.. options.NotShipped.Select(Sku.Of)];

    public SnapshotLine[] Read(JsonFields root, bool noneIsOurs, out Refunds refunds)
    {
        var given = refunds = Refunds.Read(root);
        if (root.Items("line_items", ConnectorLimits.LinesMax) is not { } items)
        {
            root.Missing("line_items");
            return [];
        }

        // Said of an order of which each product is virtual and downloadable.
        var isOfDownloads = root.Flag("needs_processing") == false;
        var read = items.Select(item => Line.Of(item, given)).ToArray();
        refunds = given with { AreUnclear = given.AreUnclear && read.All(line => line.Refunded == 0) };
        var known = new HashSet<string>(read.Length, StringComparer.Ordinal);
        var parts = read.Where(line => line.Parent is not null).ToLookup(line => line.Parent!, StringComparer.Ordinal);
        for (var at = 0; at < read.Length; at++)
        {
            if (!known.Add(read[at].Id))
                items[at].Fault("id", "is that of an earlier line");
        }

        return [.. read.Select(line => new SnapshotLine
        {
            LineId = line.Id,
            // One that no stock can have is none: the order is there, and held for a person.
            Sku = line.Sku,
            Quantity = Math.Max(0, line.Sold - line.Refunded),
            // The shop knows nothing any more of a product that was deleted, not even whether it was a download.
            Shippable = !noneIsOurs && !(isOfDownloads && line.HasProduct) && !IsNotShipped(line.Sku)
                && IsSent(line, parts),
        })];
    }

    private bool IsNotShipped(string? sku) => sku is not null && _notShipped.Any(each =>
        each.EndsWith('*') ? sku.StartsWith(each[..^1], StringComparison.Ordinal) : sku == each);

    /// <summary>
    /// Of a bundle or composite product either the whole goes or its parts. A part that the shop says is packed in the
    /// whole goes with that. A whole that is nothing by itself does not go, but where its parts do not either, so that
    /// nothing is left out in silence.
    /// </summary>
    private bool IsSent(Line line, ILookup<string, Line> parts)
    {
        var isSentApart = line.Parent is null || !line.IsPacked || options.Assembled == Assembled.Parts;
        var own = parts[line.Id];
        return isSentApart && (!own.Any() || (options.Assembled == Assembled.Whole
            && (line.IsPhysicalWhole || own.All(part => part.IsPacked))));
    }

    /// <summary>One entry of <c>line_items</c>.</summary>
    /// <param name="HasProduct">The shop still has the product.</param>
    /// <param name="Parent">The line of the whole that it is a part of.</param>
    /// <param name="IsPacked">It goes within its whole, or is nothing to send.</param>
    /// <param name="IsPhysicalWhole">It is a whole that goes by itself.</param>
    private sealed record Line(
        string Id, string? Sku, bool HasProduct, int Sold, int Refunded, string? Parent, bool IsPacked,
        bool IsPhysicalWhole)
    {
        public static Line Of(JsonFields item, Refunds refunds)
        {
            var id = item.DigitsId("id");
            var (restocked, isPacked, isPhysicalWhole) = (0, false, false);
            foreach (var row in item.Rows("meta_data") ?? [])
            {
                if (row.Fields is not { } meta)
                    continue;
                switch (meta.Text("key"))
                {
                    // Units of refunds that name lines, where the shop manages the stock and took them back into it.
                    case "_restock_refunded_items":
                        restocked = meta.OptionalWhole("value", 0, UnitsMax) ?? 0;
                        break;
                    case "_bundled_item_needs_shipping" or "_composite_item_needs_shipping":
                        isPacked = meta.Text("value") == "no";
                        break;
                    // Kept of a whole alone that needs shipping.
                    case "_bundle_weight" or "_composite_weight":
                        isPhysicalWhole = true;
                        break;
                }
            }

            return new Line(
                id, item.FindSku("sku"), item.Has("sku"), item.Whole("quantity", 0, UnitsMax),
                Math.Max(restocked, refunds.UnitsOf(id)),
                item.Text("bundled_by") ?? item.Text("composite_parent") ?? item.Text("mnm_child_of"),
                isPacked, isPhysicalWhole);
        }
    }
}

/// <summary>
/// An order's refunds. WooCommerce itself lists their ids and totals; some shops add the lines, as its own resource of
/// refunds has them ("Order refunds").
/// </summary>
/// <param name="Ids">Their ids.</param>
/// <param name="Units">Units by line.</param>
/// <param name="AreUnclear">There are some, and none names a line.</param>
internal sealed record Refunds(string[] Ids, IReadOnlyDictionary<string, int> Units, bool AreUnclear)
{
    public int UnitsOf(string lineId) => Units.GetValueOrDefault(lineId);

    public static Refunds Read(JsonFields root)
    {
        var refunds = root.Items("refunds", ConnectorLimits.LinesMax) ?? [];
        var units = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var refund in refunds)
        {
            // A refund told twice would be taken off twice.
            if (!ids.Add(refund.DigitsId("id")))
                refund.Fault("id", "is that of an earlier refund");
            foreach (var item in refund.Items("line_items", ConnectorLimits.LinesMax) ?? [])
            {
                // Its own lines have ids of their own, and units below zero.
                if (LineOf(item) is { } lineId)
                {
                    var sum = (long)units.GetValueOrDefault(lineId)
                        + Math.Abs(item.Whole("quantity", -ConnectorLimits.UnitsMax, ConnectorLimits.UnitsMax));
                    units[lineId] = (int)Math.Min(sum, ConnectorLimits.UnitsMax);
                }
            }
        }

        return new Refunds([.. ids], units, ids.Count > 0 && units.Values.All(sum => sum == 0));
    }

    private static string? LineOf(JsonFields item)
    {
        foreach (var row in item.Rows("meta_data") ?? [])
        {
            if (row.Fields is { } meta && meta.Text("key") == "_refunded_item_id")
                return meta.Text("value");
        }

        return null;
    }
}
