using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>
/// What happens in Odoo: deliveries of our references that have left or were cancelled, and the stock.
/// </summary>
/// <param name="options">Its settings.</param>
/// <param name="storefronts">Names of the storefront sources: our references begin with one.</param>
internal sealed class OdooEvents(OdooEventsOptions options, IReadOnlyCollection<string> storefronts)
    : PolledWarehouse(options.Warehouse, options.PollEvery, options.StockEvery, LateMax)
{
    /// <summary>Odoo ends a transaction after two minutes, unless its <c>limit_time_real</c> is another.</summary>
    private static readonly TimeSpan LateMax = TimeSpan.FromMinutes(5);

    private OdooApi? _api;

    protected override Reading Read(Receipt receipt, JsonFields shipment) =>
        OdooDelivery.Read(receipt, shipment, storefronts);

    protected override async Task<IReadOnlyList<PolledChange>> ChangesAsync(
        CallTools tools, DateTimeOffset from, CancellationToken stopping)
    {
        if (storefronts.Count == 0)
            return [];
        var api = Open(tools);
        var fields = OdooDelivery.Fields(await HasCarrierAsync(api, stopping));
        return await PagesAsync(from, async (since, offset) =>
        {
            var (wrong, found) = await api.SearchAsync(
                new OdooQuery(OdooDelivery.Model, Domain(since), fields)
                {
                    Order = "write_date, id",
                    Offset = offset,
                    CountMax = PageMax,
                },
                OdooDelivery.Of, stopping);
            ThrowIf(wrong);
            return found;
        });
    }

    protected override async Task CountAsync(CallTools tools, StockCounts counts, CancellationToken stopping)
    {
        var api = Open(tools);
        foreach (var (location, code) in options.Warehouses.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            var shelves = Only(
                await OdooDrafts.PlacesAsync(api, code, OdooStock.ShelfFields, OdooStock.Shelves, stopping),
                count => WarehouseLocations.WhyNotOne("Odoo", "warehouses", count, code, "Warehouses"));
            await OdooStock.CountAsync(api, shelves, location, counts, stopping);
        }
    }

    private OdooApi Open(CallTools tools) => _api ??= new OdooApi(tools.Http, options, tools.Time);

    /// <summary>Odoo answers nothing to who asks for a field of a module that it does not have.</summary>
    private static async Task<bool> HasCarrierAsync(OdooApi api, CancellationToken stopping)
    {
        var hasCarrier = false;
        var result = await api.AskAsync(
            OdooDelivery.Model, "fields_get",
            new JsonObject
            {
                ["allfields"] = new JsonArray([.. OdooDelivery.CarrierFields.Select(name => (JsonNode)name)]),
                ["attributes"] = new JsonArray("type"),
            },
            told =>
            {
                if (told.ValueKind != JsonValueKind.Object)
                    return null;
                hasCarrier = OdooDelivery.CarrierFields.All(name => JsonText.TryGet(told, name, out _));
                return new SendResult.Delivered();
            }, stopping);
        ThrowIf(result is SendResult.Delivered ? null : result);
        return hasCarrier;
    }

    private JsonArray Domain(DateTimeOffset from) =>
    [
        new JsonArray("picking_type_id.code", "=", "outgoing"),
        new JsonArray("state", "in", new JsonArray("done", "cancel")),
        new JsonArray("write_date", ">=", OdooApi.TimeText(from)),
        // An operator stands before the two that it joins.
        .. Enumerable.Repeat("|", storefronts.Count - 1),
        .. storefronts.Select(name => (JsonNode)new JsonArray("sale_id.client_order_ref", "=ilike", $"{name}-%")),
    ];
}
