using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Console;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class AccessTests
{
    private const string Id = "00000000-0000-7000-8000-000000000001";

    private static readonly ApiRole?[] Everybody = [null, ApiRole.Viewer, ApiRole.Operator, ApiRole.Admin];

    /// <summary>What a page's and a call's address needs.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["{source}"] = "acme",
        ["{orderId}"] = "1",
        ["{location}"] = "east",
        ["{sku}"] = "MUG",
        ["{**sku}"] = "MUG",
        ["{name}"] = "nobody",
        ["{id}"] = Id,
        ["{id:guid}"] = Id,
    };

    /// <summary>Handlers of pages that more may post to than Operators, or fewer.</summary>
    private static readonly Dictionary<string, ApiRole> Handlers = new(StringComparer.Ordinal)
    {
        ["/Buyers Erase"] = ApiRole.Admin,
        ["/Access End"] = ApiRole.Admin,
        ["/Access EndMine"] = ApiRole.Viewer,
    };

    /// <summary>Pages that are for fewer than everybody with a key.</summary>
    private static readonly Dictionary<string, ApiRole> Pages = new(StringComparer.Ordinal)
    {
        ["/Trail"] = ApiRole.Admin,
    };

    [Fact]
    public async Task Every_call_of_the_document_is_open_to_the_roles_that_it_names_and_to_no_other()
    {
        await using var host = await ConsoleHost.StartAsync();
        var document = await host.Api(null).ReadAsync("/openapi/v1.json");
        var calls = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(call => (Method: call.Name.ToUpperInvariant(), Path: path.Name, Role: RoleOf(call.Value))))
            .ToList();
        Assert.NotEmpty(calls);
        foreach (var (method, path, needed) in calls)
        {
            Assert.True(method == "GET" || needed >= ApiRole.Operator, $"{method} {path} acts, and needs no Operator");
            foreach (var role in Everybody)
            {
                using var client = host.Api(role);
                using var answer = await client.SendAsync(method, Filled(path));
                var said = $"{role?.ToString() ?? "nobody"}: {method} {path}: {answer.StatusCode}";
                if (role is null)
                {
                    await answer.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
                    Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
                }
                else if (role < needed)
                    await answer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
                else
                {
                    Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest
                        or HttpStatusCode.NotFound, said);
                }
            }
        }
    }

    [Fact]
    public async Task Every_page_and_every_form_is_open_to_its_roles_and_to_no_other()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order(new OrderKey("acme", "1")));
        var pages = await PagesAsync(host);
        var unused = Handlers.Keys.Concat(Pages.Keys).ToHashSet(StringComparer.Ordinal);
        Assert.True(pages.Count > 10);
        foreach (var role in Everybody)
        {
            using var browser = role is { } known ? await host.SignedInAsync(known) : host.Browse();
            foreach (var page in pages)
            {
                var path = "/" + Filled(page.AttributeRouteInfo!.Template!).TrimStart('/');
                var needed = Pages.GetValueOrDefault(page.ViewEnginePath, ApiRole.Viewer);
                unused.Remove(page.ViewEnginePath);
                using var answer = await browser.GetAsync(path);
                Holds(answer, role, needed, $"{role}: GET {path}");
                foreach (var handler in page.HandlerMethods.Where(handler => HttpMethods.IsPost(handler.HttpMethod)))
                {
                    var name = $"{page.ViewEnginePath} {handler.Name}";
                    unused.Remove(name);
                    using var posted = await browser.PostAsync(
                        $"{path}?handler={handler.Name}", [("act", "hold"), ("name", "nobody")],
                        role is null ? "/login" : "/");
                    var least = Handlers.GetValueOrDefault(name, ApiRole.Operator);
                    Holds(posted, role, least > needed ? least : needed, $"{role}: POST {name}");
                    if (name == "/Access EndMine" && role is { } self)
                        (await browser.SignInAsync(ConsoleHost.SecretOf(self))).Dispose();
                }
            }
        }

        Assert.Empty(unused);
    }

    private static void Holds(HttpResponseMessage answer, ApiRole? role, ApiRole needed, string said)
    {
        said += $": {answer.StatusCode}";
        if (role is null)
        {
            Assert.True(answer.StatusCode == HttpStatusCode.Redirect, said);
            Assert.StartsWith("/login?ReturnUrl=", answer.Headers.Location?.PathAndQuery, StringComparison.Ordinal);
        }
        else if (role < needed)
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, said);
        else
        {
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound
                || (answer.StatusCode == HttpStatusCode.Redirect
                    && answer.Headers.Location?.ToString().Contains("login", StringComparison.Ordinal) == false), said);
        }
    }

    /// <summary>All but those for everybody: to sign in and out, and what says that something is wrong.</summary>
    private static async Task<IReadOnlyList<CompiledPageActionDescriptor>> PagesAsync(ConsoleHost host)
    {
        var loader = host.Services.GetRequiredService<PageLoader>();
        var found = new List<CompiledPageActionDescriptor>();
        foreach (var page in host.Services.GetRequiredService<IActionDescriptorCollectionProvider>()
            .ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            if (page.ViewEnginePath is not ("/Login" or "/Problem"))
                found.Add(await loader.LoadAsync(page, EndpointMetadataCollection.Empty));
        }

        return found;
    }

    private static string Filled(string path) => Parameters.Aggregate(
        path, (filled, one) => filled.Replace(one.Key, one.Value, StringComparison.Ordinal));

    private static ApiRole RoleOf(JsonElement call) => Enum.Parse<ApiRole>(Assert.Single(
        call.GetProperty("security")[0].EnumerateObject().Single().Value.EnumerateArray()).GetString()!);

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
