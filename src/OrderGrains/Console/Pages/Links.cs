using Microsoft.AspNetCore.WebUtilities;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console.Pages;

/// <summary>Where pages lead.</summary>
internal static class Links
{
    public static string Order(OrderKey key) =>
        $"/orders/{Uri.EscapeDataString(key.Source)}/{Uri.EscapeDataString(key.OrderId)}";

    /// <summary>Null when the text is no order key.</summary>
    public static string? Order(string? key) =>
        key?.IndexOf('/', StringComparison.Ordinal) is > 0 && !key.EndsWith('/') ? Order(OrderKey.Parse(key)) : null;

    public static string Stock(StockKey key) =>
        $"/stock/{Uri.EscapeDataString(key.Location)}/{Uri.EscapeDataString(key.Sku)}";

    public static string Receipt(Guid id) => $"/receipts/{id}";

    /// <summary>Only what a browser may open as a page: a warehouse's word is not trusted to be no script.</summary>
    public static string? Tracking(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? uri.AbsoluteUri
            : null;

    /// <summary>This page with one filter changed, back at its first rows.</summary>
    public static string With(HttpRequest request, string name, string? value) =>
        With(request, [(name, value), ("cursor", null)]);

    public static string Older(HttpRequest request, string cursor) => With(request, [("cursor", cursor)]);

    private static string With(HttpRequest request, ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = request.Query.ToDictionary(
            pair => pair.Key, pair => (string?)pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
            query[name] = value;
        return QueryHelpers.AddQueryString(
            request.Path, query.Where(pair => !string.IsNullOrEmpty(pair.Value)));
    }
}
