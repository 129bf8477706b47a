namespace OrderGrains;

/// <summary>
/// What a configuration may be and seldom should: told once at the start, a sentence each with its setting's path.
/// </summary>
internal static class Oddities
{
    private static readonly string[] Secret = ["secret", "password", "token", "apikey", "connectionstring"];

    /// <param name="configuration">All layers.</param>
    /// <param name="options">What was read from them.</param>
    public static IEnumerable<string> Of(IConfigurationRoot configuration, OrderGrainsOptions options)
    {
        if (options.Sources.Count == 0)
            yield return "Sources: none is configured, so no webhook is taken";
        var heard = options.Sources.Values.Select(source => source.Source.Connector.Warehouse)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in options.Warehouses.Keys.Where(name => !heard.Contains(name)))
        {
            yield return $"Warehouses:{name}: no source has it as its Warehouse, so its shipments and stock are never "
                + "heard of";
        }

        foreach (var (path, value) in configuration.AsEnumerable().OrderBy(leaf => leaf.Key, StringComparer.Ordinal))
        {
            if (value is ['<', .., '>'])
                yield return $"{path}: is a placeholder as in the documentation";
            else if (IsCalled(path) && IsOpen(value))
                yield return $"{path}: is plain http, so what is said can be read and changed on its way";
        }

        foreach (var file in configuration.Providers.OfType<FileConfigurationProvider>().Where(HoldsSecret))
        {
            if (!OperatingSystem.IsWindows() && file.Source is { Path: { } name, FileProvider: { } folder }
                && folder.GetFileInfo(name).PhysicalPath is { } path
                && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead))
                yield return $"{path}: holds secrets, and every user of this machine can read it: chmod 600";
        }
    }

    private static bool IsCalled(string path) => path.Split(':')[0] is "Sources" or "Warehouses" or "Subscribers";

    private static bool IsOpen(string? value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme == "http" && !url.IsLoopback;

    private static bool HoldsSecret(FileConfigurationProvider file) => Names(file, null).Any(name =>
        Secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Of every section and leaf beneath.</summary>
    private static IEnumerable<string> Names(ConfigurationProvider layer, string? parent) =>
        layer.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase).SelectMany(name =>
            Names(layer, parent is null ? name : ConfigurationPath.Combine(parent, name)).Prepend(name));
}
