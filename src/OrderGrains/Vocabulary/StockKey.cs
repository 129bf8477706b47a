namespace OrderGrains.Vocabulary;

/// <summary>Names the stock of one SKU at one location.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.StockKey")]
public readonly record struct StockKey([property: Id(0)] string Location, [property: Id(1)] string Sku)
{
    /// <summary>The grain's key, <c>location/sku</c>. A location's name holds no slash; a SKU may.</summary>
    public override string ToString() => $"{Location}/{Sku}";

    public static StockKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || slash == text.Length - 1)
            throw new FormatException($"'{text}' is no stock key: expected location/sku.");
        return new StockKey(text[..slash], text[(slash + 1)..]);
    }
}
