using System.Text;
using System.Text.Json;

namespace OrderGrains.Connectors.Mapping;

/// <summary>
/// An address with texts of the document in it, such as <c>https://shop.example/orders/{order/id}</c>. Each is escaped,
/// and stands behind the host: none can lead anywhere else.
/// </summary>
/// <param name="Texts">What stands before, between and behind the paths: one more than there are paths.</param>
/// <param name="Paths">What the document has to say.</param>
internal sealed record MappedAddress(IReadOnlyList<string> Texts, IReadOnlyList<MapPath> Paths) : MappedValue
{
    /// <param name="template">What stands in the file.</param>
    /// <param name="path">Reads a path.</param>
    /// <param name="mistake">Called with the rule that it breaks.</param>
    public static MappedAddress Parse(string template, Func<string, MapPath> path, Action<string> mistake)
    {
        var (texts, paths) = (new List<string>(), new List<MapPath>());
        var rest = template;
        while (rest.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open)
        {
            if (rest.IndexOf('}', open) is >= 0 and var close)
            {
                texts.Add(rest[..open]);
                paths.Add(path(rest[(open + 1)..close]));
                rest = rest[(close + 1)..];
                continue;
            }

            mistake("has a { without its }");
            break;
        }

        texts.Add(rest);
        if (!Uri.TryCreate(texts[0], UriKind.Absolute, out var root) || root.Host.Length == 0
            || texts[0].IndexOf('/', texts[0].IndexOf("//", StringComparison.Ordinal) + 2) < 0)
            mistake("must begin with an address and its host, such as https://shop.example/orders/{id}");
        return new MappedAddress(texts, paths);
    }

    public override void Write(Utf8JsonWriter to, string name, Place place)
    {
        var address = new StringBuilder(Texts[0]);
        for (var at = 0; at < Paths.Count; at++)
        {
            // A dot is a folder, and escaping leaves it one.
            if (place.Text(Paths[at]) is not { } text || text is "." or "..")
            {
                place.Fault.Add($"{name} ({Paths[at].Written}) is missing, or no part of an address");
                return;
            }

            address.Append(Uri.EscapeDataString(text)).Append(Texts[at + 1]);
        }

        to.WriteString(name, address.ToString());
    }
}
