using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Sandbox;

/// <summary>
/// The product's configuration for a make-believe world, as <c>Key=Value</c> with colons (CONTRACT section 1): the demo
/// passes it on the command line, chaos through the environment.
/// </summary>
public sealed class ProductSettings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public ProductSettings(string dataDirectory, string adminKey)
    {
        _values["DataDirectory"] = dataDirectory;
        _values["Storage:Kind"] = "Sqlite";
        _values["Api:Keys:0:Name"] = "sandbox";
        _values["Api:Keys:0:Role"] = "Admin";
        _values["Api:Keys:0:Secret"] = adminKey;
    }

    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Any other setting; the last one of a name wins.</summary>
    public ProductSettings With(string name, string value)
    {
        _values[name] = value;
        return this;
    }

    /// <summary>A Shopify shop whose orders may ship from these locations, the preferred one first.</summary>
    public ProductSettings WithShop(string source, string secret, params ReadOnlySpan<string> locations)
    {
        _values[$"Sources:{source}:Kind"] = "Shopify";
        _values[$"Sources:{source}:Secrets:0"] = secret;
        for (var i = 0; i < locations.Length; i++) _values[$"Sources:{source}:Locations:{i}"] = locations[i];
        return this;
    }

    /// <summary>The way back to a started shop, to which all these locations are one place.</summary>
    public ProductSettings WithWayBack(
        string source, ShopifyAdminServer admin, long place, params ReadOnlySpan<string> locations)
    {
        var shop = $"Sources:{source}:Shop";
        _values[$"{shop}:Domain"] = admin.Url.ToString();
        _values[$"{shop}:AccessToken"] = admin.AccessToken;
        _values[$"{shop}:Stock"] = "Available";
        foreach (var location in locations) _values[$"{shop}:Locations:{location}"] = $"{place}";
        return this;
    }

    /// <summary>A started warehouse: where it is called, and the source that its events come from.</summary>
    public ProductSettings WithWarehouse(
        Warehouse warehouse, string requestSecret, string eventSecret, TimeSpan timeout, int callsPerSecondMax)
    {
        var (source, called) = ($"Sources:{warehouse.Name}", $"Warehouses:{warehouse.Name}");
        _values[$"{source}:Kind"] = "Warehouse";
        _values[$"{source}:Secrets:0"] = eventSecret;
        _values[$"{source}:Warehouse"] = warehouse.Name;
        _values[$"{called}:Kind"] = "Http";
        _values[$"{called}:BaseUrl"] = warehouse.BaseUrl.ToString().TrimEnd('/');
        _values[$"{called}:Secrets:0"] = requestSecret;
        _values[$"{called}:Locations:0"] = warehouse.Location;
        _values[$"{called}:CallsPerSecondMax"] = callsPerSecondMax.ToString();
        _values[$"{called}:TimeoutSeconds"] = ((int)timeout.TotalSeconds).ToString();
        return this;
    }

    public string[] ToArguments() => [.. _values.Select(value => $"{value.Key}={value.Value}")];

    /// <summary>Names with the prefix <c>OrderGrains__</c> and double underscores for colons.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToEnvironment() => _values.Select(value =>
        KeyValuePair.Create("OrderGrains__" + value.Key.Replace(":", "__", StringComparison.Ordinal), value.Value));
}
