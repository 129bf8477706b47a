using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Postgres;
using Orleans.Configuration;
using Xunit;

namespace OrderGrains.Tests.Cluster;

/// <summary>Silos and gateways that prove themselves to each other.</summary>
public sealed class ClusterTlsTests(SharedPostgres server) : IAsyncLifetime
{
    private const string Name = "silo.test";
    private const string Heard = "--Logging:LogLevel:Orleans.Connections.Security=Debug";

    private readonly Authority _authority = new();
    private readonly Authority _other = new();
    private ClusterWorld _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await ClusterWorld.OpenAsync(server);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Two_silos_and_a_gateway_work_together_and_let_nobody_else_in()
    {
        var first = await _world.StartAsync(ClusterRole.Silo, Settings("first"));
        await _world.StartAsync(ClusterRole.Silo, Settings("second"));
        var gateway = await _world.StartAsync(ClusterRole.Gateway, Settings("gateway"));

        await Eventually.EqualAsync(2, () => Task.FromResult(first.Services.GetRequiredService<ISiloStatusOracle>()
            .GetApproximateSiloStatuses(onlyActive: true).Count));
        var (status, receipt) = await _world.PostOrderAsync(gateway);
        Assert.Equal(HttpStatusCode.OK, status);
        await Eventually.EqualAsync("applied", () => _world.OutcomeAsync(gateway, receipt!));

        foreach (var port in PortsOf(first))
        {
            var right = IsRefusedAsync(port, Certificate(_authority, Name));
            Assert.True(await IsRefusedAsync(port, Certificate(_other, Name)), "signed by another");
            Assert.True(await IsRefusedAsync(port, Certificate(_authority, "web.test")), "for another name");
            Assert.True(await IsRefusedAsync(port, null), "none");
            // It came first, and is let in: the silo speaks to it, or waits for it to speak.
            Assert.False(right.IsCompleted && await right, "the right one");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gateway_that_trusts_others_or_speaks_plainly_reaches_no_silo(bool tls)
    {
        using var log = new LogLines();
        await _world.StartAsync(ClusterRole.Silo, [.. Settings("silo"), Heard], log);
        // Its own certificate is in order; but the silo and it trust each other's authorities not.
        var gateway = await _world.StartAsync(
            ClusterRole.Gateway, tls ? [.. Settings("gateway", _other), Heard] : [], log);

        await Eventually.TrueAsync(
            () => log.All.Any(line => line.StartsWith("Authentication failed", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.OK, (await _world.PostOrderAsync(gateway)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await _world.StatusAsync(gateway, "/health/ready"));
    }

    private string[] Settings(string process, Authority? authority = null)
    {
        authority ??= _authority;
        var own = authority.Pem(authority.Issue(Name, byRoot: true), process);
        return
        [
            $"--Cluster:Tls:Certificate:Path={own.Path}", $"--Cluster:Tls:Certificate:KeyPath={own.KeyPath}",
            $"--Cluster:Tls:Authorities={authority.RootPath}", $"--Cluster:Tls:Name={Name}",
        ];
    }

    private static X509Certificate2 Certificate(Authority authority, string name) =>
        authority.Issue(name, byRoot: true);

    private static IEnumerable<int> PortsOf(WebApplication silo)
    {
        var endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        return [endpoints.SiloPort, endpoints.GatewayPort];
    }

    /// <summary>
    /// True when a silo ends the connection of whoever comes with this. It looks at the certificate when the other end
    /// is done with the handshake already.
    /// </summary>
    private static async Task<bool> IsRefusedAsync(int port, X509Certificate2? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancelled);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = Name,
                    ClientCertificates = certificate is null ? null : [certificate],
                    // The question is whom the silo lets in, not who the silo is.
                    RemoteCertificateValidationCallback = (_, silo, _, _) => silo is not null,
                    ApplicationProtocols = [new SslApplicationProtocol("Orleans1")],
                },
                Cancelled);
            return await stream.ReadAsync(new byte[1], Cancelled) == 0;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return true;
        }
    }
}
