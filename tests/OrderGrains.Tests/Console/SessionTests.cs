using System.Net;
using OrderGrains.Console;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class SessionTests
{
    [Fact]
    public async Task The_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browse();
        using var answer = await browser.SignInAsync(ConsoleHost.SecretOf(ApiRole.Viewer));
        Assert.Equal("/", answer.Headers.Location?.ToString());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), text =>
            text.StartsWith("ordergrains-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        // Over plain HTTP; the policy follows the request.
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/audit", "/audit")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/..//evil.example/", "/")]
    [InlineData("/orders/..//evil.example/", "/")]
    public async Task Signing_in_leads_back_and_never_away(string returnUrl, string expected)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browse();
        using var answer = await browser.PostAsync(
            "/login", [("key", ConsoleHost.SecretOf(ApiRole.Viewer)), ("returnUrl", returnUrl)]);
        Assert.Equal(expected, answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_wrong_key_is_refused_in_words()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browse();
        using var answer = await browser.SignInAsync("wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("This key is not known", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tries_to_sign_in_are_limited_and_looking_is_not()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browse();
        for (var attempt = 0; attempt < LoginRateLimit.AttemptsPerMinuteMax; attempt++)
            (await browser.SignInAsync("wrong")).Dispose();
        using var answer = await browser.SignInAsync(ConsoleHost.SecretOf(ApiRole.Admin));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("60", answer.Headers.RetryAfter?.ToString());
        await browser.TextAsync("/login");
    }

    [Fact]
    public async Task A_session_ends_by_itself_after_twelve_idle_hours_and_by_signing_out()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var idle = await host.SignedInAsync(ApiRole.Viewer);
        using var leaving = await host.SignedInAsync(ApiRole.Viewer);
        await idle.TextAsync("/");
        using var left = await leaving.PostAsync("/login?handler=SignOut", [], formPath: "/");
        Assert.Equal("/login", left.Headers.Location?.ToString());
        using var after = await leaving.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        host.Time.Advance(TimeSpan.FromHours(13));
        using var late = await idle.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, late.StatusCode);
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/parked?handler=Resume")]
    [InlineData("/stock")]
    [InlineData("/orders/acme/5123456789012")]
    public async Task A_form_without_its_token_is_refused(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        using var browser = await host.SignedInAsync(ApiRole.Admin);
        using var answer = await browser.PostWithoutTokenAsync(path, [("act", "cancel"), ("key", "x")]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(host.Grains.Acts);
    }
}
