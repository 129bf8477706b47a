using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>Makes orders as quotations, which are not the warehouse's work yet.</summary>
internal sealed class OdooDrafts(OdooApi api, OdooOptions options)
{
    /// <summary>Products of an order's SKUs, where several have one.</summary>
    private const int ProductsMax = 2 * ConnectorLimits.LinesMax;

    private readonly ConcurrentDictionary<string, OdooCountry> _countries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>Makes one; its number. What Odoo does not have is refused by its name.</summary>
    public async Task<(SendResult? Wrong, int Id)> MakeAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        var made = await TryMakeAsync(request, delivery, cancellationToken);
        // Whoever mends what is refused may do so in what is remembered here.
        if (made.Wrong is SendResult.Refused)
        {
            _places.Clear();
            _countries.Clear();
        }

        return made;
    }

    /// <summary>The warehouses of the code; all of them where it is null.</summary>
    public static Task<(SendResult? Wrong, IReadOnlyList<T> Found)> PlacesAsync<T>(
        OdooApi api, string? code, JsonObject fields, Func<Wire.JsonFields, T> read,
        CancellationToken cancellationToken) => api.SearchAsync(
            new OdooQuery("stock.warehouse", code is null ? [] : [new JsonArray("code", "=", code)], fields), read,
            cancellationToken);

    private async Task<(SendResult? Wrong, int Id)> TryMakeAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        var (wrong, products) = await ProductsAsync(request, cancellationToken);
        if (wrong is not null)
            return (wrong, 0);
        (wrong, var place) = await PlaceAsync(request.Location, delivery, cancellationToken);
        if (wrong is not null)
            return (wrong, 0);
        var to = request.ShipTo ?? new ShipTo();
        (wrong, var country) = await CountryAsync(to.CountryCode, delivery, cancellationToken);
        if (wrong is not null)
            return (wrong, 0);
        await delivery.NextCall();
        (wrong, var partner) = await OdooPartner.FindOrMakeAsync(api, to, country, delivery, cancellationToken);
        if (wrong is not null)
            return (wrong, 0);
        await delivery.NextCall();
        return await api.CreateAsync(
            OdooOrder.Model, OdooOrder.Write(request, place, partner, products), cancellationToken);
    }

    /// <summary>
    /// Wrong is null when Odoo has one product for each SKU, of goods: what else it has is never shipped.
    /// </summary>
    private async Task<(SendResult? Wrong, IReadOnlyDictionary<string, int> Found)> ProductsAsync(
        ReleaseRequest request, CancellationToken cancellationToken)
    {
        var skus = request.Lines.Select(line => line.Sku).Distinct(StringComparer.Ordinal).ToArray();
        var (wrong, found) = await api.SearchAsync(
            new OdooQuery(
                "product.product",
                [
                    new JsonArray("default_code", "in", new JsonArray([.. skus.Select(sku => (JsonNode)sku)])),
                    new JsonArray("type", "=", "consu"),
                ],
                OdooQuery.Of("default_code"))
            { CountMax = ProductsMax },
            row => (Id: OdooApi.Id(row), Sku: row.Sku("default_code")), cancellationToken);
        var bySku = found.ToLookup(product => product.Sku, product => product.Id, StringComparer.Ordinal);
        if (wrong is null && skus.FirstOrDefault(sku => bySku[sku].Count() != 1) is { } unclear)
        {
            wrong = new SendResult.Refused(bySku[unclear].Count() is > 0 and var count
                ? $"Odoo has {count} products with the internal reference {unclear}: archive or rename all but one, "
                    + "then resume this"
                : $"Odoo has no goods with the internal reference {unclear}: make them there, then resume this");
        }

        return (wrong, bySku.ToDictionary(sku => sku.Key, sku => sku.First(), StringComparer.Ordinal));
    }

    private async Task<(SendResult? Wrong, int Found)> PlaceAsync(
        string location, Delivery delivery, CancellationToken cancellationToken)
    {
        if (_places.TryGetValue(location, out var known))
            return (null, known);
        var code = options.Warehouses.TryGetValue(location, out var named) ? named : null;
        await delivery.NextCall();
        var (wrong, places) = await PlacesAsync(api, code, OdooQuery.Of("id"), OdooApi.Id, cancellationToken);
        if (wrong is not null || places.Count != 1)
        {
            return (wrong ?? new SendResult.Refused(
                WarehouseLocations.WhyNotOne("Odoo", "warehouses", places.Count, code, "Warehouses")), 0);
        }

        return (null, _places[location] = places[0]);
    }

    private async Task<(SendResult? Wrong, OdooCountry? Found)> CountryAsync(
        string code, Delivery delivery, CancellationToken cancellationToken)
    {
        if (code.Length == 0)
            return (null, null);
        if (_countries.TryGetValue(code, out var known))
            return (null, known);
        await delivery.NextCall();
        var (wrong, found) = await api.SearchAsync(
            new OdooQuery("res.country", [new JsonArray("code", "=", code.ToUpperInvariant())], OdooCountry.Fields),
            OdooCountry.Read, cancellationToken);
        if (wrong is null && found.Count == 0)
            wrong = new SendResult.Refused($"Odoo has no country {code}: make it there, then resume this");
        return wrong is null ? (null, _countries[code] = found[0]) : (wrong, null);
    }
}
