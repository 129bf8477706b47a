namespace OrderGrains.Vocabulary;

/// <summary>What a message or an event is about.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Key">Its key, such as <c>acme/1042</c> or <c>east/POT-1</c>.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.Subject")]
public readonly record struct Subject([property: Id(0)] SubjectKind Kind, [property: Id(1)] string Key)
{
    public static Subject Of(OrderKey order) => new(SubjectKind.Order, order.ToString());

    public static Subject Of(StockKey stock) => new(SubjectKind.Stock, stock.ToString());

    /// <summary>The source that an order came from; empty for what came from none.</summary>
    public string Source => Kind == SubjectKind.Order && Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var end
        ? Key[..end] : "";

    /// <summary>As CloudEvents and people see it: <c>order/acme/1042</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}/{Key}";
}

/// <summary>Sorts of subject. Stored by name.</summary>
public enum SubjectKind
{
    Order,
    Stock,
    Source,
    Destination,
}
