using System.Text.Json;

namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>
/// An object of an answer: fields by name. A field may be a value, another node, a list, the rows of a connection, or a
/// function of its arguments.
/// </summary>
internal sealed class Node() : Dictionary<string, object?>(StringComparer.Ordinal);

/// <summary>All rows of a connection; a request gets a page of them.</summary>
internal sealed record ConnectionRows(IReadOnlyList<Node> All);

/// <summary>The shop answers a request with an error.</summary>
internal sealed class ShopifyException(string message) : Exception(message);

/// <summary>Global ids.</summary>
internal static class Gid
{
    public static string Of(string kind, long id) => $"gid://shopify/{kind}/{id}";

    /// <exception cref="ShopifyException">It is none of this kind.</exception>
    public static long Read(string kind, string id)
    {
        var prefix = $"gid://shopify/{kind}/";
        return id.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(prefix.Length), out var number) ? number
            : throw new ShopifyException($"Invalid global id '{id}': expected a {kind}");
    }
}

/// <summary>Arguments of a field, or an input object, as the schema has made them of the request.</summary>
internal sealed class Arguments(IReadOnlyDictionary<string, object?> values)
{
    public bool Has(string name) => values.ContainsKey(name);

    public object? Find(string name) => values.GetValueOrDefault(name);

    public string Text(string name) => Find(name) as string ?? "";

    public int Number(string name) => Find(name) is int number ? number : 0;

    public bool Flag(string name) => Find(name) is true;

    public List<string> Texts(string name) => [.. ((IEnumerable<object?>?)Find(name) ?? []).OfType<string>()];

    public Arguments Object(string name) => new((IReadOnlyDictionary<string, object?>?)Find(name)
        ?? new Dictionary<string, object?>(StringComparer.Ordinal));

    public List<Arguments> Objects(string name) =>
    [
        .. ((IEnumerable<object?>?)Find(name) ?? []).OfType<IReadOnlyDictionary<string, object?>>()
            .Select(one => new Arguments(one)),
    ];

    /// <summary>As JSON, to compare two requests.</summary>
    public string Written(string name) => JsonSerializer.Serialize(Find(name));
}
