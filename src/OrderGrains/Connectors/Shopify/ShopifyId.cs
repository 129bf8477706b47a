using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Shopify's global ids, such as <c>gid://shopify/Order/1</c> (shopify.dev, "Global IDs in Shopify APIs").
/// </summary>
internal static class ShopifyId
{
    /// <summary>Refuses a body that says that it is another kind of thing, be it alike in all else.</summary>
    /// <param name="root">The body.</param>
    /// <param name="kind">What it must be, as ids name it.</param>
    /// <param name="words">The same, for people.</param>
    public static void RequireKind(JsonFields root, string kind, string words)
    {
        if (root.Text("admin_graphql_api_id")?.StartsWith(Prefix(kind), StringComparison.Ordinal) == false)
            root.Fault("admin_graphql_api_id", $"is not that of {words}");
    }

    /// <summary>Required: the number at the end of an id of this kind.</summary>
    public static string Number(JsonFields fields, string name, string kind)
    {
        var id = fields.Code(name, ConnectorLimits.IdCharsMax);
        var prefix = Prefix(kind);
        if (id.StartsWith(prefix, StringComparison.Ordinal) && id.Length > prefix.Length
            && !id.AsSpan(prefix.Length).ContainsAnyExceptInRange('0', '9'))
        {
            return id[prefix.Length..];
        }

        fields.Fault(name, $"is not the global id of a {kind}");
        return "";
    }

    private static string Prefix(string kind) => $"gid://shopify/{kind}/";
}
