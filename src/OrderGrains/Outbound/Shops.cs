using System.Globalization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>
/// The storefronts that are told of parcels and of stock. Each is a destination of its source's name.
/// </summary>
public sealed class Shops(IReadOnlyDictionary<string, Shop> bySource)
{
    public static Shops None { get; } = new(new Dictionary<string, Shop>(StringComparer.Ordinal));

    /// <summary>Those that are told of stock.</summary>
    public IEnumerable<string> ToldOfStock =>
        bySource.Where(shop => shop.Value.Stock is not null).Select(shop => shop.Key);

    /// <summary>Null when nothing is told to the source.</summary>
    public Shop? Find(string source) => bySource.GetValueOrDefault(source);

    /// <summary>One message for each shop that is to be told of a stock that has changed.</summary>
    /// <param name="key">The stock.</param>
    /// <param name="meanings">What of it has changed.</param>
    /// <param name="now">The messages' time.</param>
    public IEnumerable<OutboundMessage> StockMessages(
        StockKey key, IReadOnlyCollection<StockMeaning> meanings, DateTimeOffset now) =>
        bySource.Where(shop => shop.Value.Stock is { } told && meanings.Contains(told)
            && shop.Value.PlaceOf(key.Location) is not null)
            .Select(shop => StockMessage(shop.Key, shop.Value, key, now));

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

    /// <summary>What it is told of one SKU; null when nothing is, or nothing is known of it.</summary>
    /// <param name="sku">The SKU.</param>
    /// <param name="place">Its own name for the place.</param>
    /// <param name="units">Units at each of <see cref="LocationsAt"/>; null where it was never counted.</param>
    public StockContent? ContentOf(string sku, string place, IEnumerable<StockUnits?> units) =>
        Stock is { } meaning && units.OfType<StockUnits>().ToArray() is [_, ..] known
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
