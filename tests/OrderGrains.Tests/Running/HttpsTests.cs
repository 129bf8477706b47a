using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Silos;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>TLS where no proxy stands before the product.</summary>
public sealed class HttpsTests : IDisposable
{
    private readonly Authority _authority = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_served_by_what_Kestrels_settings_name(bool endpoint)
    {
        var pem = _authority.Pem(_authority.Issue());
        // Of the folder that it was started in, as every path of the configuration.
        var (path, key) = (Relative(pem.Path), Relative(pem.KeyPath!));
        await using var product = await SmallProduct.StartAsync(endpoint
            ? [
                "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0",
                $"--Kestrel:Endpoints:Https:Certificate:Path={path}",
                $"--Kestrel:Endpoints:Https:Certificate:KeyPath={key}",
            ]
            : [
                "--urls=https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={path}",
                $"--Kestrel:Certificates:Default:KeyPath={key}",
            ]);
        using var http = _authority.Client();

        using var answer = await http.GetAsync(Named(product.Address, "/login"), Cancelled);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie =>
            cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        Assert.Single(product.Services.GetServices<IHostedService>().OfType<CertificateAgent>());
    }

    [Fact]
    public async Task A_renewed_certificate_is_served_without_a_restart_and_a_wrong_one_never()
    {
        var (old, log) = (_authority.Issue(), new LogLines());
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var settings = _authority.Pem(old);
        var served = new Dictionary<string, CertificateFile>(StringComparer.Ordinal)
        {
            [CertificateCheck.Default] = new(settings, CertificateFile.ServerUse),
        };
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.Configuration["urls"] = "https://127.0.0.1:0";
        builder.Configuration[$"{CertificateCheck.Default}:Path"] = settings.Path;
        builder.Configuration[$"{CertificateCheck.Default}:KeyPath"] = settings.KeyPath;
        builder.UseCertificates(served);
        builder.Services.AddHostedService(services => new CertificateAgent(
            served, time, services.GetRequiredService<ILogger<CertificateAgent>>()));
        await using var app = builder.Build();
        app.MapGet("/", () => "here");
        await app.StartAsync(Cancelled);
        var address = Named(new Uri(app.Urls.First()), "/");
        Assert.Equal(old.Thumbprint, await ServedAsync(address));

        // Of the pair, one is new.
        var issued = _authority.Issue();
        await File.WriteAllTextAsync(settings.Path, _authority.Chain(issued), Cancelled);
        time.Advance(CertificateAgent.Period);
        await Eventually.TrueAsync(() => log.All.Any(line => line.StartsWith(
            $"{CertificateCheck.Default}: the certificate from before is still used. {settings.KeyPath}: holds "
            + "no whole private key", StringComparison.Ordinal)));
        Assert.Equal(old.Thumbprint, await ServedAsync(address));

        await File.WriteAllTextAsync(settings.KeyPath!, Authority.Key(issued), Cancelled);
        time.Advance(CertificateAgent.Period);
        await Eventually.EqualAsync(issued.Thumbprint, () => ServedAsync(address));
        await app.StopAsync(Cancelled);
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public async Task Behind_a_proxy_browsers_are_told_to_stay_with_https_where_it_says_https(string scheme, bool told)
    {
        await using var product = await SmallProduct.StartAsync(["--Ingress:TrustedProxies:0=127.0.0.0/8"]);
        using var http = _authority.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Named(product.Address, "/login"));
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", scheme);

        using var answer = await http.SendAsync(request, Cancelled);

        Assert.Equal(told, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("203.0.113.7", null, null, false)]
    [InlineData("203.0.113.7", "http", null, false)]
    [InlineData("203.0.113.7", "https", null, true)]
    [InlineData("203.0.113.7", null, "--Ingress:AllowPlainHttp=true", true)]
    public async Task A_webhook_over_plain_http_is_taken_from_loopback_alone(
        string? sender, string? scheme, string? setting, bool taken)
    {
        await using var product = await SmallProduct.StartAsync([
            "--Ingress:TrustedProxies:0=127.0.0.0/8", "--Sources:shop:Kind=StandardWebhooks",
            $"--Sources:shop:Secrets:0={SmallProduct.Secret}", "--Sources:shop:Locations:0=east",
            "--Warehouses:wms:Kind=Http", "--Warehouses:wms:BaseUrl=http://127.0.0.1:1",
            "--Warehouses:wms:Locations:0=east", .. setting is null ? Array.Empty<string>() : [setting],
        ]);

        using var answer = await product.PostAsync("shop", "order.placed", OrderSample.Placed, headers =>
        {
            if (sender is not null)
                headers.Add("X-Forwarded-For", sender);
            if (scheme is not null)
                headers.Add("X-Forwarded-Proto", scheme);
        });

        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.StatusCode == (taken ? HttpStatusCode.OK : HttpStatusCode.Forbidden), text);
        if (taken)
            return;
        Assert.Contains("\"code\":\"https_required\"", text, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await product.AskAsync("/api/v1/sources"))?.GetRawText()
            .Contains("Webhooks are taken over HTTPS alone.", StringComparison.Ordinal) == true);
    }

    private static string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);

    private static Uri Named(Uri address, string path) => new UriBuilder(address)
    {
        Host = Authority.ServerName,
        Path = path,
    }.Uri;

    private async Task<string> ServedAsync(Uri address)
    {
        var seen = "";
        using var http = _authority.Client(certificate => seen = certificate.Thumbprint);
        Assert.Equal("here", await http.GetStringAsync(address, Cancelled));
        return seen;
    }
}
