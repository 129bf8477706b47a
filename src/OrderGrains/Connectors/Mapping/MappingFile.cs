using System.Text.Json;
using OrderGrains.Configuration;

namespace OrderGrains.Connectors.Mapping;

/// <summary>
/// Reads a mapping's file and checks it whole: every mistake is named, with its place in the file. What the file says
/// is no secret, so it is repeated where that helps.
/// </summary>
internal static class MappingFile
{
    /// <summary>Null, and the mistakes noted at the setting, when there is no mapping or a wrong one.</summary>
    /// <param name="file">The file's path; null: the source has none.</param>
    /// <param name="settings">Where mistakes are noted.</param>
    /// <param name="topicIsSigned">Whoever saw a request cannot send it again under another topic.</param>
    public static EventMapping? Read(string? file, Settings settings, bool topicIsSigned = true)
    {
        if (file is null)
            return null;
        try
        {
            return Parse(File.ReadAllBytes(file), rule => settings.Mistake("Mapping", rule), topicIsSigned);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            settings.Mistake("Mapping", $"the file '{file}' cannot be read: {error.Message}");
            return null;
        }
    }

    /// <param name="json">What stands in the file. Comments and trailing commas are allowed.</param>
    /// <param name="mistake">Called with each mistake.</param>
    /// <param name="topicIsSigned">As of <see cref="Read"/>.</param>
    public static EventMapping? Parse(ReadOnlyMemory<byte> json, Action<string> mistake, bool topicIsSigned = true)
    {
        try
        {
            // Windows programs begin UTF-8 with a mark of byte order.
            var text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                AllowDuplicateProperties = false,
            });
            var any = false;
            var mapping = new MappingReader(rule =>
            {
                any = true;
                mistake(rule);
            }, topicIsSigned).Read(document.RootElement);
            return any ? null : mapping;
        }
        catch (JsonException error)
        {
            mistake($"is not JSON: {error.Message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            mistake("has half of a surrogate pair, such as \\ud800, in a name or a text");
            return null;
        }
    }
}
