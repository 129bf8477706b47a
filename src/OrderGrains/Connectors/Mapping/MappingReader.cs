using System.Globalization;
using System.Text.Json;

namespace OrderGrains.Connectors.Mapping;

/// <summary>Reads a mapping from its JSON.</summary>
/// <param name="mistake">Called with each mistake, which begins with its place.</param>
/// <param name="topicIsSigned">Whoever saw a request cannot send it again under another topic.</param>
internal sealed class MappingReader(Action<string> mistake, bool topicIsSigned)
{
    private Dictionary<string, string>? _namespaces;

    public EventMapping Read(JsonElement root)
    {
        var rules = new List<Rule>();
        foreach (var (name, value) in Members(root, "", "format", "namespaces", "rules"))
        {
            if (name == "format" && value is not { ValueKind: JsonValueKind.String })
                mistake("format: must be a text");
            else if (name == "format" && value.GetString() is "xml")
                _namespaces ??= new(StringComparer.Ordinal);
            else if (name == "format" && value.GetString() is not "json")
                mistake("format: must be json or xml");
            else if (name == "namespaces")
                ReadNamespaces(value);
        }

        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("rules", out var all)
            && all.ValueKind == JsonValueKind.Array && all.GetArrayLength() > 0)
            rules.AddRange(all.EnumerateArray().Select((rule, at) => ReadRule(rule, $"rules[{at}]")));
        else
            mistake("rules: must be an array with at least one rule");
        return new EventMapping(_namespaces, rules);
    }

    private void ReadNamespaces(JsonElement value)
    {
        _namespaces ??= new(StringComparer.Ordinal);
        foreach (var (prefix, address) in Members(value, "namespaces"))
        {
            if (address.ValueKind == JsonValueKind.String)
                _namespaces[prefix] = address.GetString()!;
            else
                mistake($"namespaces.{prefix}: must be a text");
        }
    }

    private Rule ReadRule(JsonElement rule, string at)
    {
        var (when, ignore, type) = (new List<Condition>(), (string?)null, "");
        var (data, fetched) = (default(JsonElement?), default(JsonElement?));
        foreach (var (name, value) in Members(rule, at, "when", "ignore", "type", "data", "fetched"))
        {
            switch (name)
            {
                case "when":
                    when.AddRange(Members(value, $"{at}.when")
                        .Select(one => ReadCondition(one.Name, one.Value, $"{at}.when.{one.Name}")));
                    break;
                case "ignore":
                    ignore = ReadText(value, $"{at}.ignore");
                    break;
                case "type":
                    type = ReadText(value, $"{at}.type");
                    break;
                case "fetched":
                    fetched = value;
                    break;
                default:
                    data = value;
                    break;
            }
        }

        if (ignore is not null)
        {
            if (type.Length > 0 || data is not null || fetched is not null)
                mistake($"{at}: has ignore, so it has neither type nor data");
            return new Rule(when, ignore, "", []);
        }

        if (!Schema.Types.TryGetValue(type, out var fields))
        {
            mistake($"{at}.type: must be one of {string.Join(", ", Schema.Types.Keys)}, or else there must be ignore");
            return new Rule(when, null, "", []);
        }

        if (type == "order.cancelled" && !topicIsSigned && when.Exists(one => one.Path.Written == MapPath.Topic)
            && !when.Exists(one => one.Path.Written != MapPath.Topic))
        {
            mistake($"{at}.when: needs a condition on the body: {MapPath.Topic} is not signed, so any body could come "
                + "back as a cancellation");
        }

        if (fetched is not null && (_namespaces is not null || type is not ("order.placed" or "order.updated")))
            mistake($"{at}.fetched: belongs to order.placed and order.updated, in the format json");
        if (data is { } there)
        {
            return new Rule(
                when, null, type, ReadFields(there, fetched is null ? fields : Schema.Elsewhere, $"{at}.data"),
                fetched is { } elsewhere ? ReadFields(elsewhere, fields, $"{at}.fetched") : null);
        }

        mistake($"{at}.data: is missing");
        return new Rule(when, null, type, []);
    }

    private Condition ReadCondition(string path, JsonElement value, string at) => new(
        ReadPath(path, at),
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray().Select(one => ReadOrNull(one, at))]
            : [ReadOrNull(value, at)]);

    private string? ReadOrNull(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.Null ? null : ReadScalar(value, at);

    private List<KeyValuePair<string, MappedValue>> ReadFields(JsonElement data, Field[] fields, string at)
    {
        var read = new List<KeyValuePair<string, MappedValue>>();
        foreach (var (name, value) in Members(data, at, [.. fields.Select(field => field.Name)]))
        {
            if (Array.Find(fields, field => field.Name == name) is { } field)
                read.Add(new(name, ReadValue(value, field, $"{at}.{name}")));
        }

        foreach (var field in fields.Where(f => f.IsRequired && !read.Exists(r => r.Key == f.Name)))
            mistake($"{at}.{field.Name}: is missing");
        return read;
    }

    private MappedValue ReadValue(JsonElement value, Field field, string at)
    {
        switch (field.Kind)
        {
            case FieldKind.Group:
                if (Members(value, at, "data") is [var (_, group), ..])
                    return new Grouped(ReadFields(group, field.Fields!, $"{at}.data"));
                mistake($"{at}: must have data");
                return new Grouped([]);
            case FieldKind.List:
                MapPath? each = null;
                List<KeyValuePair<string, MappedValue>>? fields = null;
                foreach (var (name, inner) in Members(value, at, "each", "data"))
                {
                    if (name == "each")
                        each = ReadPath(ReadText(inner, $"{at}.each"), $"{at}.each");
                    else
                        fields = ReadFields(inner, field.Fields!, $"{at}.data");
                }

                if (each is null || fields is null)
                    mistake($"{at}: must have each and data");
                return new Each(each ?? MapPath.Parse("."), fields ?? []);
            case FieldKind.Address when value.ValueKind == JsonValueKind.Object
                && value.TryGetProperty("template", out var template):
                Members(value, at, "template");
                return MappedAddress.Parse(
                    ReadText(template, $"{at}.template"), path => ReadPath(path, $"{at}.template"),
                    rule => mistake($"{at}.template: {rule}"));
            default:
                return value.ValueKind == JsonValueKind.String
                    ? new Taken([ReadPath(value.GetString()!, at)], " ", null, null, null)
                    : ReadTaken(value, field, at);
        }
    }

    private MappedValue ReadTaken(JsonElement value, Field field, string at)
    {
        var paths = new List<MapPath>();
        var (join, map) = (" ", default(Dictionary<string, string>?));
        string? constant = null, otherwise = null, pattern = null;
        TimeZoneInfo? zone = null;
        foreach (var (name, inner) in Members(
            value, at, "from", "join", "default", "value", "map", "pattern", "zone"))
        {
            switch (name)
            {
                case "from" when inner.ValueKind == JsonValueKind.Array:
                    paths.AddRange(inner.EnumerateArray().Select(
                        path => ReadPath(ReadText(path, $"{at}.from"), $"{at}.from")));
                    break;
                case "from":
                    paths.Add(ReadPath(ReadText(inner, $"{at}.from"), $"{at}.from"));
                    break;
                case "join":
                    join = ReadText(inner, $"{at}.join");
                    break;
                case "default":
                    otherwise = ReadScalar(inner, $"{at}.default");
                    break;
                case "value":
                    constant = ReadScalar(inner, $"{at}.value");
                    break;
                case "map":
                    map = Members(inner, $"{at}.map").ToDictionary(
                        one => one.Name, one => ReadScalar(one.Value, $"{at}.map.{one.Name}"), StringComparer.Ordinal);
                    break;
                case "pattern":
                    pattern = ReadPattern(inner, field, $"{at}.pattern");
                    break;
                default:
                    zone = ReadZone(inner, field, $"{at}.zone");
                    break;
            }
        }

        if ((constant is null) == (paths.Count == 0))
            mistake($"{at}: must have either from or value");
        if (pattern is not null && zone is null && !TimeForm.HasZone(pattern))
            mistake($"{at}.zone: is missing, and times of the pattern do not name theirs");
        if (constant is not null)
            return new Constant(constant);
        return new Taken(
            paths, join, otherwise, map, pattern is null && zone is null ? null : new TimeForm(pattern, zone));
    }

    private string? ReadPattern(JsonElement value, Field field, string at)
    {
        var pattern = ReadText(value, at);
        if (field.Kind != FieldKind.Time)
            mistake($"{at}: belongs to a time");
        if (pattern is TimeForm.Unix or TimeForm.UnixMilliseconds)
            return pattern;
        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(pattern, CultureInfo.InvariantCulture);
            return pattern;
        }
        catch (FormatException)
        {
            mistake($"{at}: is no pattern of .NET, {TimeForm.Unix} or {TimeForm.UnixMilliseconds}");
            return null;
        }
    }

    private TimeZoneInfo? ReadZone(JsonElement value, Field field, string at)
    {
        if (field.Kind != FieldKind.Time)
            mistake($"{at}: belongs to a time");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(ReadText(value, at), out var zone))
            return zone;
        mistake($"{at}: there is no such time zone; an example is Europe/Berlin");
        return null;
    }

    private MapPath ReadPath(string written, string at)
    {
        var path = MapPath.Parse(written);
        if (path.FindFault(_namespaces?.Keys) is { } fault)
            mistake($"{at}: {fault}");
        return path;
    }

    private string ReadText(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
            return text;
        mistake($"{at}: must be a text");
        return "";
    }

    /// <summary>Numbers and booleans read as they are written: whoever reads our form takes them as texts.</summary>
    private string ReadScalar(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString()!;
        if (value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            return value.GetRawText();
        mistake($"{at}: must be a text, a number, true or false");
        return "";
    }

    /// <summary>The members of an object; each that is not known is a mistake. Without names, all are known.</summary>
    private List<(string Name, JsonElement Value)> Members(
        JsonElement value, string at, params ReadOnlySpan<string> names)
    {
        var place = at.Length == 0 ? "" : $"{at}.";
        var members = new List<(string, JsonElement)>();
        if (value.ValueKind != JsonValueKind.Object)
        {
            mistake($"{(at.Length == 0 ? "the file" : at)}: must be an object");
            return members;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (names.IsEmpty || names.Contains(member.Name))
                members.Add((member.Name, member.Value));
            else
                mistake($"{place}{member.Name}: there is no such thing; known here: {string.Join(", ", names!)}");
        }

        return members;
    }
}
