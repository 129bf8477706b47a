using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>A sale order, <c>sale.order</c>, with our reference as <c>client_order_ref</c>.</summary>
/// <param name="Id">The record.</param>
/// <param name="Name">Odoo's own name for it.</param>
/// <param name="State">draft, sent, sale or cancel.</param>
/// <param name="HasLeft">
/// A transfer of it is done, be it that the goods are only picked: somebody has them in hand.
/// </param>
internal sealed record OdooOrder(int Id, string Name, string State, bool HasLeft)
{
    public const string Model = "sale.order";

    public static JsonObject Fields => OdooQuery.With(
        OdooQuery.Of("name", "state"), "picking_ids", OdooQuery.Of("state"));

    public bool IsCancelled => State == "cancel";

    /// <summary>It has deliveries, which are the warehouse's work.</summary>
    public bool IsConfirmed => State == "sale";

    public WarehouseAnswer Answer => IsCancelled
        ? new WarehouseAnswer.Cancelled() : new WarehouseAnswer.Taken(Name);

    public static OdooOrder Read(JsonFields row) => new(
        OdooApi.Id(row), row.Code("name", ConnectorLimits.TextCharsMax),
        row.Code("state", ConnectorLimits.TextCharsMax),
        (row.Items("picking_ids", ConnectorLimits.LinesMax) ?? []).Any(p => p.Text("state") == "done"));

    /// <summary>A quotation of one line for each product.</summary>
    /// <param name="request">Ours.</param>
    /// <param name="place">The warehouse.</param>
    /// <param name="partner">The recipient.</param>
    /// <param name="products">By SKU; each of the request's is among them.</param>
    public static JsonObject Write(
        ReleaseRequest request, int place, int partner, IReadOnlyDictionary<string, int> products) => new()
        {
            ["client_order_ref"] = request.Reference,
            ["origin"] = request.OrderNumber,
            ["partner_id"] = partner,
            ["partner_shipping_id"] = partner,
            ["warehouse_id"] = place,
            ["order_line"] = new JsonArray(
                [.. request.Lines.GroupBy(line => line.Sku, StringComparer.Ordinal)
                    .Select(same => new JsonArray(0, 0, new JsonObject
                    {
                        ["product_id"] = products[same.Key],
                        ["product_uom_qty"] = same.Sum(line => line.Quantity),
                        // What was paid is the shop's matter, and its own bookkeeping has it.
                        ["price_unit"] = 0,
                    }))]),
        };
}
