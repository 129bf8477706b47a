using System.ComponentModel.DataAnnotations;
using System.Net.Http.Headers;
using OrderGrains.Configuration;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>How ShipBob's API is reached (developer.shipbob.com, version 2026-01).</summary>
public class ShipBobAccess
{
    /// <summary>The API and its version. Default: the live system's.</summary>
    [Required] public Uri? BaseUrl { get; set; } = new("https://api.shipbob.com/2026-01");

    /// <summary>A personal access token, or one of OAuth.</summary>
    [Required] public string? AccessToken { get; set; }

    /// <summary>ShipBob's numbers of our locations (<c>GET /location</c>).</summary>
    public IDictionary<string, int> LocationIds { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>One call in all, in seconds. Default 10.</summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 10;

    /// <param name="http">As of <see cref="CallTools"/>.</param>
    /// <param name="channelId">The channel that is written to; null where nothing is written.</param>
    /// <param name="time">The clock of the timeout.</param>
    internal JsonApi Open(HttpClient http, string? channelId, TimeProvider time) => new(
        http, BaseUrl!, TimeoutSeconds, AccessToken!, headers =>
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
            if (channelId is not null)
                headers.TryAddWithoutValidation("shipbob_channel_id", channelId);
        }, time);

    /// <summary>Notes what only the whole of it shows.</summary>
    internal void Check(Settings settings)
    {
        if (BaseUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            settings.Mistake(nameof(BaseUrl), "must be an absolute http or https address");
        if (AccessToken is { Length: > 0 } token && !HeaderText.IsVisible(token))
            settings.Mistake(nameof(AccessToken), "must be made of visible ASCII characters");
    }
}

/// <summary>Settings of a warehouse of kind <c>ShipBob</c>.</summary>
public sealed class ShipBobOptions : ShipBobAccess
{
    /// <summary>The channel that orders are written to (<c>GET /channel</c>, one with write scopes).</summary>
    [Required] public string? ChannelId { get; set; }

    /// <summary>A shipping method that is mapped in ShipBob's setup. Default <c>Standard</c>.</summary>
    [Required] public string? ShippingMethod { get; set; } = "Standard";
}

/// <summary>Settings of a source of kind <c>ShipBobStock</c>.</summary>
public sealed class ShipBobStockOptions : ShipBobAccess
{
    /// <summary>The warehouse whose stock it is.</summary>
    [Required] public string? Warehouse { get; set; }

    /// <summary>How often it is asked for. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan StockEvery { get; set; } = TimeSpan.FromMinutes(15);
}
