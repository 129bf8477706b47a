using System.Net;
using OrderGrains.Console;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class AccessTests
{
    private const string Id = "00000000-0000-7000-8000-000000000001";

    public static TheoryData<string> Reads => new(
        "/api/v1/orders", "/api/v1/orders/acme/1", "/api/v1/stock", "/api/v1/stock/east/MUG", "/api/v1/receipts",
        $"/api/v1/receipts/{Id}", "/api/v1/parked", "/api/v1/parked/groups", $"/api/v1/parked/{Id}",
        "/api/v1/sources", "/api/v1/destinations", "/api/v1/audit");

    public static TheoryData<string, string> Acts => new()
    {
        { "POST", "/api/v1/orders/acme/1/hold" },
        { "POST", "/api/v1/orders/acme/1/resume" },
        { "POST", "/api/v1/orders/acme/1/cancel" },
        { "POST", "/api/v1/orders/acme/1/takeBack" },
        { "PUT", "/api/v1/stock/east/MUG" },
        { "POST", $"/api/v1/parked/{Id}/resume" },
        { "POST", $"/api/v1/parked/{Id}/discard" },
        { "POST", "/api/v1/parked/resume" },
        { "POST", "/api/v1/parked/discard" },
        { "POST", "/api/v1/sources/acme/read" },
        { "POST", "/api/v1/sources/acme/export" },
        { "POST", $"/api/v1/receipts/{Id}/export" },
        { "POST", "/api/v1/sources/nobody/test" },
    };

    [Theory, MemberData(nameof(Reads))]
    public async Task A_read_needs_any_key(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var nobody = await host.Api(null).SendAsync("GET", path);
        await nobody.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.ToString());

        using var viewer = await host.Api(ApiRole.Viewer).SendAsync("GET", path);
        Assert.True(viewer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{viewer.StatusCode}");
    }

    [Theory, MemberData(nameof(Acts))]
    public async Task An_act_needs_an_operators_key(string method, string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var nobody = await host.Api(null).SendAsync(method, path);
        await nobody.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var viewer = await host.Api(ApiRole.Viewer).SendAsync(method, path);
        await viewer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        foreach (var role in new[] { ApiRole.Operator, ApiRole.Admin })
        {
            using var answer = await host.Api(role).SendAsync(method, path);
            Assert.True(
                answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("Bearer wrong-secret-of-nobody")]
    [InlineData("Bearer ")]
    [InlineData("Basic dmlld2VyOng=")]
    public async Task A_wrong_key_is_nobody(string header)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var client = host.Api(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        using var answer = await client.SendAsync("GET", "/api/v1/orders");
        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_api_does_not_take_the_consoles_cookie()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(ApiRole.Admin);
        using var answer = await browser.GetAsync("/api/v1/orders");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "notFound")]
    [InlineData("DELETE", "/api/v1/orders", HttpStatusCode.MethodNotAllowed, "methodNotAllowed")]
    public async Task An_unknown_call_is_a_problem_too(string method, string path, HttpStatusCode status, string code)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Api(ApiRole.Viewer).SendAsync(method, path);
        await answer.ProblemAsync(status, code);
    }
}
