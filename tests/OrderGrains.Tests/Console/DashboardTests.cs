using System.Net;
using System.Net.Http.Headers;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>The Orleans Dashboard has no login of its own and shows the state of grains.</summary>
[Collection(nameof(RunningProduct))]
public sealed class DashboardTests(RunningProduct product)
{
    private static readonly string[] Paths =
        ["/dashboard/", "/dashboard/index.min.js", "/dashboard/DashboardCounters", "/dashboard/GrainState"];

    [Fact]
    public async Task A_stranger_is_sent_to_the_login()
    {
        using var browser = new Browser(product.Address);
        foreach (var path in Paths)
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            Assert.StartsWith("/login", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_viewer_is_not_let_in()
    {
        using var browser = new Browser(product.Address);
        using var login = await browser.SignInAsync(RunningProduct.ViewerKey);
        foreach (var path in Paths)
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("nobody's-key-at-all", HttpStatusCode.Unauthorized)]
    [InlineData(RunningProduct.ViewerKey, HttpStatusCode.Forbidden)]
    [InlineData(RunningProduct.AdminKey, HttpStatusCode.OK)]
    public async Task A_program_needs_the_same_right(string key, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(product.Address, "/dashboard/ClusterStats"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await product.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task An_operator_sees_it_but_no_log()
    {
        using var browser = new Browser(product.Address);
        using var login = await browser.SignInAsync(RunningProduct.AdminKey);

        using var page = await browser.GetAsync("/dashboard/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
        Assert.Contains("\"hosts\"", await browser.TextAsync("/dashboard/DashboardCounters"),
            StringComparison.OrdinalIgnoreCase);
        using var trace = await browser.GetAsync("/dashboard/Trace");
        Assert.Equal(HttpStatusCode.Forbidden, trace.StatusCode);
    }
}
