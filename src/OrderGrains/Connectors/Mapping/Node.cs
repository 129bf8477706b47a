using System.Text.Json;
using System.Xml.Linq;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Mapping;

/// <summary>A place in a sender's document, be it JSON or XML.</summary>
internal abstract class Node
{
    /// <summary>What stands there under a name: of a list each entry.</summary>
    public abstract IEnumerable<Node> Named(string name);

    /// <summary>What stands there as a text; null when it is nothing, or more than a text.</summary>
    public abstract string? Text { get; }
}

/// <summary>A value of JSON. Numbers and booleans read as they are written, null as nothing.</summary>
internal sealed class JsonNode(JsonElement value) : Node
{
    public override string? Text => value.ValueKind switch
    {
        JsonValueKind.String when JsonText.TryRead(value, out var text) => text,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    public override IEnumerable<Node> Named(string name) =>
        value.ValueKind != JsonValueKind.Object || !JsonText.TryGet(value, name, out var found) ? []
        : found.ValueKind == JsonValueKind.Null ? []
        : found.ValueKind == JsonValueKind.Array
            ? found.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Null).Select(i => new JsonNode(i))
            : [new JsonNode(found)];
}

/// <summary>An element of XML; its attributes are named with <c>@</c>.</summary>
/// <param name="element">The element.</param>
/// <param name="namespaces">Namespaces by the prefix that the mapping has for them.</param>
internal sealed class XmlNode(XElement element, IReadOnlyDictionary<string, string> namespaces) : Node
{
    /// <summary>Empty elements say nothing, as null does.</summary>
    public override string? Text => element.HasElements || element.Value.Length == 0 ? null : element.Value;

    public override IEnumerable<Node> Named(string name) => name is ['@', .. var attribute]
        ? element.Attribute(NameOf(attribute)) is { } found ? [new XmlAttribute(found.Value)] : []
        : element.Elements(NameOf(name)).Select(child => new XmlNode(child, namespaces));

    private XName NameOf(string name) => name.Split(':') is [var prefix, var local]
        ? XName.Get(local, namespaces[prefix]) : XName.Get(name);

    private sealed class XmlAttribute(string value) : Node
    {
        public override string? Text => value.Length == 0 ? null : value;

        public override IEnumerable<Node> Named(string name) => [];
    }
}
