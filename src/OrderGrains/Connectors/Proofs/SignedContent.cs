using System.Text;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Proofs;

/// <summary>Kinds of part of what is signed.</summary>
internal enum SignedPart
{
    Literal,
    Body,
    Timestamp,
    Method,
    Path,
    Target,
    Url,
    Header,
}

/// <summary>What a sender signs: its template, read once.</summary>
internal sealed class SignedContent
{
    private const string HeaderName = "header:";

    private readonly List<(SignedPart Part, string Text)> _parts = [];

    private SignedContent()
    {
    }

    public bool Has(SignedPart part) => _parts.Exists(one => one.Part == part);

    /// <summary>Names of the headers that are signed.</summary>
    public IEnumerable<string> Headers =>
        _parts.Where(one => one.Part == SignedPart.Header).Select(one => one.Text);

    /// <summary>Reads text with names in braces. What is wrong is said in <paramref name="faults"/>.</summary>
    public static SignedContent Parse(string template, out IReadOnlyList<string> faults)
    {
        var (content, found, at) = (new SignedContent(), new List<string>(), 0);
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                content._parts.Add((SignedPart.Literal, template[at..]));
                if (open >= 0)
                    found.Add("has a brace that is not closed");
                break;
            }

            if (open > at)
                content._parts.Add((SignedPart.Literal, template[at..open]));
            if (Find(template[(open + 1)..close]) is { } part)
                content._parts.Add(part);
            else
                found.Add($"has an unknown name at character {open + 1}; known are {{body}}, {{timestamp}}, "
                    + "{method}, {path}, {target}, {url} and {header:Name}");
            at = close + 1;
        }

        if (!content.Has(SignedPart.Body))
            found.Add("must have {body}: else any body would do");
        faults = found;
        return content;
    }

    /// <summary>
    /// The bytes of each part, null for the body; null with <paramref name="fault"/> when the request lacks one.
    /// </summary>
    public byte[]?[]? Find(WebhookRequest request, string timestamp, string url, out string fault)
    {
        fault = "";
        var found = new byte[_parts.Count][];
        for (var at = 0; at < found.Length; at++)
        {
            var (part, text) = _parts[at];
            if (part == SignedPart.Body)
                continue;
            if (part == SignedPart.Header && !HeaderText.TryGetOne(request.Headers, text, out text, out fault))
                return null;
            found[at] = Encoding.UTF8.GetBytes(part switch
            {
                SignedPart.Timestamp => timestamp,
                // Nothing else comes here.
                SignedPart.Method => HttpMethods.Post,
                SignedPart.Path => request.Target.Split('?', 2)[0],
                SignedPart.Target => request.Target,
                SignedPart.Url => url,
                _ => text,
            });
        }

        return found;
    }

    private static (SignedPart, string)? Find(string name) => name switch
    {
        "body" => (SignedPart.Body, ""),
        "timestamp" => (SignedPart.Timestamp, ""),
        "method" => (SignedPart.Method, ""),
        "path" => (SignedPart.Path, ""),
        "target" => (SignedPart.Target, ""),
        "url" => (SignedPart.Url, ""),
        _ when name.StartsWith(HeaderName, StringComparison.Ordinal) && HeaderText.IsName(name[HeaderName.Length..]) =>
            (SignedPart.Header, name[HeaderName.Length..]),
        _ => null,
    };
}
