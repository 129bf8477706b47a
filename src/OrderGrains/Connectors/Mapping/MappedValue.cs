using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Mapping;

/// <summary>Where a field's value comes from.</summary>
internal abstract record MappedValue
{
    /// <summary>Writes the field, or nothing when the document has nothing for it.</summary>
    /// <param name="to">Our own form, as it grows.</param>
    /// <param name="name">The field.</param>
    /// <param name="place">Where the mapping is in the document.</param>
    public abstract void Write(Utf8JsonWriter to, string name, Place place);

    public static void WriteAll(
        Utf8JsonWriter to, IReadOnlyList<KeyValuePair<string, MappedValue>> fields, Place place)
    {
        to.WriteStartObject();
        foreach (var (name, value) in fields)
            value.Write(to, name, place);
        to.WriteEndObject();
    }
}

/// <summary>The same always.</summary>
internal sealed record Constant(string Text) : MappedValue
{
    public override void Write(Utf8JsonWriter to, string name, Place place) => to.WriteString(name, Text);
}

/// <summary>What stands in the document.</summary>
/// <param name="Paths">Where; of several, those that are there are joined.</param>
/// <param name="Join">What stands between them.</param>
/// <param name="Default">What is meant when nothing is there.</param>
/// <param name="Map">
/// What each value means to us; null: it means itself. <c>*</c> is any other, and nothing too, unless there is a
/// default: what a sender leaves out of a payment must not mean paid.
/// </param>
/// <param name="Time">How a time is written; null: it is none, or our form's own way.</param>
internal sealed record Taken(
    IReadOnlyList<MapPath> Paths, string Join, string? Default, IReadOnlyDictionary<string, string>? Map,
    TimeForm? Time) : MappedValue
{
    public override void Write(Utf8JsonWriter to, string name, Place place)
    {
        var found = string.Join(Join, Paths.Select(place.Text).Where(text => text is not null));
        if (found.Length == 0)
            found = Default ?? Map?.GetValueOrDefault("*");
        else if (Map is not null)
            found = Mapped(found, name, place);
        if (found is null)
            return;
        if (Time is not null)
        {
            found = Time.Read(found, out var time)
                ? Rfc3339.Write(time) : Fault(name, $"is no time: {Time.Rule}", place);
        }

        to.WriteString(name, found);
    }

    private string Mapped(string found, string name, Place place) =>
        Map!.TryGetValue(found, out var meant) || Map.TryGetValue("*", out meant)
            ? meant : Fault(name, "has a value that its map does not have", place);

    private string Fault(string name, string rule, Place place)
    {
        place.Fault.Add($"{name} ({string.Join(", ", Paths.Select(path => path.Written))}) {rule}");
        return "";
    }
}

/// <summary>Fields within a field.</summary>
internal sealed record Grouped(IReadOnlyList<KeyValuePair<string, MappedValue>> Fields) : MappedValue
{
    public override void Write(Utf8JsonWriter to, string name, Place place)
    {
        to.WritePropertyName(name);
        WriteAll(to, Fields, place);
    }
}

/// <summary>
/// An entry for each that stands in the document. Where none does, the field is missing: a path that leads nowhere must
/// not say that an order has no lines.
/// </summary>
internal sealed record Each(MapPath Path, IReadOnlyList<KeyValuePair<string, MappedValue>> Fields) : MappedValue
{
    public override void Write(Utf8JsonWriter to, string name, Place place)
    {
        // Each may become many times as long as it was.
        var found = Path.Find(place.Root, place.At).Take(ConnectorLimits.LinesMax + 1).ToList();
        if (found.Count > ConnectorLimits.LinesMax)
            place.Fault.Add($"{name} ({Path.Written}) has more than {ConnectorLimits.LinesMax} entries");
        if (found.Count is 0 or > ConnectorLimits.LinesMax)
            return;
        to.WriteStartArray(name);
        foreach (var node in found)
            WriteAll(to, Fields, place with { At = node });
        to.WriteEndArray();
    }
}
