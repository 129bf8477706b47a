namespace OrderGrains.Sandbox.Shops;

/// <summary>
/// One thing that the make-believe shop sells, its price in US dollars. What is not shippable (a gift card) is on the
/// order and never at a warehouse.
/// </summary>
public sealed record CatalogueItem(string Sku, string Title, decimal Price, bool Shippable = true);

/// <summary>
/// A make-believe buyer; every address is under example.com and every phone number in the 555-01xx range.
/// </summary>
public sealed record Buyer(
    string FirstName, string LastName, string Address1, string City, string Province, string ProvinceCode, string Zip)
{
    public string Name => $"{FirstName} {LastName}";

    public string Email => $"{FirstName}.{LastName}@example.com".ToLowerInvariant();
}

/// <summary>What the shop sells and who buys.</summary>
public static class Catalogue
{
    public static IReadOnlyList<CatalogueItem> Items { get; } =
    [
        new("TEA-ASSAM-250", "Assam tea, 250 g", 12.50m),
        new("TEA-SENCHA-100", "Sencha tea, 100 g", 14.00m),
        new("TEA-ROOIBOS-250", "Rooibos, 250 g", 9.80m),
        new("POT-CAST-IRON", "Cast-iron teapot", 58.00m),
        new("POT-GLASS-1L", "Glass teapot, 1 l", 32.00m),
        new("CUP-STONE-BLUE", "Stoneware cup, blue", 11.00m),
        new("CUP-STONE-GREY", "Stoneware cup, grey", 11.00m),
        new("STRAINER-STEEL", "Steel strainer", 7.25m),
        new("KETTLE-GOOSENECK", "Gooseneck kettle", 74.90m),
        new("TIN-ROUND-S", "Round tin, small", 6.40m),
    ];

    /// <summary>Sold like the others, but counted scarce at first: its orders wait until stock arrives.</summary>
    public static CatalogueItem Scarce { get; } = new("CUP-RARE-GOLD", "Gold-rimmed cup, few", 48.00m);

    public static CatalogueItem GiftCard { get; } = new("GIFT-CARD-25", "Gift card", 25.00m, Shippable: false);

    public static IReadOnlyList<Buyer> Buyers { get; } =
    [
        new("Ada", "Marsh", "12 Willow Street", "Portland", "Oregon", "OR", "97201"),
        new("Bruno", "Keller", "480 Harbor Road", "Baltimore", "Maryland", "MD", "21201"),
        new("Chidi", "Okafor", "7 Juniper Lane", "Austin", "Texas", "TX", "78701"),
        new("Dana", "Whitfield", "91 Quarry Hill", "Burlington", "Vermont", "VT", "05401"),
        new("Emiko", "Tanaka", "305 Cedar Avenue", "Seattle", "Washington", "WA", "98101"),
        new("Farid", "Haddad", "66 Mill Pond Way", "Dearborn", "Michigan", "MI", "48120"),
        new("Grete", "Lind", "2210 Prairie Drive", "Fargo", "North Dakota", "ND", "58102"),
        new("Hana", "Novak", "18 Orchard Court", "Cleveland", "Ohio", "OH", "44101"),
    ];

    /// <summary>
    /// A count for each shippable thing: <paramref name="plenty"/> units, and <paramref name="scarce"/> of the scarce
    /// one.
    /// </summary>
    public static IReadOnlyDictionary<string, int> Stock(int plenty, int scarce)
    {
        var stock = Items.Where(item => item.Shippable)
            .ToDictionary(item => item.Sku, _ => plenty, StringComparer.Ordinal);
        stock[Scarce.Sku] = scarce;
        return stock;
    }
}
