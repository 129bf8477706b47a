using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>Makes shipments of orders: as drafts, which are not the warehouse's work yet.</summary>
internal sealed class TrytonDrafts(TrytonApi api, TrytonOptions options)
{
    private readonly TrytonDirectory _directory = new(api, options);
    private readonly ConcurrentDictionary<string, int> _countries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TrytonBooks> _books = new(StringComparer.Ordinal);

    /// <summary>Makes a draft; its number. What Tryton does not have is refused by its name.</summary>
    public async Task<(SendResult? Wrong, int Id)> MakeAsync(
        ReleaseRequest request, TrytonCompany company, Delivery delivery, CancellationToken cancellationToken)
    {
        var made = await TryMakeAsync(request, company, delivery, cancellationToken);
        // Whoever mends what is refused may do so in what is remembered here.
        if (made.Wrong is SendResult.Refused)
        {
            _books.Clear();
            _countries.Clear();
        }

        return made;
    }

    private async Task<(SendResult? Wrong, int Id)> TryMakeAsync(
        ReleaseRequest request, TrytonCompany company, Delivery delivery, CancellationToken cancellationToken)
    {
        var (wrong, books) = await BooksAsync(request.Location, company, delivery, cancellationToken);
        if (books is null)
            return (wrong, 0);
        (wrong, var products) = await ProductsAsync(request, company, cancellationToken);
        if (wrong is not null)
            return (wrong, 0);
        var to = request.ShipTo ?? new ShipTo();
        int? country = null;
        if (to.CountryCode.Length > 0)
        {
            await delivery.NextCall();
            (wrong, country) = await CountryAsync(company, to.CountryCode, cancellationToken);
            if (country is null)
            {
                return (wrong ?? new SendResult.Refused(
                    $"Tryton has no country {to.CountryCode}: load its countries, then resume this"), 0);
            }
        }

        await delivery.NextCall();
        (wrong, var address) = await TrytonAddress.FindOrMakeAsync(
            api, books, to, country, delivery, cancellationToken);
        if (wrong is not null)
            return (wrong, 0);
        await delivery.NextCall();
        return await api.CreateAsync(
            TrytonShipment.Model, TrytonShipment.Write(request, books, address, products), company.Context(),
            cancellationToken);
    }

    private async Task<(SendResult? Wrong, int? Found)> CountryAsync(
        TrytonCompany company, string code, CancellationToken cancellationToken)
    {
        if (_countries.TryGetValue(code, out var known))
            return (null, known);
        var (wrong, found) = await _directory.CountryAsync(company, code, cancellationToken);
        if (found is { } country)
            _countries[code] = country;
        return (wrong, found);
    }

    /// <summary>Wrong is null when Tryton has a product for each SKU.</summary>
    private async Task<(SendResult? Wrong, IReadOnlyDictionary<string, TrytonProduct> Found)> ProductsAsync(
        ReleaseRequest request, TrytonCompany company, CancellationToken cancellationToken)
    {
        var skus = request.Lines.Select(line => line.Sku).Distinct(StringComparer.Ordinal).ToArray();
        var (wrong, found) = await api.SearchAsync(
            new TrytonQuery(
                "product.product",
                [new JsonArray("code", "in", new JsonArray([.. skus.Select(sku => (JsonNode)sku)]))],
                ["code", "default_uom"], company.Context())
            { CountMax = skus.Length },
            row => new TrytonProduct(
                TrytonDirectory.Id(row), row.Sku("code"), TrytonDirectory.Id(row, "default_uom")),
            cancellationToken);
        // Of active products Tryton keeps the codes apart.
        var bySku = found.DistinctBy(product => product.Sku, StringComparer.Ordinal)
            .ToDictionary(product => product.Sku, StringComparer.Ordinal);
        if (wrong is null && skus.FirstOrDefault(sku => !bySku.ContainsKey(sku)) is { } missing)
        {
            wrong = new SendResult.Refused(
                $"Tryton has no product with the code {missing}: make it there, then resume this");
        }

        return (wrong, bySku);
    }

    /// <summary>Remembered until Tryton refuses something.</summary>
    private async Task<(SendResult? Wrong, TrytonBooks? Found)> BooksAsync(
        string location, TrytonCompany company, Delivery delivery, CancellationToken cancellationToken)
    {
        if (_books.TryGetValue(location, out var known))
            return (null, known);
        var code = options.Warehouses.TryGetValue(location, out var named) ? named : null;
        var (wrong, places) = await _directory.PlacesAsync(company, code, cancellationToken);
        if (wrong is not null || places.Count != 1)
        {
            return (wrong ?? new SendResult.Refused(
                WarehouseLocations.WhyNotOne("Tryton", "warehouses", places.Count, code, "Warehouses")), null);
        }

        await delivery.NextCall();
        (wrong, var party) = await _directory.PartyAsync(company, options.Party!, cancellationToken);
        if (wrong is null && party is null)
        {
            // Should two orders make it at once, the first is the one from then on.
            await delivery.NextCall();
            wrong = await _directory.MakePartyAsync(company, options.Party!, cancellationToken);
            await delivery.NextCall();
            if (wrong is null)
                (wrong, party) = await _directory.PartyAsync(company, options.Party!, cancellationToken);
        }

        await delivery.NextCall();
        return party is null ? (wrong ?? new SendResult.Unknown("200 without the party that it has made"), null)
            : (null, _books[location] = new TrytonBooks(company, places[0], party));
    }
}
