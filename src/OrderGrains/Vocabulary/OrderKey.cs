
namespace OrderGrains.Vocabulary;

/// <summary>Names one order: the configured source and the storefront's own id, digit for digit.</summary>
/// <remarks>Ids are text: Shopify's exceed 2^53 (Shopify, REST Admin API, Order resource).</remarks>
[GenerateSerializer, Immutable, Alias("OrderGrains.OrderKey")]
public readonly record struct OrderKey([property: Id(0)] string Source, [property: Id(1)] string OrderId)
{
    /// <summary>The grain's key, <c>source/order-id</c>. A source's name holds no slash.</summary>
    public override string ToString() => $"{Source}/{OrderId}";

    public static OrderKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || slash == text.Length - 1)
            throw new FormatException($"'{text}' is no order key: expected source/order-id.");
        return new OrderKey(text[..slash], text[(slash + 1)..]);
    }
}
