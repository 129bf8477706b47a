using System.Text.Json;

namespace OrderGrains.Connectors;

/// <summary>
/// Reads the fields of one JSON object. A fault is noted, naming the field and the rule, and the reading goes on with
/// an empty value: the caller reads straight on, and whoever started the reading looks for a fault at its end.
/// </summary>
/// <remarks>Faults repeat numbers only: a text may be personal data.</remarks>
internal readonly partial struct JsonFields(JsonElement element, string prefix, JsonFault fault)
{
    /// <summary>Notes a fault of a field of this object, such as <c>is given twice</c>.</summary>
    public void Fault(string name, string rule) => fault.Add($"{prefix}{name} {rule}");

    /// <summary>Notes a fault that is of no single field.</summary>
    public void Fault(string reason) => fault.Add(reason);

    /// <summary>The field stands there, be it null.</summary>
    public bool Exists(string name) => TryGet(name, out _);

    /// <summary>The field stands there and is not null.</summary>
    public bool Has(string name) => TryFind(name, out _);

    /// <summary>The object has fields of these names and no others.</summary>
    public bool HasOnly(params ReadOnlySpan<string> names)
    {
        var known = 0;
        foreach (var name in names)
            known += Exists(name) ? 1 : 0;
        return element.GetPropertyCount() == known;
    }

    /// <summary>Required: digits, from a JSON number or a text, digit for digit (ids exceed 2^53).</summary>
    public string DigitsId(string name)
    {
        if (!TryFind(name, out var value))
            return Missing(name);
        var id = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TextOf(name, value);
        if (id.Length > ConnectorLimits.IdCharsMax)
            Fault(name, $"is longer than {ConnectorLimits.IdCharsMax} digits");
        else if (id.Length == 0 || id.AsSpan().ContainsAnyExceptInRange('0', '9'))
            Fault(name, "must be made of digits");
        return id;
    }

    /// <summary>Required: what a grain's key or another system's key is made of; no control characters.</summary>
    public string Code(string name, int charsMax) => OptionalCode(name, charsMax) ?? Missing(name);

    /// <summary>As <see cref="Code"/>; null when absent, null or blank.</summary>
    public string? OptionalCode(string name, int charsMax)
    {
        if (Bounded(name, charsMax) is not { } text)
            return null;
        if (text.Any(char.IsControl))
            Fault(name, "has control characters");
        return text;
    }

    /// <summary>Words for people; null when absent, null or blank. Control characters become spaces.</summary>
    public string? Text(string name, int charsMax = ConnectorLimits.TextCharsMax) =>
        Bounded(name, charsMax) is { } text ? Printable.Of(text) : null;

    public bool? Flag(string name)
    {
        if (!TryFind(name, out var value))
            return null;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Fault(name, $"is {KindOf(value)}, expected true or false");
        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>Null when absent or null.</summary>
    public JsonFields? Object(string name)
    {
        if (!TryFind(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new JsonFields(value, $"{prefix}{name}.", fault);
        Fault(name, $"is {KindOf(value)}, expected an object");
        return null;
    }

    /// <summary>The objects of an array; null when absent or null.</summary>
    public JsonFields[]? Items(string name, int countMax)
    {
        if (!TryFind(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(name, $"is {KindOf(value)}, expected an array");
            return [];
        }

        if (value.GetArrayLength() > countMax)
        {
            Fault(name, $"has {value.GetArrayLength()} entries; the limit is {countMax}");
            return [];
        }

        var items = new List<JsonFields>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object)
                items.Add(new JsonFields(item, $"{prefix}{name}[{items.Count}].", fault));
            else
                Fault($"{name}[{items.Count}]", $"is {KindOf(item)}, expected an object");
        }

        return [.. items];
    }

    /// <summary>The texts of an array, at most so many; what is no text in it is left out.</summary>
    public IReadOnlyList<string> Texts(string name, int countMax)
    {
        if (!TryFind(name, out var value) || value.ValueKind != JsonValueKind.Array)
            return [];
        var texts = new List<string>();
        foreach (var item in value.EnumerateArray().Take(countMax))
        {
            if (item.ValueKind == JsonValueKind.String && TextOf(name, item) is { Length: > 0 } text)
                texts.Add(Printable.Of(text, ConnectorLimits.TextCharsMax));
        }

        return texts;
    }

    /// <summary>Notes that a required field is missing; null counts as missing.</summary>
    public string Missing(string name)
    {
        Fault(name, "is missing");
        return "";
    }

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "a JSON object",
        JsonValueKind.Array => "a JSON array",
        JsonValueKind.String => "a JSON text",
        JsonValueKind.Number => "a JSON number",
        JsonValueKind.Null => "JSON null",
        _ => "a JSON boolean",
    };

    private string? Bounded(string name, int charsMax)
    {
        if (!TryFind(name, out var value))
            return null;
        var text = TextOf(name, value);
        if (text.Length > charsMax)
            Fault(name, $"is longer than {charsMax} characters");
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private string TextOf(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Fault(name, $"is {KindOf(value)}, expected a text");
            return "";
        }

        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, as in "\ud800", is JSON but no text.
            Fault(name, "is no valid text");
            return "";
        }
    }

    private bool TryFind(string name, out JsonElement value) =>
        TryGet(name, out value) && value.ValueKind != JsonValueKind.Null;

    private bool TryGet(string name, out JsonElement value)
    {
        try
        {
            return element.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            // A neighbour's name may hold an escape that is no text.
            fault.Add($"{prefix}{name} could not be sought: the name of a field beside it is no valid text");
            value = default;
            return false;
        }
    }
}
