using System.Text.Json;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// How systems say in a body that a call has failed, while its status code says 200: <c>success: false</c>,
/// <c>errors: […]</c>, <c>status: "error"</c>.
/// </summary>
internal static class AnswerFailure
{
    /// <param name="name">A top-level field.</param>
    /// <param name="text">Its value as text; null for objects, arrays, null and blanks.</param>
    /// <param name="reader">Stands on the value, and stays there.</param>
    public static bool IsSaid(string name, string? text, ref Utf8JsonReader reader) => Plain(name) switch
    {
        "success" or "issuccess" or "ok" or "succeeded" => text is not null && JsonFlag.Read(text) == false,
        "error" or "errors" or "errormessage" or "errorcode" => text is null ? HasMembers(reader) : IsError(text),
        "status" or "result" => text is not null && IsFailedStatus(text),
        _ => false,
    };

    /// <summary>snake_case, kebab-case and camelCase are one.</summary>
    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static bool IsError(string text) => JsonFlag.Read(text) != false
        && !text.Equals("none", StringComparison.OrdinalIgnoreCase)
        && !text.Equals("null", StringComparison.OrdinalIgnoreCase);

    private static bool IsFailedStatus(string text) =>
        text.ToLowerInvariant() is "error" or "failed" or "failure" or "fail"
        || (WholeNumber.Read(text, out var code) == NumberForm.Whole && code >= 400);

    /// <summary>On a copy: whoever reads on reads from the value.</summary>
    private static bool HasMembers(Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
        && !(reader.Read() && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray);
}

/// <summary>The words of an answer that people should read, the best that there are.</summary>
internal sealed class AnswerWords
{
    private static readonly string[] Names = ["detail", "title", "message", "error"];

    private readonly string?[] _texts = new string?[Names.Length];

    public string? Best => _texts.FirstOrDefault(text => text is not null);

    public void Add(string name, string? text)
    {
        if (Array.IndexOf(Names, name) is >= 0 and var at)
            _texts[at] = text;
    }
}
