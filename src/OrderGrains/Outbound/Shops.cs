using System.Globalization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>
/// The storefronts that are told of parcels and of stock. Each is a destination of its source's name.
/// </summary>
/// <param name="bySource">The storefronts.</param>
/// <param name="bundles">Sold SKUs that stand for stocked ones, with the units of each in one.</param>
public sealed class Shops(
    IReadOnlyDictionary<string, Shop> bySource, IReadOnlyDictionary<string, IDictionary<string, int>> bundles)
{
    private readonly ILookup<string, string> _bundlesOf = bundles
        .SelectMany(bundle => bundle.Value.Keys.Select(part => (Part: part, Bundle: bundle.Key)))
        .ToLookup(one => one.Part, one => one.Bundle, StringComparer.Ordinal);

    /// <summary>By the first of their parts, so that each is there once.</summary>
    private readonly ILookup<string, string> _bundlesByFirst = bundles.ToLookup(
        bundle => bundle.Value.Keys.Min(StringComparer.Ordinal)!, bundle => bundle.Key, StringComparer.Ordinal);

    public static Shops None { get; } = new(
        new Dictionary<string, Shop>(StringComparer.Ordinal),
        new Dictionary<string, IDictionary<string, int>>(StringComparer.Ordinal));

    /// <summary>Those that are told of stock.</summary>
    public IEnumerable<string> ToldOfStock =>
        bySource.Where(shop => shop.Value.Stock is not null).Select(shop => shop.Key);

    /// <summary>Null when nothing is told to the source.</summary>
    public Shop? Find(string source) => bySource.GetValueOrDefault(source);

    /// <summary>
    /// One message for each shop that is to be told of a stock that has changed, and for each bundle that it is part
    /// of.
    /// </summary>
    /// <param name="key">The stock.</param>
    /// <param name="meanings">What of it has changed.</param>
    /// <param name="now">The messages' time.</param>
    public IEnumerable<OutboundMessage> StockMessages(
        StockKey key, IReadOnlyCollection<StockMeaning> meanings, DateTimeOffset now)
    {
        foreach (var (name, shop) in bySource.Where(shop => shop.Value.PlaceOf(key.Location) is not null))
        {
            if (MeaningOf(shop, key.Sku) is { } told && meanings.Contains(told))
                yield return StockMessage(name, shop, key, now);
            if (shop.Stock is null || !meanings.Contains(StockMeaning.Available))
                continue;
            foreach (var bundle in _bundlesOf[key.Sku])
                yield return StockMessage(name, shop, key with { Sku = bundle }, now);
        }
    }

    /// <summary>Bundles that are listed where the stock of this SKU is: each with one of its parts alone.</summary>
    public IEnumerable<string> BundlesListedWith(string sku) => _bundlesByFirst[sku];

    /// <summary>
    /// What a shop is told of one SKU; null when nothing is, or nothing is known of it. A bundle is as often there as
    /// its scarcest part allows, at each location by itself.
    /// </summary>
    /// <param name="shop">The shop.</param>
    /// <param name="sku">The SKU.</param>
    /// <param name="place">The shop's own name for the place, which may be several locations of ours.</param>
    /// <param name="find">Units of a stock; null where it was never counted.</param>
    public async Task<StockContent?> ContentOfAsync(
        Shop shop, string sku, string place, Func<StockKey, Task<StockUnits?>> find)
    {
        if (MeaningOf(shop, sku) is not { } meaning)
            return null;
        var parts = bundles.GetValueOrDefault(sku);
        var units = await Task.WhenAll(shop.LocationsAt(place).Select(location => parts is null
            ? find(new StockKey(location, sku)) : BundlesAsync(location, parts, find)));
        return shop.ContentOf(sku, place, units, meaning);
    }

    /// <summary>
    /// What a shop's number of a SKU counts; null when it is told of no stock. The shop takes no order of a bundle off
    /// the bundle's parts, nor one of a part off its bundles, so that of both it is told what can still be sold.
    /// </summary>
    private StockMeaning? MeaningOf(Shop shop, string sku) => shop.Stock is null ? null
        : bundles.ContainsKey(sku) || _bundlesOf.Contains(sku) ? StockMeaning.Available : shop.Stock;

    /// <summary>Whole bundles at one location; null where one of the parts was never counted.</summary>
    private static async Task<StockUnits?> BundlesAsync(
        string location, IDictionary<string, int> parts, Func<StockKey, Task<StockUnits?>> find)
    {
        var wholes = await Task.WhenAll(parts.Select(async part =>
            await find(new StockKey(location, part.Key)) is { } units
                ? new StockUnits(Whole(units.OnHand, part.Value), Whole(units.Available, part.Value)) : null));
        return wholes.Contains(null) ? null
            : new StockUnits(wholes.Min(whole => whole!.OnHand), wholes.Min(whole => whole!.Available));

        static int Whole(int units, int each) => Math.Max(0, units) / each;
    }

    /// <summary>The message that tells one shop of a stock.</summary>
    public static OutboundMessage StockMessage(string name, Shop shop, StockKey key, DateTimeOffset now)
    {
        var what = $"stock {shop.PlaceOf(key.Location)}/{key.Sku}";
        return new()
        {
            Id = Guid.CreateVersion7(now),
            Destination = name,
            Kind = MessageKind.Stock,
            Subject = Subject.Of(key),
            SequenceKey = what,
            CoalescingKey = what,
            CreatedAt = now,
            NextAttemptAt = now,
            TraceParent = System.Diagnostics.Activity.Current?.Id,
        };
    }
}

