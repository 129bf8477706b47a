using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

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

    /// <summary>The field is false, which some write for nothing.</summary>
    public bool IsFalse(string name) => TryGet(name, out var value) && value.ValueKind == JsonValueKind.False;

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
        if (Key(name) is not { } id)
            return Missing(name);
        // Some write every number with a decimal point.
        if (id.IndexOf('.', StringComparison.Ordinal) is > 0 and var point
            && !id.AsSpan(point + 1).ContainsAnyExcept('0'))
            id = id[..point];
        if (id.Length > ConnectorLimits.IdCharsMax)
            Fault(name, $"is longer than {ConnectorLimits.IdCharsMax} digits");
        else if (id.AsSpan().ContainsAnyExceptInRange('0', '9'))
            Fault(name, "must be made of digits");
        return id;
    }

    /// <summary>Required: an array of ids made of digits.</summary>
    public IReadOnlyList<string> DigitsIds(string name, int countMax)
    {
        if (!TryFind(name, out var value))
        {
            Missing(name);
            return [];
        }

        if (!IsArray(name, value, countMax))
            return [];
        var ids = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            var text = item.ValueKind == JsonValueKind.Number ? item.GetRawText()
                : item.ValueKind == JsonValueKind.String ? Words(item) : "";
            if (text.Length is 0 or > ConnectorLimits.IdCharsMax || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
                Fault($"{name}[{ids.Count}]", "must be made of digits");
            ids.Add(text);
        }

        return ids;
    }

    /// <summary>
    /// Required: what a grain's key or another system's key is made of; a text or a number, without blanks around it,
    /// and with no control characters.
    /// </summary>
    public string Code(string name, int charsMax) => OptionalCode(name, charsMax) ?? Missing(name);

    /// <summary>As <see cref="Code"/>; null when absent, null or blank.</summary>
    public string? OptionalCode(string name, int charsMax)
    {
        if (Key(name) is not { } code)
            return null;
        if (code.Length > charsMax)
            Fault(name, $"is longer than {charsMax} characters");
        else if (code.Any(char.IsControl))
            Fault(name, "has control characters");
        return code;
    }

    /// <summary>Required: a SKU, as <see cref="Vocabulary.Sku.Of"/> spells it.</summary>
    public string Sku(string name) => OptionalSku(name) ?? Missing(name);

    /// <summary>As <see cref="Sku"/>; null when there is none, or what stands there can be none. No fault.</summary>
    public string? FindSku(string name)
    {
        var own = new JsonFault();
        var sku = new JsonFields(element, prefix, own).OptionalSku(name);
        return own.First is null ? sku : null;
    }

    /// <summary>As <see cref="Sku"/>; null when absent, null or blank.</summary>
    public string? OptionalSku(string name)
    {
        if (OptionalCode(name, ConnectorLimits.TextCharsMax) is not { } code)
            return null;
        if (code.Length > ConnectorLimits.TextCharsMax)
            return code;
        var sku = Vocabulary.Sku.Of(code);
        // A few characters are written as two or three in NFC.
        if (sku.Length > ConnectorLimits.TextCharsMax)
            Fault(name, $"is longer than {ConnectorLimits.TextCharsMax} characters");
        return sku;
    }

    /// <summary>
    /// Words for people, cut to what we hold and made printable; null when absent, null, blank, or an empty array or
    /// object, which some write for nothing. Numbers and booleans read as they are written.
    /// </summary>
    public string? Text(string name, int charsMax = ConnectorLimits.TextCharsMax)
    {
        if (!TryFind(name, out var value) || IsEmpty(value))
            return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.String => Words(value),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => NoText(name, value),
        };
        text = Printable.Of(text, charsMax);
        return string.IsNullOrWhiteSpace(text) ? null : text;
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
        if (!IsArray(name, value, countMax))
            return [];
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
            if (item.ValueKind == JsonValueKind.String && Words(item) is { Length: > 0 } text)
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

    /// <summary>Notes a fault when it is no array, or one of too many entries.</summary>
    private bool IsArray(string name, JsonElement value, int countMax)
    {
        var isArray = value.ValueKind == JsonValueKind.Array;
        if (isArray && value.GetArrayLength() <= countMax)
            return true;
        Fault(name, isArray
            ? $"has {value.GetArrayLength()} entries; the limit is {countMax}"
            : $"is {KindOf(value)}, expected an array");
        return false;
    }

    /// <summary>A text or a number, without blanks around it; null when there is none.</summary>
    private string? Key(string name)
    {
        if (!TryFind(name, out var value))
            return null;
        var text = "";
        if (value.ValueKind == JsonValueKind.Number)
            text = value.GetRawText();
        else if (value.ValueKind != JsonValueKind.String)
            NoText(name, value);
        else if (!JsonText.TryRead(value, out text))
            Fault(name, "is no valid text");
        text = Vocabulary.Sku.Trim(text);
        return text.Length == 0 ? null : text;
    }

    private string NoText(string name, JsonElement value)
    {
        Fault(name, $"is {KindOf(value)}, expected a text");
        return "";
    }

    private static string Words(JsonElement value)
    {
        JsonText.TryRead(value, out var text);
        return text;
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    private bool TryFind(string name, out JsonElement value) =>
        TryGet(name, out value) && value.ValueKind != JsonValueKind.Null;

    private bool TryGet(string name, out JsonElement value) => JsonText.TryGet(element, name, out value);
}
