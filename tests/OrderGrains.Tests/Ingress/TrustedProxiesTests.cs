using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OrderGrains.Ingress;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Whose word is taken for where a request comes from. Every request here comes from loopback.</summary>
public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.7", "203.0.113.7 https")]
    [InlineData("127.0.0.0/8", "198.51.100.9, 203.0.113.7", "203.0.113.7 https")]
    [InlineData("127.0.0.0/8 203.0.113.0/24", "198.51.100.9, 203.0.113.7", "198.51.100.9 https")]
    [InlineData("127.0.0.0/8", null, "127.0.0.1 http")]
    public async Task A_trusted_proxy_says_who_sends(string trusted, string? forwardedFor, string seen) =>
        Assert.Equal(seen, await SeenAsync(trusted, forwardedFor));

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/8 203.0.113.0/24")]
    public async Task Nobody_else_does(string trusted) =>
        Assert.Equal("127.0.0.1 http", await SeenAsync(trusted, "203.0.113.7"));

    /// <summary>Address and scheme as the product sees them.</summary>
    private static async Task<string> SeenAsync(string trusted, string? forwardedFor)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseTrustedProxies(new IngressOptions
        {
            TrustedProxies = [.. trusted.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        });
        app.MapGet("/", (Microsoft.AspNetCore.Http.HttpContext http) =>
            $"{http.Connection.RemoteIpAddress} {http.Request.Scheme}");
        await app.StartAsync(cancelled);

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Urls.First()));
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
            request.Headers.Add("X-Forwarded-Proto", forwardedFor.Contains(',') ? "https, https" : "https");
        }

        using var answer = await http.SendAsync(request, cancelled);
        return await answer.Content.ReadAsStringAsync(cancelled);
    }
}
