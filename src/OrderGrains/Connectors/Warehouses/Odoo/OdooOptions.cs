using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>How an Odoo is reached (19.0 or newer, with Inventory and Sales).</summary>
public class OdooAccess
{
    /// <summary>Its address, without <c>/json/2</c>.</summary>
    [Required] public Uri? BaseUrl { get; set; }

    /// <summary>The database's name, where the server has several and its address does not say which.</summary>
    public string? Database { get; set; }

    /// <summary>An API key of a user of its own. Odoo lets none live for more than three months.</summary>
    [Required] public string? ApiKey { get; set; }

    /// <summary>Our locations, and the short names of Odoo's warehouses.</summary>
    public IDictionary<string, string> Warehouses { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>One call in all, in seconds. Default 20: what times out may be done all the same.</summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 20;

    /// <summary>Notes what only the whole of it shows.</summary>
    internal void Check(Settings settings)
    {
        if (BaseUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            settings.Mistake(nameof(BaseUrl), "must be an absolute http or https address");
        if (ApiKey is { Length: > 0 } key && !HeaderText.IsVisible(key))
            settings.Mistake(nameof(ApiKey), "must be made of visible ASCII characters");
        if (Database is { Length: > 0 } database && !HeaderText.IsVisible(database))
            settings.Mistake(nameof(Database), "must be made of visible ASCII characters");
        foreach (var name in Warehouses.Where(w => string.IsNullOrWhiteSpace(w.Value)).Select(w => w.Key))
            settings.Mistake($"{nameof(Warehouses)}:{name}", "is empty");
    }
}

/// <summary>Settings of a warehouse of kind <c>Odoo</c>.</summary>
public sealed class OdooOptions : OdooAccess;

/// <summary>Settings of a source of kind <c>OdooEvents</c>.</summary>
public sealed class OdooEventsOptions : OdooAccess
{
    /// <summary>The warehouse whose deliveries and stock they are.</summary>
    [Required] public string? Warehouse { get; set; }

    /// <summary>How often deliveries are asked for. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the stock is asked for. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan StockEvery { get; set; } = TimeSpan.FromMinutes(5);
}
