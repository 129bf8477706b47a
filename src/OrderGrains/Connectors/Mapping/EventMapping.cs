using System.Buffers;
using System.Text.Json;
using OrderGrains.Connectors.Events;
using OrderGrains.Connectors.Fetching;
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
    /// <param name="fetch">From where orders may be fetched that are not sent whole; null: from nowhere.</param>
    public Reading Read(string source, Receipt receipt, FetchRules? fetch = null) => Namespaces is { } namespaces
        ? XmlBody.Read(receipt, root => Read(source, receipt, new XmlNode(root, namespaces), fetch))
        : JsonBody.ReadElement(receipt, root => Read(source, receipt, new JsonNode(root), fetch));

    private Reading Read(string source, Receipt receipt, Node root, FetchRules? fetch)
    {
        var place = new Place(root, root, receipt with { Fetched = null }, new JsonFault());
        if (Rules.FirstOrDefault(rule => rule.When.All(condition => condition.Holds(place))) is not { } rule)
            return new Reading.Ignored("no rule of the mapping fits");
        if (rule.Ignore is { } why)
            return new Reading.Ignored(why);
        if (rule.Fetched is not { } fields || receipt.Fetched is not { } fetched)
            return Translate(rule.Data, place, ours => Understand(ours, receipt));
        return Translate(rule.Data, place, ours => OrderEvents.OfFetched(
            JsonBody.ReadElement(receipt with { Body = fetched.Body }, element =>
            {
                var whole = new JsonNode(element);
                return Translate(fields, new Place(whole, whole, receipt, new JsonFault()), body => Understand(
                    ours, receipt with { Fetched = fetched with { Body = body } }));
            })));

        // The event is known by what came, not by what we made of it.
        Reading Understand(ReadOnlyMemory<byte> ours, Receipt known) => JsonBody.Read(
            receipt with { Body = ours }, data => OrderEvents.Read(source, rule.Type, data, known, fetch: fetch));
    }

    /// <summary>Writes fields in our own form, and goes on with them where the document has no fault.</summary>
    private static Reading Translate(
        IReadOnlyList<KeyValuePair<string, MappedValue>> fields, Place place,
        Func<ReadOnlyMemory<byte>, Reading> then)
    {
        var ours = new ArrayBufferWriter<byte>();
        using (var to = new Utf8JsonWriter(ours))
            MappedValue.WriteAll(to, fields, place);
        return place.Fault.First is { } reason ? new Reading.Unreadable(reason) : then(ours.WrittenMemory);
    }
}

/// <summary>What becomes of documents that fit.</summary>
/// <param name="When">All of it must hold.</param>
/// <param name="Ignore">Why they are no concern of ours; null: they are.</param>
/// <param name="Type">What they are in our own form.</param>
/// <param name="Data">Its fields.</param>
/// <param name="Fetched">Those of the order that is fetched, as they stand there; null: it is sent whole.</param>
internal sealed record Rule(
    IReadOnlyList<Condition> When, string? Ignore, string Type, IReadOnlyList<KeyValuePair<string, MappedValue>> Data,
    IReadOnlyList<KeyValuePair<string, MappedValue>>? Fetched = null);

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
