using OrderGrains.Configuration;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>The locations of a warehouse's section, which others read too.</summary>
internal sealed class WarehouseLocations
{
    public IList<string> Locations { get; init; } = [];

    /// <summary>Notes names that are no locations, and locations for which another system's name is missing.</summary>
    /// <param name="setting">What maps ours to theirs.</param>
    /// <param name="what">What theirs are called, such as <c>number</c>.</param>
    /// <param name="named">Ours, as far as they are mapped.</param>
    /// <param name="settings">The section.</param>
    /// <param name="from">With fewer locations than this none has to be mapped.</param>
    public static void Check(
        string setting, string what, ICollection<string> named, Settings settings, int from = 1)
    {
        var locations = settings.Read<WarehouseLocations>().Locations;
        foreach (var name in named.Where(name => !locations.Contains(name, StringComparer.Ordinal)))
            settings.Mistake(setting, $"'{name}' is none of Locations");
        if (named.Count == 0 && locations.Count < from)
            return;
        foreach (var name in locations.Where(name => !named.Contains(name)))
            settings.Mistake(setting, $"has no {what} for '{name}'");
    }

    /// <summary>Why of what a system has of these nothing can be chosen.</summary>
    /// <param name="system">Its name.</param>
    /// <param name="what">What they are called, such as <c>warehouses</c>.</param>
    /// <param name="count">So many; not 1.</param>
    /// <param name="name">What was asked for; null: any.</param>
    /// <param name="setting">What says which.</param>
    public static string WhyNotOne(string system, string what, int count, string? name, string setting) =>
        (count, name) switch
        {
            (_, null) => $"{system} has {count} {what}: the setting {setting} must say which",
            (0, _) => $"{system} has none of the {what} that the setting {setting} names",
            _ => $"{system} has {count} of the {what} that the setting {setting} names: they must be told apart",
        };
}
