using System.Net;
using System.Net.Http.Headers;
using System.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Console;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>Sign-in by an identity provider, beside the keys.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private readonly FakeSessions _sessions = new();
    private Issuer _issuer = null!;
    private ConsoleHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await Issuer.StartAsync();
        _host = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_person_signs_in_and_comes_back_to_the_page_that_was_asked_for()
    {
        _issuer.User = ("ada", ["everybody", "shop-operators"]);
        using var browser = _host.Browse();
        Assert.Contains("/login/provider?returnUrl=%2Faudit", await browser.TextAsync("/login?returnUrl=%2Faudit"),
            StringComparison.Ordinal);

        using var begun = await browser.GetAsync("/login/provider?returnUrl=%2Faudit");
        var asked = HttpUtility.ParseQueryString(begun.Headers.Location!.Query);
        Assert.Equal(("code", "S256", "openid profile"),
            (asked["response_type"], asked["code_challenge_method"], asked["scope"]));
        Assert.All(begun.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains(
            "samesite=lax; httponly", cookie, StringComparison.OrdinalIgnoreCase));
        using var done = await ReturnAsync(browser, begun);

        Assert.Equal("/login?done=true&returnUrl=%2Faudit", done.Headers.Location?.OriginalString);
        using var onward = await browser.GetAsync(done.Headers.Location!.OriginalString);
        Assert.Equal("0;url=/audit", Assert.Single(onward.Headers.GetValues("Refresh")));
        var page = await browser.TextAsync("/audit");
        Assert.Contains("May read and act", page, StringComparison.Ordinal);
        Assert.Contains(">ada<", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/audit", "0;url=/audit")]
    [InlineData("//evil.example", "0;url=/")]
    [InlineData("/..//evil.example", "0;url=/")]
    [InlineData("/.//evil.example", "0;url=/")]
    public async Task The_page_after_a_sign_in_leads_nowhere_else(string returnUrl, string expected)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browse();
        using var answer = await browser.GetAsync($"/login?done=true&returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal(expected, Assert.Single(answer.Headers.GetValues("Refresh")));
    }

    [Theory]
    [InlineData("readers", "May read; personal data is masked")]
    [InlineData("shop-admins readers", "May read and act")]
    public async Task The_highest_role_counts(string roles, string may)
    {
        _issuer.User = ("ada", roles.Split(' '));
        using var browser = _host.Browse();
        (await SignInAsync(browser)).Dispose();
        Assert.Contains(may, await browser.TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_role_nobody_comes_in_and_is_told_so()
    {
        _issuer.User = ("eve", ["everybody"]);
        using var browser = _host.Browse();

        using var refused = await SignInAsync(browser);

        Assert.Equal("/login?refused=role", refused.Headers.Location?.OriginalString);
        using var page = await browser.GetAsync(refused.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Contains("have no role here", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var after = await browser.GetAsync("/");
        Assert.Equal("/login", after.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task A_code_that_another_browser_asked_for_opens_nothing()
    {
        using var browser = _host.Browse();
        using var other = _host.Browse();
        using var begun = await other.GetAsync("/login/provider");

        using var refused = await ReturnAsync(browser, begun);

        Assert.Equal("/login?refused=provider", refused.Headers.Location?.OriginalString);
        using var after = await browser.GetAsync("/");
        Assert.Equal("/login", after.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task Where_the_provider_is_away_keys_still_open_and_the_page_says_so()
    {
        await using var alone = await StartAsync(("Api:Login:Authority", "http://127.0.0.1:1"));
        using var browser = alone.Browse();
        using var begun = await browser.GetAsync("/login/provider");
        Assert.Equal("/login?refused=provider", begun.Headers.Location?.OriginalString);
        (await browser.SignInAsync(ConsoleHost.SecretOf(ApiRole.Viewer))).Dispose();
        await browser.TextAsync("/");
    }

    [Fact]
    public async Task A_session_ends_when_the_map_of_roles_changes()
    {
        using var browser = _host.Browse();
        (await SignInAsync(browser)).Dispose();
        await browser.TextAsync("/");
        // The same keys of cookies, as after a restart.
        await using var later = await StartAsync(
            ("Api:Login:Roles:readers", "Operator"), ("DataDirectory", _host.DataDirectory));
        await using var same = await StartAsync(("DataDirectory", _host.DataDirectory));

        foreach (var (host, status) in (new[] { (later, HttpStatusCode.Found), (same, HttpStatusCode.OK) }))
        {
            using var back = host.Browse();
            back.Cookies.Add(browser.Cookies.GetAllCookies());
            using var answer = await back.GetAsync("/");
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_provider_nothing_of_it_is_there()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browse();
        Assert.DoesNotContain("/login/provider", await browser.TextAsync("/login"), StringComparison.Ordinal);
        using var answer = await browser.GetAsync("/login/provider");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("everybody", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("readers", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("shop-operators", HttpStatusCode.OK, HttpStatusCode.BadRequest)]
    public async Task A_program_calls_with_a_token_as_far_as_its_role_goes(
        string role, HttpStatusCode read, HttpStatusCode act)
    {
        _issuer.User = ("robot", [role]);
        using var program = _host.Api(null);
        program.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", await _issuer.TokenAsync());

        using var orders = await program.SendAsync("GET", "/api/v1/orders");
        using var set = await program.SendAsync("PUT", "/api/v1/stock/east/MUG");

        Assert.Equal((read, act), (orders.StatusCode, set.StatusCode));
    }

    [Fact]
    public async Task A_token_for_another_or_changed_is_nobodys_and_keys_go_on()
    {
        var right = await _issuer.TokenAsync();
        _issuer.For = "another-api";
        var other = await _issuer.TokenAsync();
        var parts = right.Split('.');
        var changed = $"{parts[0]}.{other.Split('.')[1]}.{parts[2]}";
        foreach (var token in (string[])[other, changed, $"{parts[0]}.{parts[1]}."])
        {
            using var program = _host.Api(null);
            program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await program.SendAsync("GET", "/api/v1/orders");
            await answer.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }

        using var key = await _host.Api(ApiRole.Viewer).SendAsync("GET", "/api/v1/orders");
        Assert.Equal(HttpStatusCode.OK, key.StatusCode);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Task<ConsoleHost> StartAsync(params (string Name, string Value)[] more) => ConsoleHost.StartAsync(
        // Tokens and the cookies of an attempt live by the machine's clock.
        TimeProvider.System, configure: builder =>
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Api:Login:Authority"] = _issuer.Address.ToString(),
                ["Api:Login:ClientId"] = Issuer.ClientId,
                ["Api:Login:ClientSecret"] = Issuer.ClientSecret,
                ["Api:Login:Audience"] = Issuer.Audience,
                ["Api:Login:RoleClaim"] = "role",
                ["Api:Login:Roles:readers"] = "Viewer",
                ["Api:Login:Roles:shop-operators"] = "Operator",
                ["Api:Login:Roles:shop-admins"] = "Admin",
            };
            foreach (var (name, value) in more)
                settings[name] = value;
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddSingleton<ISessions>(_sessions);
        });

    private static async Task<HttpResponseMessage> SignInAsync(Browser browser)
    {
        using var begun = await browser.GetAsync("/login/provider");
        return await ReturnAsync(browser, begun);
    }

    /// <summary>At the provider, and back with its answer.</summary>
    private static async Task<HttpResponseMessage> ReturnAsync(Browser browser, HttpResponseMessage begun)
    {
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        using var provider = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var answer = await provider.GetAsync(begun.Headers.Location, Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return await browser.GetAsync(answer.Headers.Location!.PathAndQuery);
    }
}
