using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Connectors.Fetching;

/// <summary>What the section of a source says of fetching.</summary>
public sealed class FetchSection
{
    /// <summary>From where orders may be fetched that are not sent whole. Default: from nowhere.</summary>
    public FetchOptions? Fetch { get; set; }
}

/// <summary>From where a source's orders may be fetched, and how.</summary>
public sealed class FetchOptions
{
    /// <summary>
    /// Hosts that may be asked, such as <c>shop.example</c> or <c>shop.example:8443</c>, by https; those that begin
    /// with <c>http://</c>, by http, and only where they lie within <see cref="AllowedNetworks"/>.
    /// </summary>
    [MinLength(1)] public IList<string> Hosts { get; init; } = [];

    /// <summary>Networks that may be called although they are not public, such as <c>10.1.0.0/16</c>.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>What proves us to the hosts. Default: nothing.</summary>
    public string? Secret { get; set; }

    /// <summary>How the secret is sent, where no <see cref="Header"/> is named. Default: as a bearer token.</summary>
    public FetchScheme Scheme { get; set; }

    /// <summary>A header of the hosts' own that holds the secret as it is. Default: <c>Authorization</c>.</summary>
    public string? Header { get; set; }

    /// <summary>A longer answer is not taken. Default 2 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)] public int BodyBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>One call in all, in seconds. Default 10.</summary>
    [Range(1, 60)] public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Calls under way at once, of each process. Default 4.</summary>
    [Range(1, 64)] public int CallsAtOnceMax { get; set; } = 4;
}

/// <summary>How a secret stands in <c>Authorization</c>.</summary>
public enum FetchScheme
{
    /// <summary>A token (RFC 6750).</summary>
    Bearer,

    /// <summary><c>user:password</c> (RFC 7617).</summary>
    Basic,
}
