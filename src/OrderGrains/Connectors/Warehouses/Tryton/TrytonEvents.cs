using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// What happens in Tryton: shipments of our references that have left, were cancelled or wait for goods, and the stock.
/// </summary>
/// <param name="options">Its settings.</param>
/// <param name="storefronts">Names of the storefront sources: our references begin with one.</param>
internal sealed class TrytonEvents(TrytonEventsOptions options, IReadOnlyCollection<string> storefronts)
    : PolledWarehouse(options.Warehouse, options.PollEvery, options.StockEvery, TimeSpan.FromMinutes(2))
{
    private TrytonApi? _api;

    protected override Reading Read(Receipt receipt, JsonFields shipment) =>
        TrytonChange.Read(receipt, shipment, storefronts);

    protected override async Task<IReadOnlyList<PolledChange>> ChangesAsync(
        CallTools tools, DateTimeOffset from, CancellationToken stopping)
    {
        var api = Open(tools);
        var company = await CompanyAsync(api, stopping);
        return storefronts.Count == 0 ? [] : await PagesAsync(from, async (since, offset) =>
        {
            var (wrong, found) = await api.SearchAsync(
                new TrytonQuery(TrytonShipment.Model, Domain(company, since), TrytonChange.Fields, company.Context())
                {
                    ByChange = true,
                    Offset = offset,
                    CountMax = PageMax,
                },
                TrytonChange.Of, stopping);
            ThrowIf(wrong);
            return found;
        });
    }

    protected override async Task CountAsync(CallTools tools, StockCounts counts, CancellationToken stopping)
    {
        var api = Open(tools);
        var company = await CompanyAsync(api, stopping);
        var directory = new TrytonDirectory(api, options);
        foreach (var (location, code) in options.Warehouses.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            var place = Only(
                await directory.PlacesAsync(company, code, stopping),
                count => WarehouseLocations.WhyNotOne("Tryton", "warehouses", count, code, "Warehouses"));
            await TrytonStock.CountAsync(api, company, place, location, counts, stopping);
        }
    }

    private TrytonApi Open(CallTools tools) => _api ??= new TrytonApi(tools.Http, options, tools.Time);

    private async Task<TrytonCompany> CompanyAsync(TrytonApi api, CancellationToken stopping) => Only(
        await new TrytonDirectory(api, options).CompaniesAsync(stopping),
        count => WarehouseLocations.WhyNotOne("Tryton", "companies", count, options.Company, "Company"));

    private JsonArray Domain(TrytonCompany company, DateTimeOffset from) =>
    [
        new JsonArray("company", "=", company.Id),
        new JsonArray("state", "in", new JsonArray("waiting", "done", "cancelled")),
        new JsonArray("write_date", ">=", TrytonTime.Write(from)),
        new JsonArray(["OR", .. storefronts.Select(name => new JsonArray("reference", "ilike", $"{name}-%"))]),
    ];
}