/// <summary>What one storefront is told.</summary>
/// <param name="Parcels">It is told of each parcel that leaves.</param>
/// <param name="Stock">What its numbers of stock count; null: it is told of none.</param>
/// <param name="Places">
/// Our locations that it sells from, with its own names for them; empty names where it has none.
/// </param>
/// <param name="Buffer">What is held back.</param>
/// <param name="Share">Percent of what there is that it may sell.</param>
public sealed record Shop(
    bool Parcels, StockMeaning? Stock, IReadOnlyDictionary<string, string> Places, StockBuffer Buffer, int Share = 100)
{
    /// <summary>The storefront's name for a location; null when it does not sell from there.</summary>
    public string? PlaceOf(string? location) => location is null ? null : Places.GetValueOrDefault(location);

    /// <summary>Our locations that are one place to the storefront.</summary>
    public IEnumerable<string> LocationsAt(string place) =>
        Places.Where(one => one.Value == place).Select(one => one.Key);

    /// <summary>What it is told of one SKU; null when nothing is known of it.</summary>
    /// <param name="sku">The SKU.</param>
    /// <param name="place">Its own name for the place.</param>
    /// <param name="units">Units at each of <see cref="LocationsAt"/>; null where it was never counted.</param>
    /// <param name="meaning">Which of them.</param>
    public StockContent? ContentOf(string sku, string place, IEnumerable<StockUnits?> units, StockMeaning meaning) =>
        units.OfType<StockUnits>().ToArray() is [_, ..] known
            ? new StockContent
            {
                Sku = sku,
                Place = place,
                Quantity = Offer(known.Sum(u => (long)(meaning == StockMeaning.OnHand ? u.OnHand : u.Available))),
                Meaning = meaning,
            }
            : null;

    /// <summary>Of so many units, those that it may sell: its share, less what is held back.</summary>
    public int Offer(long units)
    {
        var shared = Math.Max(0, units) * Share / 100;
        return (int)Math.Clamp(shared - Buffer.Of(shared), 0, int.MaxValue);
    }
}

/// <summary>Units that a storefront is not told of: sales that we have not heard of yet, or broken goods.</summary>
/// <param name="Units">So many.</param>
/// <param name="Percent">So many of a hundred, rounded up.</param>
public readonly record struct StockBuffer(int Units, int Percent)
{
    /// <summary>Such as <c>3</c> or <c>10%</c>; null when it is neither.</summary>
    public static StockBuffer? TryParse(string text)
    {
        var isPercent = text.EndsWith('%');
        return int.TryParse(
            isPercent ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && !(isPercent && value > 100)
            ? isPercent ? new StockBuffer(0, value) : new StockBuffer(value, 0) : null;
    }

    public long Of(long units) => Units + ((units * Percent) + 99) / 100;
}
