
namespace OrderGrains.Vocabulary;

/// <summary>A buyer, as far as a request about their personal data names them. Personal data.</summary>
/// <param name="OrderIds">Orders of theirs, by the storefront's ids.</param>
/// <param name="Email">Orders with this address are theirs as well; null: only those named.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.Buyer")]
public sealed record Buyer([property: Id(0)] IReadOnlyList<string> OrderIds, [property: Id(1)] string? Email)
{
    /// <summary>Orders that one request may name.</summary>
    public const int OrdersMax = 5_000;

    /// <summary>Says nothing of the person, so that a careless log line cannot either.</summary>
    public override string ToString() => $"Buyer {{ {OrderIds.Count} orders }}";
}
