using System.Net;

namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>How a make-believe shop's Admin API is.</summary>
public sealed record ShopifyAdminOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>A token that does not end.</summary>
    public string AccessToken { get; init; } = "shpat_sandbox";

    public string ClientId { get; init; } = "sandbox-app";

    public string ClientSecret { get; init; } = "shpss_sandbox";

    /// <summary>How long a token lasts that was asked for by client credentials.</summary>
    public TimeSpan TokenLasts { get; init; } = TimeSpan.FromHours(24);

    /// <summary>What the bucket of cost points holds. Default: as of a standard plan.</summary>
    public double PointsMax { get; init; } = 2000;

    /// <summary>Points that come back in each second.</summary>
    public double PointsPerSecond { get; init; } = 100;
}
