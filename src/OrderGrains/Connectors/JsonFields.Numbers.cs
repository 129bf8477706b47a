using System.Text.Json;

namespace OrderGrains.Connectors;

/// <content>Numbers and times.</content>
internal readonly partial struct JsonFields
{
    private const int EchoCharsMax = 20;

    /// <summary>Required: a whole number within the bounds.</summary>
    public int Whole(string name, int least, int most)
    {
        if (OptionalWhole(name, least, most) is { } number)
            return number;
        Missing(name);
        return 0;
    }

    public int? OptionalWhole(string name, int least, int most)
    {
        if (!TryFind(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Number)
        {
            Fault(name, $"is {KindOf(value)}, expected a number");
            return 0;
        }

        if (value.TryGetInt64(out var number) && number >= least && number <= most)
            return (int)number;
        Fault(name, $"is {Echo(value)}; {NumberRule(value, least, most)}");
        return 0;
    }

    /// <summary>Required: a time with its zone (ISO 8601), given in UTC.</summary>
    public DateTimeOffset Time(string name)
    {
        if (OptionalTime(name) is { } time)
            return time;
        Missing(name);
        return default;
    }

    public DateTimeOffset? OptionalTime(string name)
    {
        if (!TryFind(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String || !value.TryGetDateTimeOffset(out var time))
            Fault(name, "is no ISO 8601 time");
        else if (!HasZone(TextOf(name, value)))
            Fault(name, "has no time zone");
        else
            return time.ToUniversalTime();
        return default(DateTimeOffset);
    }

    private static bool HasZone(string time) =>
        time.EndsWith('Z') || (time.Length > "2008-01-10T11:00".Length && time[^6] is '+' or '-');

    private static string Echo(JsonElement number)
    {
        var text = number.GetRawText();
        return text.Length > EchoCharsMax ? $"{text.AsSpan(0, EchoCharsMax)}…" : text;
    }

    private static string NumberRule(JsonElement value, int least, int most)
    {
        var text = value.GetRawText();
        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        if (digits.ContainsAnyExceptInRange('0', '9'))
            return "it must be a whole number";
        if (text[0] != '-' && !(value.TryGetInt64(out var number) && number < least))
            return $"the limit is {most}";
        return least == 0 && text[0] == '-' ? "it must not be negative" : $"the least is {least}";
    }
}
