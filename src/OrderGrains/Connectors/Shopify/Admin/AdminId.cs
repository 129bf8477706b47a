namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Global ids, such as <c>gid://shopify/Order/1</c> (shopify.dev, "Global IDs in Shopify APIs"). Webhooks and our own
/// records have the number alone.
/// </summary>
internal static class AdminId
{
    /// <summary>The global id of a number or of a global id; null when it is neither.</summary>
    public static string? Of(string kind, string id)
    {
        var prefix = $"gid://shopify/{kind}/";
        var number = id.StartsWith(prefix, StringComparison.Ordinal) ? id[prefix.Length..] : id;
        return number.Length is > 0 and <= 20 && number.All(char.IsAsciiDigit) ? prefix + number : null;
    }

    /// <summary>The number at the end of a global id.</summary>
    public static string Number(string id) => id[(id.LastIndexOf('/') + 1)..];
}
