using System.Buffers;
using System.Text.Json;
using OrderGrains.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Mapping;

/// <summary>
/// A translation of a sender's documents into our own form, by a file (docs/sources.md, "Mapping"). What it makes is
/// read as any other document in our own form, with the same rules and the same faults.
/// </summary>
/// <param name="Namespaces">Namespaces by prefix; null: the documents are JSON.</param>
/// <param name="Rules">The first that fits counts.</param>
internal sealed record EventMapping(IReadOnlyDictionary<string, string>? Namespaces, IReadOnlyList<Rule> Rules)
{
    public bool IsXml => Namespaces is not null;

    /// <param name="source">The source's name: the beginning of its order keys.</param>
    /// <param name="receipt">What came.</param>
    public Reading Read(string source, Receipt receipt) => Namespaces is { } namespaces
        ? XmlBody.Read(receipt, root => Read(source, receipt, new XmlNode(root, namespaces)))
        : JsonBody.ReadElement(receipt, root => Read(source, receipt, new JsonNode(root)));

    private Reading Read(string source, Receipt receipt, Node root)
    {
        var fault = new JsonFault();
        var place = new Place(root, root, receipt, fault);
        if (Rules.FirstOrDefault(rule => rule.When.All(condition => condition.Holds(place))) is not { } rule)
            return new Reading.Ignored("no rule of the mapping fits");
        if (rule.Ignore is { } why)
            return new Reading.Ignored(why);
        var ours = new ArrayBufferWriter<byte>();
        using (var to = new Utf8JsonWriter(ours))
        {
            to.WriteStartObject();
            foreach (var (name, value) in rule.Data)
                value.Write(to, name, place);
            to.WriteEndObject();
        }

        // The event is known by what came, not by what we made of it.
        return fault.First is { } reason
            ? new Reading.Unreadable(reason)
            : JsonBody.Read(
                receipt with { Body = ours.WrittenMemory },
                root => OrderEvents.Read(source, rule.Type, root, receipt));
    }
}

/// <summary>What becomes of documents that fit.</summary>
/// <param name="When">All of it must hold.</param>
/// <param name="Ignore">Why they are no concern of ours; null: they are.</param>
/// <param name="Type">What they are in our own form.</param>
/// <param name="Data">Its fields.</param>
internal sealed record Rule(
    IReadOnlyList<Condition> When, string? Ignore, string Type, IReadOnlyList<KeyValuePair<string, MappedValue>> Data);

/// <summary>What must stand at a path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Values">One of these; null is nothing, and <see cref="Anything"/> is anything.</param>
internal sealed record Condition(MapPath Path, IReadOnlyCollection<string?> Values)
{
    public const string Anything = "*";

    public bool Holds(Place place)
    {
        var text = place.Text(Path);
        var isThere = text is not null || (!Path.Written.StartsWith('$') && Path.Find(place.Root, place.At).Any());
        // What is there and no text, such as an object, is anything and nothing else.
        return (Values.Contains(text, StringComparer.Ordinal) && isThere == text is not null)
            || (isThere && Values.Contains(Anything, StringComparer.Ordinal));
    }
}
