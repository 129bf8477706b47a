using OrderGrains.Connectors.Events;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.Odoo;
using OrderGrains.Connectors.Warehouses.ShipBob;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Connectors.Warehouses.Tryton;
using OrderGrains.Connectors.Webhook;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Connectors.WooCommerce.Rest;

namespace OrderGrains.Connectors;

/// <summary>The systems that a configuration can name.</summary>
/// <param name="Sources">Kinds of sender.</param>
/// <param name="Warehouses">Kinds of warehouse.</param>
/// <param name="Subscribers">Kinds of those who hear of events.</param>
/// <param name="Shops">
/// Ways back to a storefront, each of the same name as the kind of source: they read the section <c>Shop</c> of it.
/// </param>
public sealed record Kinds(
    IReadOnlyList<ISourceKind> Sources,
    IReadOnlyList<IDestinationKind> Warehouses,
    IReadOnlyList<IDestinationKind> Subscribers,
    IReadOnlyList<IDestinationKind> Shops)
{
    /// <summary>The one list: a line for each.</summary>
    public static Kinds Known { get; } = new(
        [
            new ShopifyKind(),
            new WooCommerceKind(),
            new WarehouseSourceKind(),
            new ShipBobSourceKind(),
            new ShipBobStockKind(),
            new ShipStationSourceKind(),
            new ShipStationStockKind(),
            new TrytonEventsKind(),
            new OdooEventsKind(),
            new StandardWebhooksKind(),
            new CloudEventsKind(),
            new HmacKind(),
        ],
        [
            new HttpWarehouseKind(),
            new ShipBobKind(),
            new ShipStationKind(),
            new TrytonKind(),
            new OdooKind(),
        ],
        [
            new WebhookKind(),
        ],
        [
            new ShopifyShopKind(),
            new WooCommerceShopKind(),
        ]);
}
