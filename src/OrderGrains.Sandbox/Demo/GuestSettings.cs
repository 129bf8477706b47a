namespace OrderGrains.Sandbox.Demo;

/// <summary>What the sandbox must know of a product's configuration to play its shop and its warehouses.</summary>
internal sealed class GuestSettings
{
    public ApiSection Api { get; init; } = new();
    public Dictionary<string, Source> Sources { get; init; } = new(StringComparer.Ordinal);
    public Dictionary<string, Warehouse> Warehouses { get; init; } = new(StringComparer.Ordinal);

    /// <exception cref="Configuration.ConfigurationException">The product would not start with it.</exception>
    public static GuestSettings Read(IConfiguration configuration)
    {
        ConfigurationCheck.Read(configuration);
        return configuration.Get<GuestSettings>() ?? new GuestSettings();
    }

    internal sealed class ApiSection
    {
        public List<Key> Keys { get; init; } = [];
    }

    internal sealed class Key
    {
        public string Secret { get; init; } = "";
    }

    internal sealed class Source
    {
        public string? Kind { get; init; }
        public List<string> Secrets { get; init; } = [];
        public string? Warehouse { get; init; }
    }

    internal sealed class Warehouse
    {
        public Uri? BaseUrl { get; init; }
        public List<string> Secrets { get; init; } = [];
        public List<string> Locations { get; init; } = [];
        public int TimeoutSeconds { get; init; } = 10;
    }
}
