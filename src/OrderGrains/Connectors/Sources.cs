using System.Net;

namespace OrderGrains.Connectors;

/// <summary>The configured sources, each with its connector.</summary>
public sealed class Sources(IReadOnlyDictionary<string, Source> byName)
{
    /// <summary>Null when no source has this name.</summary>
    public Source? Find(string name) => byName.GetValueOrDefault(name);
}

/// <summary>One configured source.</summary>
/// <param name="AllowedNetworks">Networks that may send; empty admits every address.</param>
public sealed record Source(
    string Name, SourceOptions Options, IConnector Connector, IReadOnlyList<IPNetwork> AllowedNetworks)
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
