using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Wire;

namespace OrderGrains.Tests.Running;

/// <summary>Signs certificates of a test's own, and keeps them as files.</summary>
internal sealed class Authority : IDisposable
{
    public const string ServerName = "orders.test";

    private static readonly DateTimeOffset Since = TimeProvider.System.GetUtcNow().AddDays(-10);

    private readonly TempDirectory _files = new();
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2 _between;
    private int _issued;

    public Authority()
    {
        Directory.CreateDirectory(_files.Path);
        var root = Request("root of a test", isAuthority: true);
        _own = root.Request.CreateSelfSigned(Since, Since.AddDays(100));
        var between = Request("between", isAuthority: true);
        _between = between.Request.Create(_own, Since, Since.AddDays(99), [1]).CopyWithPrivateKey(between.Key);
        RootPath = PathOf("root.pem");
        File.WriteAllText(RootPath, _own.ExportCertificatePem());
    }

    /// <summary>The root alone, in PEM.</summary>
    public string RootPath { get; }

    public string Folder => _files.Path;

    /// <param name="name">The DNS name that it is for.</param>
    /// <param name="uses">Extended key usages.</param>
    /// <param name="days">How long it is valid, from ten days ago.</param>
    /// <param name="byRoot">Signed by the root itself, without another between.</param>
    public X509Certificate2 Issue(
        string name = ServerName, string[]? uses = null, int days = 90, bool byRoot = false)
    {
        var (request, key) = Request(name, isAuthority: false);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [.. (uses ?? [CertificateFile.ServerUse, CertificateFile.ClientUse]).Select(use => new Oid(use))], false));
        return request.Create(byRoot ? _own : _between, Since, Since.AddDays(days), [2, (byte)++_issued])
            .CopyWithPrivateKey(key);
    }

    /// <summary>As a PEM pair: the certificate with the one between, and the key.</summary>
    public CertificateSettings Pem(X509Certificate2 certificate, string name = "server")
    {
        var settings = new CertificateSettings { Path = PathOf($"{name}.pem"), KeyPath = PathOf($"{name}.key") };
        File.WriteAllText(settings.Path, Chain(certificate));
        File.WriteAllText(settings.KeyPath, Key(certificate));
        return settings;
    }

    public string Chain(X509Certificate2 certificate) =>
        $"{certificate.ExportCertificatePem()}\n{_between.ExportCertificatePem()}\n";

    public static string Key(X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>As one PFX file.</summary>
    public CertificateSettings Pfx(X509Certificate2 certificate, string? password)
    {
        var settings = new CertificateSettings { Path = PathOf("server.pfx"), Password = password };
        X509Certificate2Collection all = [certificate, X509CertificateLoader.LoadCertificate(_between.RawData)];
        File.WriteAllBytes(settings.Path, all.Export(X509ContentType.Pkcs12, password)!);
        return settings;
    }

    public string PathOf(string file) => Path.Combine(_files.Path, file);

    /// <summary>A client that trusts the root alone, and finds every name on loopback.</summary>
    public HttpClient Client(Action<X509Certificate2>? seen = null) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        // Each call shakes hands anew.
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new System.Net.Sockets.Socket(
                System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _own },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                seen?.Invoke((X509Certificate2)certificate!);
                return errors == System.Net.Security.SslPolicyErrors.None;
            },
        },
    })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    public void Dispose()
    {
        _own.Dispose();
        _between.Dispose();
        _files.Dispose();
    }

    private static (CertificateRequest Request, ECDsa Key) Request(string name, bool isAuthority)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        return (request, key);
    }
}
