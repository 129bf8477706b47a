using Microsoft.Net.Http.Headers;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <summary>What a sender may say of its body. Saying nothing is allowed.</summary>
internal static class BodyMedia
{
    public const string Json = "application/json";
    public const string Xml = "application/xml";

    /// <summary>Null when the body may be such as it stands; the header's own text is never repeated.</summary>
    /// <param name="headers">All of the request.</param>
    /// <param name="types">The types that will do; none: JSON alone.</param>
    public static Verification.WrongMediaType? Fault(IHeaderDictionary headers, params string[] types)
    {
        if (types.Length == 0)
            types = [Json];
        return headers.ContentType.Count > 0 && !Array.Exists(types, type => Is(headers, type))
            ? new Verification.WrongMediaType($"Content-Type must be {string.Join(" or ", types)}") : null;
    }

    /// <summary>Whether the body says that it is of this type.</summary>
    public static bool Is(IHeaderDictionary headers, string type) => headers.ContentType is [var one]
        && MediaTypeHeaderValue.TryParse(one, out var media)
        && media.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
