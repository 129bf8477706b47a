using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Tells whether a body names a buyer: by the e-mail address, or by the id of an order of theirs. Bodies of any kind
/// are looked at, and those that nobody could read: so it goes by words, with JSON's and XML's escapes undone.
/// </summary>
internal sealed partial class BuyerWords
{
    /// <summary>A shorter id is also a quantity: there it must stand where an id stands.</summary>
    private const int IdCharsMin = 5;

    /// <summary>
    /// What stands before an id: <c>"order_id": "</c>, <c>orderId="</c>, <c>gid://shopify/Order/</c>.
    /// </summary>
    private const int BeforeMax = 12;

    private readonly string? _email;
    private readonly HashSet<string> _ids;

    /// <summary>Ids that are more than one word.</summary>
    private readonly string[] _others;

    public BuyerWords(Buyer buyer)
    {
        _email = buyer.Email?.Trim();
        var isWord = buyer.OrderIds.ToLookup(id => Word().Match(id).Length == id.Length);
        _ids = isWord[true].ToHashSet(StringComparer.Ordinal);
        _others = [.. isWord[false]];
    }

    public bool AreIn(Receipt receipt) =>
        AreIn(receipt.Body.Span) || (receipt.Fetched is { } fetched && AreIn(fetched.Body.Span));

    private bool AreIn(ReadOnlySpan<byte> body)
    {
        // What is no text is searched as far as it is one.
        var text = WebUtility.HtmlDecode(Escape().Replace(Encoding.UTF8.GetString(body), static found =>
            found.Length == 2 ? found.Value[1..] : ((char)Convert.ToInt32(found.Value[2..], 16)).ToString()));
        return (_email is { } email && text.Contains(email, StringComparison.OrdinalIgnoreCase))
            || _others.Any(id => text.Contains(id, StringComparison.Ordinal))
            || (_ids.Count > 0 && HasId(text));
    }

    private bool HasId(string text)
    {
        var words = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var word in Word().EnumerateMatches(text))
        {
            var before = text.AsSpan(Math.Max(0, word.Index - BeforeMax)..word.Index);
            if (words.Contains(text.AsSpan(word.Index, word.Length))
                && (word.Length >= IdCharsMin || Before().IsMatch(before)))
                return true;
        }

        return false;
    }

    [GeneratedRegex("""\\(u[0-9a-fA-F]{4}|["\\/])""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\p{L}\p{N}_-]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();

    [GeneratedRegex(
        """([iI][dD]"?\s*[:=>]\s*"?|Order/)$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Before();
}
