using Microsoft.Net.Http.Headers;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <summary>What a sender of JSON may say of its body. Saying nothing is allowed.</summary>
internal static class JsonMedia
{
    public const string Json = "application/json";

    /// <summary>Null when the body may be JSON as it stands; the header's own text is never repeated.</summary>
    /// <param name="headers">All of the request.</param>
    /// <param name="other">A second type that will do; null: none.</param>
    public static Verification.WrongMediaType? Fault(IHeaderDictionary headers, string? other = null)
    {
        if (headers.ContentType.Count > 0 && !Is(headers, Json) && (other is null || !Is(headers, other)))
        {
            return new Verification.WrongMediaType(
                $"Content-Type must be {Json}{(other is null ? "" : $" or {other}")}");
        }

        var encoding = headers.ContentEncoding;
        if (encoding.Count > 0 && !string.Equals(encoding.ToString(), "identity", StringComparison.OrdinalIgnoreCase))
            return new Verification.WrongMediaType("Content-Encoding must be absent or identity");
        return null;
    }

    /// <summary>Whether the body says that it is of this type.</summary>
    public static bool Is(IHeaderDictionary headers, string type) => headers.ContentType is [var one]
        && MediaTypeHeaderValue.TryParse(one, out var media)
        && media.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
