using System.Security.Cryptography.X509Certificates;
using OrderGrains.Wire;
using Orleans.Connections.Security;

namespace OrderGrains;

/// <summary>
/// Silos and gateways prove themselves to each other, both ways: each by a certificate that one of the authorities
/// signed, and that is for the cluster's name. What the machine itself trusts does not count.
/// </summary>
internal sealed class ClusterTls(CertificateFile own, X509Certificate2Collection authorities, string name)
{
    /// <summary>This process's certificate.</summary>
    public CertificateFile Own => own;

    /// <summary>For silos, and for gateways.</summary>
    public void Configure(TlsOptions tls)
    {
        tls.LocalServerCertificateSelector = (_, _) => own.Context.TargetCertificate;
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => own.Context.TargetCertificate;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.OnAuthenticateAsClient = (_, client) => client.TargetHost = name;
        tls.RemoteCertificateValidation = (certificate, chain, _) => chain is not null && Accepts(certificate, chain);
    }

    /// <summary>Whether the others, which have the same settings, would accept this process.</summary>
    public bool AcceptsItself()
    {
        using var chain = new X509Chain();
        return Accepts(own.Context.TargetCertificate, chain);
    }

    /// <param name="certificate">Of the other end.</param>
    /// <param name="chain">With the other certificates that it sent, and the use that this end demands.</param>
    private bool Accepts(X509Certificate2 certificate, X509Chain chain)
    {
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Clear();
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        return chain.Build(certificate)
            && certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false);
    }
}
