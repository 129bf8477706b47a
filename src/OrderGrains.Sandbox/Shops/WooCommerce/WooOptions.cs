using System.Net;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>How a make-believe shop's REST API is.</summary>
public sealed record WooOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    public string ConsumerKey { get; init; } = "ck_sandbox";

    public string ConsumerSecret { get; init; } = "cs_sandbox";
}
