using System.ComponentModel.DataAnnotations;
using System.Net;
using OrderGrains.Connectors;

namespace OrderGrains.Ingress;

/// <summary>The configured sources.</summary>
public sealed class Sources(IReadOnlyDictionary<string, Source> byName)
{
    public IEnumerable<Source> All => byName.Values;

    /// <summary>Null when no source has this name.</summary>
    public Source? Find(string name) => byName.GetValueOrDefault(name);
}

/// <summary>One configured source.</summary>
/// <param name="Name">As it is configured.</param>
/// <param name="Connector">Reads what it sends, and says who sent it.</param>
/// <param name="AllowedNetworks">Networks that may post; empty admits every address.</param>
/// <param name="SilentAfter">Without news for so long it is silent; null: it may be.</param>
/// <param name="Kind">The name of its kind.</param>
public sealed record Source(
    string Name, ISource Connector, IReadOnlyList<IPNetwork> AllowedNetworks, TimeSpan? SilentAfter = null,
    string Kind = "")
{
    public bool Admits(IPAddress? address)
    {
        if (AllowedNetworks.Count == 0)
            return true;
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        return address is not null && AllowedNetworks.Any(n => n.Contains(address));
    }
}

/// <summary>What the section of a source that posts says of its senders.</summary>
public sealed class WebhookOptions
{
    /// <summary>CIDR networks that may send; empty admits every address.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];
}

/// <summary>What the section of every source says.</summary>
public sealed class SourceOptions
{
    /// <summary>
    /// Subscribers of <c>source.silent</c> hear of it when nothing has come for so long. Default: never.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan? SilentAfter { get; set; }
}
