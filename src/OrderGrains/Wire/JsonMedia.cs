using Microsoft.Net.Http.Headers;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <summary>What a sender of JSON may say of its body. Saying nothing is allowed.</summary>
internal static class JsonMedia
{
    /// <summary>Null when the body may be JSON as it stands; the header's own text is never repeated.</summary>
    public static Verification.WrongMediaType? Fault(IHeaderDictionary headers)
    {
        var type = headers.ContentType;
        if (type.Count > 0 && !(type.Count == 1 && MediaTypeHeaderValue.TryParse(type[0], out var media)
            && media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)))
            return new Verification.WrongMediaType("Content-Type must be application/json");
        var encoding = headers.ContentEncoding;
        if (encoding.Count > 0 && !string.Equals(encoding.ToString(), "identity", StringComparison.OrdinalIgnoreCase))
            return new Verification.WrongMediaType("Content-Encoding must be absent or identity");
        return null;
    }
}
