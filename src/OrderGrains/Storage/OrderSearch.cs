using OrderGrains.Orders;

namespace OrderGrains.Storage;

/// <summary>
/// How orders are found by what people type: the beginning of an id or number, in any case, with or without '#'.
/// </summary>
internal static class OrderSearch
{
    /// <summary>Above any text, so that a prefix is a range and no wildcard needs escaping.</summary>
    private const string Highest = "\U0010FFFF";

    public static string Normalize(string text) => text.Trim().TrimStart('#').ToLowerInvariant();

    public static string? NumberOf(Order order) => order.Storefront?.Number;

    public static (string From, string Below) Range(string query) => (Normalize(query), Normalize(query) + Highest);
}
