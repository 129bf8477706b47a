using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>How ShipStation's API is reached (docs.shipstation.com, V2).</summary>
public class ShipStationAccess
{
    /// <summary>The header that says who we are.</summary>
    public const string KeyHeader = "API-Key";

    /// <summary>The API and its version. Default: the live system's.</summary>
    [Required] public Uri? BaseUrl { get; set; } = new("https://api.shipstation.com/v2");

    /// <summary>A key of the V2 API.</summary>
    [Required] public string? ApiKey { get; set; }

    /// <summary>One call in all, in seconds. Default 10.</summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 10;

    /// <param name="http">As of <see cref="CallTools"/>.</param>
    /// <param name="time">The clock of the timeout.</param>
    internal JsonApi Open(HttpClient http, TimeProvider time) => new(
        http, BaseUrl!, TimeoutSeconds, ApiKey!,
        headers => headers.TryAddWithoutValidation(KeyHeader, ApiKey), time);

    /// <summary>Notes what only the whole of it shows.</summary>
    internal void Check(Settings settings)
    {
        CheckAddress(nameof(BaseUrl), BaseUrl, settings);
        if (ApiKey is { Length: > 0 } key && !HeaderText.IsVisible(key))
            settings.Mistake(nameof(ApiKey), "must be made of visible ASCII characters");
    }

    internal static void CheckAddress(string setting, Uri? address, Settings settings)
    {
        if (address is not null && !(address.IsAbsoluteUri && address.Scheme is "http" or "https"))
            settings.Mistake(setting, "must be an absolute http or https address");
    }
}

/// <summary>Settings of a warehouse of kind <c>ShipStation</c>.</summary>
public sealed class ShipStationOptions : ShipStationAccess
{
    /// <summary>ShipStation's ids of the places that our locations are (<c>GET /warehouses</c>).</summary>
    public IDictionary<string, string> WarehouseIds { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The store that orders appear in. Default: ShipStation chooses.</summary>
    public string? StoreId { get; set; }

    /// <summary>
    /// A telephone number for recipients who have none, since ShipStation's description asks for one. Default: none is
    /// sent.
    /// </summary>
    public string? Phone { get; set; }
}

/// <summary>Settings of a source of kind <c>ShipStation</c>.</summary>
public sealed class ShipStationSourceOptions : ShipStationAccess
{
    /// <summary>The warehouse whose webhooks come here.</summary>
    [Required] public string? Warehouse { get; set; }

    /// <summary>Where the keys are by which webhooks are signed. Default: the live system's.</summary>
    [Required] public Uri? KeysUrl { get; set; } = new("https://api.shipengine.com/jwks");

    /// <summary>How far a signed timestamp may lie from now, either way. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Networks that may be called although they are not public. What is not https is called there alone. Default:
    /// none.
    /// </summary>
    public IList<string> CalledNetworks { get; init; } = [];
}

/// <summary>Settings of a source of kind <c>ShipStationStock</c>.</summary>
public sealed class ShipStationStockOptions : ShipStationAccess
{
    /// <summary>The warehouse whose stock it is.</summary>
    [Required] public string? Warehouse { get; set; }

    /// <summary>
    /// ShipStation's ids of the inventory warehouses that our locations are (<c>GET /inventory_warehouses</c>). They
    /// are others than those of <see cref="ShipStationOptions.WarehouseIds"/>.
    /// </summary>
    [MinLength(1)]
    public IDictionary<string, string> InventoryWarehouseIds { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How often it is asked for. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan StockEvery { get; set; } = TimeSpan.FromMinutes(15);
}
