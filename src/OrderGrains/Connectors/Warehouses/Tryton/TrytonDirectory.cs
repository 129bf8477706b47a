using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>A company, in whose name everything is done.</summary>
internal sealed record TrytonCompany(int Id, int Currency)
{
    public JsonObject Context() => new() { ["company"] = Id };
}

/// <summary>A warehouse, and the location that goods leave it from.</summary>
internal sealed record TrytonPlace(int Id, string Code, int Output);

/// <summary>The party that orders are booked on, and the location of its goods.</summary>
internal sealed record TrytonParty(int Id, int Location);

/// <summary>Looks up what orders are made of: company, warehouses, party, countries.</summary>
internal sealed class TrytonDirectory(TrytonApi api, TrytonAccess access)
{
    private static readonly JsonObject Anyone = [];

    /// <summary>The companies of the configured name; all of them where none is configured.</summary>
    public Task<(SendResult? Wrong, IReadOnlyList<TrytonCompany> Found)> CompaniesAsync(
        CancellationToken cancellationToken) => api.SearchAsync(
            new TrytonQuery(
                "company.company", access.Company is { } name ? [new JsonArray("party.name", "=", name)] : [],
                ["currency"], Anyone),
            row => new TrytonCompany(Id(row), Id(row, "currency")), cancellationToken);

    /// <summary>The warehouses of the code; all of them where it is null.</summary>
    public Task<(SendResult? Wrong, IReadOnlyList<TrytonPlace> Found)> PlacesAsync(
        TrytonCompany company, string? code, CancellationToken cancellationToken)
    {
        JsonArray domain = [new JsonArray("type", "=", "warehouse")];
        if (code is not null)
            domain.Add((JsonNode)new JsonArray("code", "=", code));
        return api.SearchAsync(
            new TrytonQuery("stock.location", domain, ["code", "output_location"], company.Context()),
            row => new TrytonPlace(
                Id(row), row.OptionalCode("code", ConnectorLimits.TextCharsMax) ?? "", Id(row, "output_location")),
            cancellationToken);
    }

    /// <summary>The first party of the name.</summary>
    public async Task<(SendResult? Wrong, TrytonParty? Found)> PartyAsync(
        TrytonCompany company, string name, CancellationToken cancellationToken)
    {
        var (wrong, found) = await api.SearchAsync(
            new TrytonQuery(
                "party.party", [new JsonArray("name", "=", name)], ["customer_location"], company.Context()),
            row => new TrytonParty(Id(row), Id(row, "customer_location")), cancellationToken);
        return (wrong, found.Count > 0 ? found[0] : null);
    }

    public async Task<SendResult?> MakePartyAsync(
        TrytonCompany company, string name, CancellationToken cancellationToken) =>
        (await api.CreateAsync(
            "party.party", new JsonObject { ["name"] = name }, company.Context(), cancellationToken)).Wrong;

    /// <summary>Null when its countries have none of this code.</summary>
    public async Task<(SendResult? Wrong, int? Found)> CountryAsync(
        TrytonCompany company, string code, CancellationToken cancellationToken)
    {
        var (wrong, found) = await api.SearchAsync(
            new TrytonQuery("country.country", [new JsonArray("code", "=", code)], [], company.Context()),
            row => Id(row), cancellationToken);
        return (wrong, found.Count > 0 ? found[0] : null);
    }

    public static int Id(Wire.JsonFields row, string name = "id") => row.Whole(name, 1, int.MaxValue);
}
