using System.Net;

namespace OrderGrains.Configuration;

/// <summary>
/// One section of the configuration that several parts of the product read, each by a type of its own. Whoever reads it
/// notes the mistakes; what nobody has asked for in the end is a mistake too.
/// </summary>
/// <param name="section">The section.</param>
/// <param name="mistakes">Where all mistakes are noted.</param>
public sealed class Settings(IConfigurationSection section, ICollection<string> mistakes)
{
    private readonly List<string> _known = [];
    private readonly Dictionary<Type, object> _read = [];
    private readonly Dictionary<string, Settings?> _parts = new(StringComparer.Ordinal);

    /// <summary>The section's path.</summary>
    public string Path => section.Path;

    /// <summary>
    /// Reads what the type knows: its defaults where nothing stands, or where something is wrong. Several may read one
    /// type: its mistakes are noted once.
    /// </summary>
    public T Read<T>() where T : class, new()
    {
        if (!_read.TryGetValue(typeof(T), out var read))
            _read[typeof(T)] = read = Read(new T());
        return (T)read;
    }

    /// <inheritdoc cref="Read{T}()"/>
    /// <param name="options">The defaults; what is read is written into it.</param>
    public T Read<T>(T options) where T : class
    {
        var names = typeof(T).GetProperties().Select(property => property.Name).ToList();
        _known.AddRange(names);
        var before = mistakes.Count;
        var check = new SectionCheck(mistakes);
        foreach (var child in section.GetChildren())
        {
            if (names.Find(name => name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } name)
                check.CheckValue(child, typeof(T).GetProperty(name)!.PropertyType);
        }

        // The binder would stop at the first.
        if (mistakes.Count > before)
            return options;
        section.Bind(options);
        check.CheckRules(options, Path);
        return options;
    }

    /// <summary>The kind that the setting <c>Kind</c> names; null, and a mistake, when there is no such kind.</summary>
    /// <param name="kinds">Those that there are.</param>
    /// <param name="name">Their names.</param>
    /// <param name="usual">What is meant when nothing is said; null: it must be said.</param>
    public T? Pick<T>(IReadOnlyList<T> kinds, Func<T, string> name, T? usual = null) where T : class
    {
        _known.Insert(0, "Kind");
        var said = section["Kind"];
        if (said is null && usual is not null)
            return usual;
        if (kinds.FirstOrDefault(kind => name(kind).Equals(said, StringComparison.OrdinalIgnoreCase)) is { } kind)
            return kind;
        mistakes.Add(said is null ? $"{Path}:Kind: is missing"
            : $"{Path}:Kind: must be one of {string.Join(", ", kinds.Select(name))} in this version");
        return null;
    }

    /// <summary>A section within this one, which several may ask for; null when nothing stands there.</summary>
    public Settings? Part(string name)
    {
        if (_parts.TryGetValue(name, out var known))
            return known;
        _known.Add(name);
        var part = section.GetSection(name);
        if (part.Value is { Length: > 0 })
            mistakes.Add($"{part.Path}: must be an object");
        return _parts[name] =
            section.GetChildren().Any(child => child.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                ? new Settings(part, mistakes) : null;
    }

    /// <summary>Notes a mistake.</summary>
    /// <param name="setting">The setting's name within the section.</param>
    /// <param name="rule">The rule that it breaks; never its value, which may be a secret.</param>
    public void Mistake(string setting, string rule) => mistakes.Add($"{Path}:{setting}: {rule}");

    /// <summary>Notes each text of a list that is blank.</summary>
    public void CheckNotBlank(string setting, IList<string> texts)
    {
        for (var at = 0; at < texts.Count; at++)
        {
            if (string.IsNullOrWhiteSpace(texts[at]))
                Mistake($"{setting}:{at}", "is empty");
        }
    }

    /// <summary>Networks such as <c>203.0.113.0/24</c>; each that is none is a mistake.</summary>
    public IReadOnlyList<IPNetwork> Networks(string setting, IList<string> texts)
    {
        foreach (var text in texts.Where(text => !IsNetwork(text)))
            Mistake(setting, $"'{text}' is no network such as 203.0.113.0/24");
        return [.. texts.Where(IsNetwork).Select(IPNetwork.Parse)];
    }

    /// <summary>All have read: what is left is known to nobody.</summary>
    public void End()
    {
        foreach (var child in section.GetChildren()
            .Where(child => !_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            mistakes.Add($"{child.Path}: there is no such setting; known here: "
                + string.Join(", ", _known.Distinct(StringComparer.Ordinal)));
        }
    }

    /// <summary>Written in full: <c>10/8</c> and <c>010.0.0.0/8</c> would be read as others than meant.</summary>
    private static bool IsNetwork(string text) => IPNetwork.TryParse(text, out var network)
        && network.ToString().Equals(text, StringComparison.OrdinalIgnoreCase);
}
