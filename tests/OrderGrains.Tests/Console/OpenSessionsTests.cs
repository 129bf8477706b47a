using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Console;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>Sessions and keys as they are used, seen and ended.</summary>
public sealed class OpenSessionsTests
{
    [Fact]
    public async Task An_admin_sees_the_sessions_and_ends_one_at_once()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var viewer = await host.SignedInAsync(ApiRole.Viewer);
        using var admin = await host.SignedInAsync(ApiRole.Admin);
        await viewer.TextAsync("/");
        Assert.Contains("viewer-key", await admin.TextAsync("/access"), StringComparison.Ordinal);
        var listed = await host.Api(ApiRole.Admin).ReadAsync("/api/v1/sessions");
        var theirs = listed.GetProperty("items").EnumerateArray()
            .Single(session => session.GetProperty("actor").GetString() == "viewer-key");
        Assert.Equal("key", theirs.GetProperty("means").GetString());
        var id = theirs.GetProperty("id").GetString();

        using var ended = await host.Api(ApiRole.Admin).SendAsync("POST", $"/api/v1/sessions/{id}/end");
        await ended.ReadAsync(HttpStatusCode.OK);

        using var after = await viewer.GetAsync("/");
        Assert.Equal("/login", after.Headers.Location!.AbsolutePath);
        await admin.TextAsync("/");
        Assert.Contains($"endSession {id} admin-key Admin key Done", host.Trail.Said, StringComparer.Ordinal);
        using var again = await host.Api(ApiRole.Admin).SendAsync("POST", $"/api/v1/sessions/{id}/end");
        await again.ProblemAsync(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task Everybody_sees_and_ends_their_own()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var here = await host.SignedInAsync(ApiRole.Viewer);
        using var there = await host.SignedInAsync(ApiRole.Viewer);
        using var admin = await host.SignedInAsync(ApiRole.Admin);
        await there.TextAsync("/");
        var page = await here.TextAsync("/access");
        Assert.Contains("viewer-key", page, StringComparison.Ordinal);
        Assert.DoesNotContain("admin-key", page, StringComparison.Ordinal);

        (await here.PostAsync("/access?handler=EndMine", [], "/access")).Dispose();

        foreach (var browser in (Browser[])[here, there])
        {
            using var answer = await browser.GetAsync("/");
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }

        await admin.TextAsync("/");
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_not_the_cookie_alone()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        await browser.TextAsync("/");
        using var thief = host.Browse();
        thief.Cookies.Add(browser.Cookies.GetAllCookies());
        await thief.TextAsync("/");

        (await browser.PostAsync("/login?handler=SignOut", [], "/")).Dispose();

        using var answer = await thief.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Empty(host.Sessions.Rows);
    }

    [Fact]
    public async Task Another_process_refuses_it_within_seconds_and_asks_the_database_seldom()
    {
        var (sessions, time) = (new FakeSessions(), new FakeTimeProvider(ConsoleHost.Now));
        var (one, other) = (Keeper(sessions, time), Keeper(sessions, time));
        var user = Access.PrincipalOf("ada", ApiRole.Admin, "stamp", Access.CookieScheme);
        await one.BeginAsync(user);
        for (var at = 0; at < 10; at++)
            Assert.True(await other.IsOpenAsync(user));
        Assert.Equal(1, sessions.Asked);
        sessions.Down = true;
        time.Advance(SessionKeeper.KnownFor);
        // What it knows holds while the database is away; what it does not know is not let in.
        Assert.True(await other.IsOpenAsync(user));
        Assert.False(await Keeper(sessions, time).IsOpenAsync(user));

        sessions.Down = false;
        await one.EndAsync(user);

        Assert.False(await one.IsOpenAsync(user));
        time.Advance(SessionKeeper.KnownFor);
        Assert.False(await other.IsOpenAsync(user));
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_written_once_a_minute_and_shown()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(ApiRole.Operator);
        for (var call = 0; call < 5; call++)
            await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/orders");
        Assert.Equal(0, host.Sessions.Notes);
        await Eventually.TrueAsync(() =>
        {
            host.Time.Advance(SessionAgent.Period);
            return host.Sessions.Notes > 0;
        });

        var keys = (await host.Api(ApiRole.Admin).ReadAsync("/api/v1/keys")).GetProperty("items").EnumerateArray()
            .ToDictionary(key => key.GetProperty("name").GetString()!, StringComparer.Ordinal);

        Assert.Equal(1, host.Sessions.Notes);
        Assert.Equal(JsonValueKind.String, keys["viewer-key"].GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(JsonValueKind.String, keys["operator-key"].GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, keys["admin-key"].GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(3, keys.Count);
        Assert.All(keys.Values, key => Assert.DoesNotContain("secret", key.ToString(), StringComparison.Ordinal));
    }

    private static SessionKeeper Keeper(FakeSessions sessions, FakeTimeProvider time) => new(
        sessions, new TrailKeeper(new FakeTrail(), time, NullLogger<TrailKeeper>.Instance),
        Options.Create(new ApiOptions()), time);
}
