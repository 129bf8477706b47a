using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using OrderGrains.Vocabulary;

namespace OrderGrains.Configuration;

/// <summary>
/// Holds a configuration section against an options type: unknown names, values of the wrong type, and broken ranges,
/// all at once. Values are never repeated, because they may be secrets.
/// </summary>
internal sealed class SectionCheck(ICollection<string> mistakes)
{
    /// <summary>Settings of the web server and of the host that stand beside ours.</summary>
    private static readonly string[] HostNames =
    [
        "AllowedHosts", "ApplicationName", "ContentRoot", "Environment", "Http_Ports", "Https_Ports", "Kestrel",
        "Logging", "Urls",
    ];

    /// <summary>Sections that are read by the kind of each entry.</summary>
    private static readonly string[] ByKind = ["Sources", "Warehouses", "Subscribers"];

    /// <summary>Checks names and types of the whole configuration.</summary>
    public void CheckTop(IConfiguration configuration, Type type)
    {
        var properties = PropertiesOf(type);
        foreach (var child in configuration.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var property))
                CheckValue(child, property.PropertyType);
            else if (ByKind.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                continue;
            else if (!HostNames.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                Unknown(child, properties.Keys.Concat(ByKind));
        }
    }

    /// <summary>Checks names and types of a section, and of all within it.</summary>
    public void CheckValue(IConfigurationSection section, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            if (section.Value is { Length: > 0 })
                mistakes.Add($"{section.Path}: must be an object");
            foreach (var child in section.GetChildren())
                CheckValue(child, type.GetGenericArguments()[1]);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            if (section.Value is { Length: > 0 })
                mistakes.Add($"{section.Path}: must be a list");
            var item = type.GetGenericArguments()[0];
            foreach (var child in section.GetChildren())
            {
                // Null in JSON: the binder would put it into the list.
                if (child.Value is null && !IsSection(item) && !child.GetChildren().Any())
                    mistakes.Add($"{child.Path}: is missing");
                CheckValue(child, item);
            }
        }
        else if (IsSection(type))
        {
            if (section.Value is { Length: > 0 })
                mistakes.Add($"{section.Path}: must be an object");
            CheckNames(section, type);
        }
        else
        {
            CheckScalar(section, type);
        }
    }

    /// <summary>Checks the annotations of a bound object and of all within it.</summary>
    public void CheckRules(object options, string path)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var value = property.GetValue(options);
            var at = path.Length == 0 ? property.Name : $"{path}:{property.Name}";
            CheckRules(property, value, at);
            if (value is IDictionary named)
            {
                foreach (DictionaryEntry entry in named)
                {
                    if (entry.Value is not (null or string or IDictionary))
                        CheckRules(entry.Value, $"{at}:{entry.Key}");
                }
            }
            else if (value is IEnumerable items and not string)
            {
                var index = 0;
                foreach (var item in items.Cast<object>().Where(i => IsSection(i.GetType())))
                    CheckRules(item, $"{at}:{index++}");
            }
            else if (value is not null && IsSection(value.GetType()))
            {
                CheckRules(value, at);
            }
        }
    }

    private void CheckRules(PropertyInfo property, object? value, string path)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (rule.IsValid(value))
                continue;
            mistakes.Add(rule switch
            {
                RequiredAttribute => $"{path}: is missing",
                RangeAttribute range => $"{path}: must be between {range.Minimum} and {range.Maximum}",
                MinLengthAttribute least when value is string =>
                    $"{path}: must have at least {least.Length} characters",
                MinLengthAttribute least => $"{path}: must have at least {least.Length} entries",
                _ => $"{path}: {rule.FormatErrorMessage(property.Name)}",
            });
        }
    }

    private void CheckNames(IConfigurationSection section, Type type)
    {
        var properties = PropertiesOf(type);
        foreach (var child in section.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var property))
                CheckValue(child, property.PropertyType);
            else
                Unknown(child, properties.Keys);
        }
    }

    private void Unknown(IConfigurationSection section, IEnumerable<string> known) =>
        mistakes.Add($"{section.Path}: there is no such setting; known here: {string.Join(", ", known)}");

    private static Dictionary<string, PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties().ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);

    private void CheckScalar(IConfigurationSection section, Type type)
    {
        if (section.GetChildren().Any())
        {
            mistakes.Add($"{section.Path}: must be a single value");
            return;
        }

        if (section.Value is not { } text)
            return;
        if (type.IsEnum)
        {
            if (!Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase))
                mistakes.Add(
                    $"{section.Path}: must be one of {string.Join(", ", Enum.GetNames(type))} in this version");
        }
        else if (type == typeof(DateTimeOffset))
        {
            // Without a zone it would mean another moment on another machine.
            if (IsoTime.Read(text, out _) != TimeFault.None || !Converts(type, text))
                mistakes.Add($"{section.Path}: must be a time with its zone, such as 2026-11-01T00:00:00Z");
        }
        else if (type != typeof(string) && !Converts(type, text))
        {
            mistakes.Add($"{section.Path}: must be {(type == typeof(int) ? "a whole number" : $"a {type.Name}")}");
        }
    }

    private static bool Converts(Type type, string text)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsSection(Type type) =>
        type is { IsClass: true, Namespace: { } space } && space.StartsWith("OrderGrains", StringComparison.Ordinal);
}
