namespace OrderGrains.Connectors.Mapping;

/// <summary>
/// Names one after the other, <c>order/items</c>: each is looked up in all that the one before found, so that a list on
/// the way needs no sign of its own. One that begins with a slash starts at the document, any other where the fields
/// around it are, and <c>.</c> is that place. Two begin with a dollar: <c>$topic</c> and <c>$receivedAt</c>.
/// </summary>
/// <remarks>
/// A query language (JMESPath, XPath) would read JSON or XML and not both, and would have functions, filters and
/// expressions that nobody can check at the start. This is what mappings of orders need.
/// </remarks>
internal sealed record MapPath(string Written, IReadOnlyList<string> Names, bool IsAbsolute)
{
    /// <summary>The topic that the receipt came under; a header has it, which may not be signed.</summary>
    public const string Topic = "$topic";

    /// <summary>When it arrived, or was fetched: for senders that state no time of their own.</summary>
    public const string ReceivedAt = "$receivedAt";

    public static MapPath Parse(string written)
    {
        var absolute = written.StartsWith('/');
        return written == "." ? new MapPath(written, [], false) : new MapPath(
            written, [.. (absolute ? written[1..] : written).Split('/').Select(Unescaped)], absolute);
    }

    /// <summary>Why it is no path; null when it is one.</summary>
    /// <param name="prefixes">Those of the namespaces; null: the document is JSON.</param>
    public string? FindFault(IReadOnlyCollection<string>? prefixes)
    {
        if (Written.StartsWith('$'))
            return Written is Topic or ReceivedAt ? null : $"there are {Topic} and {ReceivedAt} alone";
        if (Names.Any(name => name.Length == 0))
            return "has an empty name";
        if (prefixes is null)
            return null;
        foreach (var name in Names)
        {
            var parts = name.TrimStart('@').Split(':');
            if (parts.Length > 2 || parts.Any(part => !IsXmlName(part)))
                return $"'{name}' is no name of XML";
            if (parts.Length == 2 && !prefixes.Contains(parts[0], StringComparer.Ordinal))
                return $"'{parts[0]}' is no prefix of namespaces";
        }

        return null;
    }

    /// <summary>What is there, in the order of the document.</summary>
    public IEnumerable<Node> Find(Node root, Node at)
    {
        IEnumerable<Node> found = [IsAbsolute ? root : at];
        foreach (var name in Names)
            found = found.SelectMany(node => node.Named(name));
        return found;
    }

    /// <summary>A name that holds a slash is written with <c>~1</c>, a tilde with <c>~0</c> (RFC 6901).</summary>
    private static string Unescaped(string name) =>
        name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static bool IsXmlName(string text)
    {
        try
        {
            return System.Xml.XmlConvert.VerifyNCName(text).Length > 0;
        }
        catch (Exception error) when (error is System.Xml.XmlException or ArgumentException)
        {
            return false;
        }
    }
}
