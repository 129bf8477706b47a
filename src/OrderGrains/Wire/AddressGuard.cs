using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Wire;

/// <summary>
/// Which addresses may be called on behalf of somebody who only named them: public ones, and what the configuration
/// opens. Whoever may write an address must not reach our own network through us.
/// </summary>
internal static class AddressGuard
{
    /// <summary>Where addresses are public, if at all (IANA, "IPv6 Address Space").</summary>
    private static readonly IPNetwork Public6 = IPNetwork.Parse("2000::/3");

    /// <summary>Addresses of IPv4 as a translator writes them for those who have only IPv6 (RFC 6052).</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Addresses of IPv6 that hold one of IPv4, to which a relay sends on (RFC 3056).</summary>
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>What is not public, by IANA's registries of special addresses; one is a cloud's own idea.</summary>
    private static readonly (IPNetwork Network, string Name)[] Special =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this network"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared by a carrier"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("168.63.129.16/32"), "the platform of a cloud"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local, metadata of clouds among them"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "for protocols"),
        (IPNetwork.Parse("192.0.2.0/24"), "for documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "relays of 6to4"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "for measurements"),
        (IPNetwork.Parse("198.51.100.0/24"), "for documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "for documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved, broadcast among them"),
        (IPNetwork.Parse("::/128"), "no address"),
        (IPNetwork.Parse("::1/128"), "loopback"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "a translator's own"),
        (IPNetwork.Parse("2001::/23"), "for protocols, Teredo among them"),
        (IPNetwork.Parse("2001:db8::/32"), "for documentation"),
        (IPNetwork.Parse("3fff::/20"), "for documentation"),
        (IPNetwork.Parse("fc00::/7"), "unique local"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
    ];

    /// <summary>
    /// The rule by which an address may not be called; null when it may. An address of IPv4 that is written as one of
    /// IPv6 is what it is. One that a relay or a translator turns into one of IPv4 is judged by that one, but the
    /// configuration opens it only by its own network.
    /// </summary>
    public static string? WhyRefused(IPAddress address, IReadOnlyList<IPNetwork> allowed)
    {
        var plain = Plain(address);
        return !allowed.Any(network => network.Contains(plain)) && WhyNotPublic(plain) is { } rule
            ? $"{rule} is not called: AllowedNetworks would have to hold it" : null;
    }

    /// <summary>The rule by which an address is none of our own; null when it is one.</summary>
    public static string? WhyOutside(IPAddress address, IReadOnlyList<IPNetwork> own) =>
        own.Any(network => network.Contains(Plain(address))) ? null
            : "what is not encrypted goes to AllowedNetworks alone";

    /// <summary>IPv4-mapped (<c>::ffff:10.0.0.1</c>) is IPv4 in other letters.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string? WhyNotPublic(IPAddress address)
    {
        foreach (var (network, name) in Special)
        {
            if (network.Contains(address))
                return $"{network} ({name})";
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
            return null;
        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address))
            return WhyNotPublic(new IPAddress(bytes.AsSpan(12, 4)));
        if (SixToFour.Contains(address))
            return WhyNotPublic(new IPAddress(bytes.AsSpan(2, 4)));
        return Public6.Contains(address) ? null : $"all but {Public6} (not public)";
    }
}
