using OrderGrains.Configuration;
using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains;

/// <summary>Reads what a storefront is told (<c>Sources:*:Shop</c>), and holds it against what is sold where.</summary>
internal static class ShopCheck
{
    public static Shop? Read(Settings shop, Settings source, ShopShareOptions share, OrderPolicyOptions policy)
    {
        var options = shop.Read<ShopOptions>();
        foreach (var (location, place) in options.Locations)
        {
            if (!policy.Locations.Contains(location, StringComparer.Ordinal))
                shop.Mistake($"Locations:{location}", "is none of the source's Locations");
            if (string.IsNullOrWhiteSpace(place))
                shop.Mistake($"Locations:{location}", "is empty");
        }

        if (StockBuffer.TryParse(share.Buffer.Trim()) is not { } buffer)
        {
            source.Mistake("Buffer", "must be units such as 2, or a part such as 10%");
            return null;
        }

        var places = options.Locations.Count > 0 ? options.Locations.AsReadOnly()
            : policy.Locations.ToDictionary(location => location, _ => "", StringComparer.Ordinal).AsReadOnly();
        return new Shop(
            options.Fulfilments == ShopFulfilments.Write, MeaningOf(options.Stock), places, buffer, share.Share);
    }

    /// <summary>A shop that counts what is in the building takes off its own orders alone.</summary>
    public static void CheckShared(OrderGrainsOptions options, List<string> mistakes)
    {
        foreach (var (name, source) in options.Sources.Where(s => s.Value.Shop?.Shop.Stock == StockMeaning.OnHand))
        {
            var others = options.Sources.Where(other => other.Key != name && other.Value.Policy is { } policy
                && policy.Locations.Any(source.Shop!.Shop.Places.ContainsKey)).Select(other => other.Key).ToArray();
            if (others.Length > 0)
            {
                mistakes.Add($"Sources:{name}:Shop:Stock: must be Available, since {string.Join(", ", others)} "
                    + "sells the same stock: OnHand would not show it what is sold there");
            }
        }
    }

    private static StockMeaning? MeaningOf(ShopStock stock) => stock switch
    {
        ShopStock.Off => null,
        ShopStock.Available => StockMeaning.Available,
        _ => StockMeaning.OnHand,
    };
}
