using Microsoft.AspNetCore.HttpOverrides;

namespace OrderGrains.Ingress;

/// <summary>Lets networks and rate limits see the sender behind a reverse proxy.</summary>
internal static class TrustedProxies
{
    /// <summary>
    /// Takes address and scheme from the proxies of <see cref="IngressOptions.TrustedProxies"/>; what anybody else says
    /// of himself is not believed. Comes first, before whatever looks at an address.
    /// </summary>
    public static void UseTrustedProxies(this WebApplication app, IngressOptions ingress)
    {
        if (ingress.TrustedProxies.Count == 0)
            return;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // The chain is followed from this end for as long as each link is a trusted one.
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in ingress.TrustedProxies)
            forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        app.UseForwardedHeaders(forwarded);
    }
}
