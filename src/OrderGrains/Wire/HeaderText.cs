using Microsoft.Extensions.Primitives;

namespace OrderGrains.Wire;

/// <summary>Reads headers of a request: each counts only when it is there once.</summary>
internal static class HeaderText
{
    /// <summary>What a receipt keeps of one.</summary>
    public const int CharsMax = 128;

    /// <param name="headers">All of the request.</param>
    /// <param name="name">The one that is looked for.</param>
    /// <param name="value">Its text, as it was sent.</param>
    /// <param name="fault">Why there is none, with its name.</param>
    public static bool TryGetOne(IHeaderDictionary headers, string name, out string value, out string fault)
    {
        var values = headers[name];
        value = values.Count == 1 ? values[0] ?? "" : "";
        fault = values.Count > 1 ? $"{name} is given more than once" : $"{name} is missing";
        return value.Length > 0;
    }

    /// <summary>Unsigned headers are kept whole or not at all: a cut id could equal another's.</summary>
    public static string? Bounded(StringValues values, int charsMax = CharsMax) =>
        values.Count == 1 && values[0] is { Length: > 0 } text && text.Length <= charsMax && IsVisible(text)
            ? text : null;

    /// <summary>Why <see cref="Bounded"/> kept nothing.</summary>
    public static string BoundedFault(string name) => $"{name} is missing, longer than {CharsMax} or not visible ASCII";

    /// <summary>What a header may be called (RFC 9110, section 5.6.2).</summary>
    public static bool IsName(string text) => text.Length > 0 && text.All(letter =>
        char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));

    /// <summary>Visible ASCII alone.</summary>
    public static bool IsVisible(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
