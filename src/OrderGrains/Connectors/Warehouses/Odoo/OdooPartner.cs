using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>
/// The recipient, as a contact. It is the only personal data that Odoo gets; who orders again, and who is sent again,
/// is there once.
/// </summary>
internal static class OdooPartner
{
    private const string Model = "res.partner";

    public static async Task<(SendResult? Wrong, int Id)> FindOrMakeAsync(
        OdooApi api, ShipTo to, OdooCountry? country, Delivery delivery, CancellationToken cancellationToken)
    {
        var partner = Write(to, country);
        var same = new JsonArray([.. partner.Select(field =>
            (JsonNode)new JsonArray(field.Key, "=", field.Value?.DeepClone() ?? false))]);
        var (wrong, found) = await api.SearchAsync(
            new OdooQuery(Model, same, OdooQuery.Of("id")) { CountMax = 1 }, OdooApi.Id, cancellationToken);
        if (wrong is not null || found.Count > 0)
            return (wrong, found.Count > 0 ? found[0] : 0);
        await delivery.NextCall();
        return await api.CreateAsync(Model, partner, cancellationToken);
    }

    /// <summary>A province that Odoo does not know goes with the city.</summary>
    private static JsonObject Write(ShipTo to, OdooCountry? country)
    {
        var state = country?.FindState(to.Province);
        var hasName = !string.IsNullOrWhiteSpace(to.Name);
        return new()
        {
            ["name"] = hasName ? to.Name.Trim() : Text(to.Company) ?? "-",
            ["company_name"] = hasName ? Text(to.Company) : null,
            ["parent_id"] = null,
            ["street"] = Text(to.Address1),
            ["street2"] = Text(to.Address2),
            ["zip"] = Text(to.PostalCode),
            ["city"] = state is null && Text(to.Province) is { } province
                ? Text($"{to.City}, {province}") : Text(to.City),
            ["state_id"] = state,
            ["country_id"] = country?.Id,
            ["phone"] = Text(to.Phone),
            ["email"] = Text(to.Email),
        };
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>A country, and its states by code and by name.</summary>
internal sealed record OdooCountry(int Id, IReadOnlyList<(int Id, string Code, string Name)> States)
{
    public static JsonObject Fields => OdooQuery.With(
        OdooQuery.Of("id"), "state_ids", OdooQuery.Of("code", "name"));

    public static OdooCountry Read(JsonFields row) => new(
        OdooApi.Id(row),
        [.. (row.Items("state_ids", ConnectorLimits.LinesMax) ?? []).Select(state =>
            (OdooApi.Id(state), state.Text("code") ?? "", state.Text("name") ?? ""))]);

    /// <summary>Null when it has none of this code or name, or several.</summary>
    public int? FindState(string? province)
    {
        var text = province?.Trim() ?? "";
        bool Is(string own) => own.Equals(text, StringComparison.OrdinalIgnoreCase);
        var found = States.Where(state => text.Length > 0 && (Is(state.Code) || Is(state.Name))).ToArray();
        return found.Length == 1 ? found[0].Id : null;
    }
}
