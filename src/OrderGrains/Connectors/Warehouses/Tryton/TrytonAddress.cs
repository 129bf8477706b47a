using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// The recipient, as an address of the party. It is the only personal data that Tryton gets; who orders again, and who
/// is sent again, has it once.
/// </summary>
internal static class TrytonAddress
{
    private const string Model = "party.address";

    public static async Task<(SendResult? Wrong, int Id)> FindOrMakeAsync(
        TrytonApi api, TrytonBooks books, ShipTo to, int? country, Delivery delivery,
        CancellationToken cancellationToken)
    {
        var address = Write(books, to, country);
        var same = new JsonArray([.. address.Select(field =>
            (JsonNode)new JsonArray(field.Key, "=", field.Value?.DeepClone()))]);
        var context = books.Company.Context();
        var (wrong, found) = await api.SearchAsync(
            new TrytonQuery(Model, same, [], context) { CountMax = 1 },
            row => TrytonDirectory.Id(row), cancellationToken);
        if (wrong is not null || found.Count > 0)
            return (wrong, found.Count > 0 ? found[0] : 0);
        await delivery.NextCall();
        return await api.CreateAsync(Model, address, context, cancellationToken);
    }

    /// <summary>The province goes with the city: it may be a code or a name, and Tryton may know neither.</summary>
    private static JsonObject Write(TrytonBooks books, ShipTo to, int? country) => new()
    {
        ["party"] = books.Party.Id,
        ["party_name"] = to.Name.Length > 0 ? to.Name : Text(to.Company),
        ["street"] = Joined("\n", to.Name.Length > 0 ? to.Company : null, to.Address1, to.Address2),
        ["postal_code"] = Text(to.PostalCode),
        ["city"] = Joined(", ", to.City, to.Province),
        ["country"] = country,
    };

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Joined(string between, params string?[] texts) =>
        Text(string.Join(between, texts.Select(Text).OfType<string>()));
}
