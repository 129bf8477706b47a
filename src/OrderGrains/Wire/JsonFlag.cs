using System.Text.Json;

namespace OrderGrains.Wire;

/// <summary>Reads true and false however they are written.</summary>
internal static class JsonFlag
{
    /// <summary>Null when the value is neither.</summary>
    public static bool? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => Read(value.GetRawText()),
        JsonValueKind.String when JsonText.TryRead(value, out var text) => Read(text),
        _ => null,
    };

    /// <inheritdoc cref="Read(JsonElement)"/>
    public static bool? Read(string text)
    {
        if (bool.TryParse(text, out var flag))
            return flag;
        return WholeNumber.Read(text.AsSpan().Trim(), out var number) == NumberForm.Whole && number is 0 or 1
            ? number == 1 : null;
    }
}
