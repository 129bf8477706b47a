using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <content>Numbers, flags and times.</content>
internal readonly partial struct JsonFields
{
    private const int EchoCharsMax = 20;

    /// <summary>Required: a whole number within the bounds, however it is written.</summary>
    public int Whole(string name, int least, int most)
    {
        if (OptionalWhole(name, least, most) is { } number)
            return number;
        Missing(name);
        return 0;
    }

    public int? OptionalWhole(string name, int least, int most)
    {
        if (!TryFind(name, out var value) || IsBlankText(value))
            return null;
        var text = Written(value);
        var form = WholeNumber.Read(text, out var number);
        if (form == NumberForm.None)
            Fault(name, $"is {KindOf(value)}, expected a number");
        else if (form == NumberForm.Fraction)
            Fault(name, $"is {Echo(text)}; it must be a whole number");
        else if (number > most)
            Fault(name, $"is {Echo(text)}; the limit is {most}");
        else if (number < least)
            Fault(name, $"is {Echo(text)}; {(least == 0 ? "it must not be negative" : $"the least is {least}")}");
        else
            return (int)number;
        return 0;
    }

    /// <summary>True or false, as such, as words or as 1 and 0; null when absent, null or blank.</summary>
    public bool? Flag(string name)
    {
        if (!TryFind(name, out var value) || IsBlankText(value))
            return null;
        if (JsonFlag.Read(value) is { } flag)
            return flag;
        Fault(name, $"is {KindOf(value)}, expected true or false");
        return false;
    }

    /// <summary>Required: a time with its zone (ISO 8601), given in UTC.</summary>
    public DateTimeOffset Time(string name)
    {
        if (OptionalTime(name) is { } time)
            return time;
        Missing(name);
        return default;
    }

    /// <summary>Required: a time that tells an older state from a newer one.</summary>
    public DateTimeOffset Version(string name, DateTimeOffset arrivedAt) => Checked(name, Time(name), arrivedAt);

    private DateTimeOffset Checked(string name, DateTimeOffset version, DateTimeOffset arrivedAt)
    {
        if (version - arrivedAt > ConnectorLimits.VersionAheadMax)
            Fault(name, "is more than a day ahead of its arrival");
        return version;
    }

    /// <summary>Null when absent, null or blank.</summary>
    public DateTimeOffset? OptionalTime(string name) => OptionalTime(name, mayLackZone: false);

    /// <summary>As <see cref="Version"/>; one without a zone is in UTC.</summary>
    public DateTimeOffset UtcVersion(string name, DateTimeOffset arrivedAt) =>
        Checked(name, UtcTime(name), arrivedAt);

    /// <summary>As <see cref="Time"/>; one without a zone is in UTC.</summary>
    public DateTimeOffset UtcTime(string name)
    {
        if (OptionalTime(name, mayLackZone: true) is { } time)
            return time;
        Missing(name);
        return default;
    }

    private DateTimeOffset? OptionalTime(string name, bool mayLackZone)
    {
        if (!TryFind(name, out var value) || IsBlankText(value))
            return null;
        var wrong = IsoTime.Read(Written(value), out var time);
        if (wrong == TimeFault.NoTime)
            Fault(name, "is no ISO 8601 time");
        else if (wrong == TimeFault.NoZone && !mayLackZone)
            Fault(name, "has no time zone");
        return time;
    }

    private static bool IsBlankText(JsonElement value) => value.ValueKind == JsonValueKind.String
        && JsonText.TryRead(value, out var text) && string.IsNullOrWhiteSpace(text);

    /// <summary>A text or a number as it is written; empty for all else.</summary>
    private static string Written(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String when JsonText.TryRead(value, out var text) => text.Trim(),
        _ => "",
    };

    /// <summary>Only of numbers: another text may be personal data.</summary>
    private static string Echo(string number) =>
        number.Length > EchoCharsMax ? $"{number.AsSpan(0, EchoCharsMax)}…" : number;
}
