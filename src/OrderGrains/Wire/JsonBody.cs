using System.Text.Json;
using System.Text.Unicode;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <summary>Parses a receipt's body, once, and keeps every malformed one from becoming an exception.</summary>
internal static class JsonBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body as one object; whatever fault the reading met makes it unreadable.</summary>
    public static Reading Read(Receipt receipt, Func<JsonFields, Reading> translate) => ReadElement(receipt, root =>
    {
        var fault = new JsonFault();
        var reading = translate(new JsonFields(root, "", fault));
        return fault.First is { } reason ? new Reading.Unreadable(reason) : reading;
    });

    /// <summary>Reads the body as one object of JSON.</summary>
    public static Reading ReadElement(Receipt receipt, Func<JsonElement, Reading> translate)
    {
        // Windows programs begin UTF-8 with a mark of byte order; JSON has none.
        var body = receipt.Body.Span.StartsWith(ByteOrderMark) ? receipt.Body[ByteOrderMark.Length..] : receipt.Body;
        if (body.IsEmpty)
            return new Reading.Unreadable("the body is empty");
        // Utf8JsonReader does not look inside strings; PostgreSQL and the warehouse would refuse them later.
        if (!Utf8.IsValid(body.Span))
            return new Reading.Unreadable("the body is not UTF-8");
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? translate(root)
                : new Reading.Unreadable($"the body is {JsonFields.KindOf(root)}, expected an object");
        }
        catch (JsonException error)
        {
            // The parser's own message repeats bytes of the body.
            return new Reading.Unreadable(
                $"the body is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}");
        }
    }
}

/// <summary>The first fault found in a body. Later ones may follow from it, so they are not kept.</summary>
internal sealed class JsonFault
{
    public string? First { get; private set; }

    public void Add(string reason) => First ??= reason;

    /// <summary>The first fault, if any; from here on it counts anew.</summary>
    public string? Take()
    {
        var first = First;
        First = null;
        return first;
    }
}
