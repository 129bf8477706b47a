using System.Text.Json;
using OrderGrains.Tests.Running;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Configuration;

/// <summary>Certificates are opened when the configuration is read: what is wrong with one is a mistake.</summary>
public sealed class CertificateRulesTests : IDisposable
{
    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void What_Kestrel_could_not_serve_is_named()
    {
        var right = _authority.Pem(_authority.Issue());

        Assert.Equal(
            [
                $"Kestrel:Certificates:Default: {right.Path}: is no whole PFX file with a private key that Password "
                    + "opens (for PEM, KeyPath is missing)",
                "Kestrel:Endpoints:Web:Certificate: nowhere.pfx: there is no such file",
            ],
            Configured.MistakesOver(Json(new
            {
                Kestrel = new
                {
                    Certificates = new { Default = new { right.Path } },
                    Endpoints = new { Web = new { Url = "https://*:1", Certificate = new { Path = "nowhere.pfx" } } },
                },
            })));
    }

    [Fact]
    public void What_silos_could_not_prove_themselves_by_is_named()
    {
        var right = _authority.Pem(_authority.Issue("silo.test", byRoot: true));
        const string Refused = "Cluster:Tls:Certificate: the others would refuse it: it is not signed by one of "
            + "Authorities, is not for Name, or is not valid now";
        using var other = new Authority();
        var server = _authority.Pem(
            _authority.Issue("silo.test", [CertificateFile.ServerUse], byRoot: true), "server-alone");

        Assert.NotNull(Configured.Read(Configured.Right, Tls(right, _authority.RootPath, "silo.test")).ClusterTls);
        Assert.Equal([Refused], Configured.MistakesOver(Tls(right, _authority.RootPath, "web.test")));
        Assert.Equal([Refused], Configured.MistakesOver(Tls(right, other.RootPath, "silo.test")));
        Assert.Equal([$"Cluster:Tls:Authorities: {right.KeyPath}: holds no whole certificate in PEM form"],
            Configured.MistakesOver(Tls(right, right.KeyPath!, "silo.test")));
        Assert.Equal([$"Cluster:Tls:Certificate: {server.Path}: is not made for this use (extended key usage)"],
            Configured.MistakesOver(Tls(server, _authority.RootPath, "silo.test")));
        Assert.Equal(
            [
                "Cluster:Tls:Authorities: is missing", "Cluster:Tls:Certificate:Path: is missing",
                "Cluster:Tls:Name: is missing",
            ],
            Configured.MistakesOver("""{"Cluster":{"Tls":{"Certificate":{"KeyPath":"k"}}}}""")
                .Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static string Tls(CertificateSettings own, string authorities, string name) =>
        Json(new { Cluster = new { Tls = new { Certificate = own, Authorities = authorities, Name = name } } });

    private static string Json(object layer) => JsonSerializer.Serialize(layer);
}
