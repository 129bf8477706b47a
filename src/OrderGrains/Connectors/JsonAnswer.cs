using System.Text.Json;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Wire;

namespace OrderGrains.Connectors;

/// <summary>The body of an answer as JSON: whole, or not at all.</summary>
internal static class JsonAnswer
{
    /// <summary>Null when it is no JSON, breaks off, or is longer than it may be.</summary>
    public static async Task<JsonElement?> ReadAsync(
        HttpContent content, int bytesMax, CancellationToken cancellationToken)
    {
        if (await AnswerBytes.ReadWholeAsync(content, bytesMax, cancellationToken) is not { } body)
            return null;
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// What it tells people of a failure: <c>detail</c>, <c>title</c>, <c>message</c> or <c>error</c>, or else the
    /// first words that it has for each field. Null when there are none.
    /// </summary>
    public static string? Words(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } told)
            return null;
        try
        {
            var (words, fields) = (new AnswerWords(), new List<string>());
            foreach (var field in told.EnumerateObject())
            {
                if (TextOf(field.Value) is { } text)
                    words.Add(field.Name, text);
                else if (field.Value.ValueKind == JsonValueKind.Array
                    && field.Value.EnumerateArray().Select(TextOf).FirstOrDefault() is { } first)
                    fields.Add($"{field.Name}: {first}");
            }

            return words.Best ?? (fields.Count > 0 ? string.Join("; ", fields) : null);
        }
        catch (InvalidOperationException)
        {
            // A field's name is no text.
            return null;
        }
    }

    private static string? TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && JsonText.TryRead(value, out var text)
        && !string.IsNullOrWhiteSpace(text) ? text : null;
}
