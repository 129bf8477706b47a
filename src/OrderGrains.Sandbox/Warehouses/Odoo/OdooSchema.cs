namespace OrderGrains.Sandbox.Warehouses.Odoo;

/// <summary>A field of a model.</summary>
/// <param name="Type">As Odoo names it.</param>
/// <param name="Model">Where a relation leads.</param>
/// <param name="Inverse">Of a one2many: the field there that leads back.</param>
internal sealed record OdooField(string Type, string? Model = null, string? Inverse = null);

/// <summary>The models of Odoo 19 with Sales and Inventory, as far as a warehouse connector needs them.</summary>
internal static class OdooSchema
{
    private static readonly OdooField Char = new("char");
    private static readonly OdooField Float = new("float");
    private static readonly OdooField Boolean = new("boolean");
    private static readonly OdooField Time = new("datetime");
    private static readonly OdooField Choice = new("selection");

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, OdooField>> Models { get; } = Of(
        ("sale.order",
        [
            ("name", Char), ("client_order_ref", Char), ("origin", Char), ("state", Choice), ("locked", Boolean),
            ("partner_id", One("res.partner")), ("partner_shipping_id", One("res.partner")),
            ("warehouse_id", One("stock.warehouse")), ("order_line", Many("sale.order.line", "order_id")),
            ("picking_ids", Many("stock.picking", "sale_id")),
        ]),
        ("sale.order.line",
        [
            ("order_id", One("sale.order")), ("product_id", One("product.product")), ("product_uom_qty", Float),
            ("price_unit", Float),
        ]),
        ("res.partner",
        [
            ("name", Char), ("company_name", Char), ("parent_id", One("res.partner")), ("street", Char),
            ("street2", Char), ("zip", Char), ("city", Char), ("state_id", One("res.country.state")),
            ("country_id", One("res.country")), ("phone", Char), ("email", Char),
        ]),
        ("res.country", [("code", Char), ("name", Char), ("state_ids", Many("res.country.state", "country_id"))]),
        ("res.country.state", [("country_id", One("res.country")), ("code", Char), ("name", Char)]),
        ("product.product",
        [
            ("name", Char), ("default_code", Char), ("type", Choice), ("is_storable", Boolean),
            ("qty_available", Float),
        ]),
        ("stock.warehouse",
        [
            ("name", Char), ("code", Char), ("lot_stock_id", One("stock.location")),
            ("wh_input_stock_loc_id", One("stock.location")), ("wh_qc_stock_loc_id", One("stock.location")),
            ("wh_pack_stock_loc_id", One("stock.location")), ("wh_output_stock_loc_id", One("stock.location")),
        ]),
        ("stock.location", [("name", Char)]),
        ("stock.quant",
            [("product_id", One("product.product")), ("location_id", One("stock.location")), ("quantity", Float)]),
        ("stock.picking.type", [("name", Char), ("code", Choice)]),
        ("stock.picking",
        [
            ("name", Char), ("state", Choice), ("date_done", Time), ("sale_id", One("sale.order")),
            ("picking_type_id", One("stock.picking.type")), ("picking_type_code", Choice),
            ("move_line_ids", Many("stock.move.line", "picking_id")), ("carrier_id", One("delivery.carrier")),
            ("carrier_tracking_ref", Char),
        ]),
        ("stock.move.line",
        [
            ("picking_id", One("stock.picking")), ("product_id", One("product.product")),
            ("quantity_product_uom", Float),
        ]),
        ("delivery.carrier", [("name", Char)]));

    private static OdooField One(string model) => new("many2one", model);

    private static OdooField Many(string model, string inverse) => new("one2many", model, inverse);

    private static Dictionary<string, IReadOnlyDictionary<string, OdooField>> Of(
        params (string Model, (string Name, OdooField Field)[] Fields)[] models) => models.ToDictionary(
            model => model.Model,
            model => (IReadOnlyDictionary<string, OdooField>)model.Fields
                .Concat([("id", new OdooField("integer")), ("display_name", Char), ("write_date", Time)])
                .ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal),
            StringComparer.Ordinal);
}
