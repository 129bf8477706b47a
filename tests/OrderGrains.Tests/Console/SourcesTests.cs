using System.Net;
using System.Text.Json.Nodes;
using OrderGrains.Connectors;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>What is seen of a source, and what it would make of a body.</summary>
public sealed class SourcesTests
{
    [Fact]
    public async Task A_source_shows_when_it_was_heard_what_was_turned_away_and_what_became_of_the_rest()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Add(Sample.Receipt(180, ReceiptOutcome.Ignored, "it is a test order"));
        host.Inbox.Add(Sample.Receipt(120, reason: "lines is missing"));
        host.Inbox.Add(Sample.Receipt(0, source: "other"));
        host.Inbox.Add(Sample.Receipt(1, ReceiptOutcome.Ignored, TestCall.Reason));
        host.Grains.Front = new FrontNews(
            [
                new TurnedAway(
                    "acme", 401, "X-Shopify-Hmac-Sha256 matches no live secret", 7, ConsoleHost.Now, "192.0.2.7"),
            ],
            [
                new SenderClock("acme", true, TimeSpan.FromSeconds(-90), ConsoleHost.Now),
                new SenderClock("acme", false, TimeSpan.FromHours(2), ConsoleHost.Now),
            ]);

        var items = (await host.Api(ApiRole.Operator).ReadAsync("/api/v1/sources")).GetProperty("items");
        var acme = Assert.Single(items.EnumerateArray());
        Assert.Equal(
            "acme Shopify True", $"{acme.GetProperty("name")} {acme.GetProperty("kind")} {acme.GetProperty("posts")}");
        Assert.Equal("2026-03-01T10:00:00Z", acme.GetProperty("lastReceivedAt").GetString());
        Assert.True(acme.GetProperty("silent").GetBoolean());
        var refused = Assert.Single(acme.GetProperty("turnedAway").EnumerateArray());
        Assert.Equal("7 192.0.2.7", $"{refused.GetProperty("count")} {refused.GetProperty("lastAddress")}");
        Assert.Equal(
            ["orders/create parked 1 lines is missing", "orders/create ignored 1 it is a test order"],
            acme.GetProperty("seen").EnumerateArray().Select(seen => $"{seen.GetProperty("topic")} "
                + $"{seen.GetProperty("outcome")} {seen.GetProperty("count")} {seen.GetProperty("reason")}"),
            StringComparer.Ordinal);
        Assert.Equal("-00:01:30", acme.GetProperty("clock").GetProperty("ahead").GetString());
        Assert.Equal("02:00:00", acme.GetProperty("clockTurnedAway").GetProperty("ahead").GetString());

        var viewed = (await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/sources")).GetProperty("items")[0];
        Assert.Null(viewed.GetProperty("turnedAway")[0].GetProperty("lastAddress").GetString());
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        var page = await browser.TextAsync("/sources");
        Assert.Contains("matches no live secret", page, StringComparison.Ordinal);
        Assert.Contains("lines is missing", page, StringComparison.Ordinal);
        Assert.Contains("1 min behind ours", page, StringComparison.Ordinal);
        Assert.Contains("2 h ahead of ours", page, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.7", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Try a body", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silence_that_is_longer_than_any_before_is_told()
    {
        await using var host = await ConsoleHost.StartAsync();
        for (var i = 0; i < 19; i++)
            host.Inbox.Add(Sample.Receipt(20 + 5 * i));
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        Assert.DoesNotContain("the longest pause", await browser.TextAsync("/sources"), StringComparison.Ordinal);

        host.Inbox.Add(Sample.Receipt(120));
        host.Inbox.Add(Sample.Receipt(2, ReceiptOutcome.Ignored, TestCall.Reason));
        Assert.Contains(
            "Nothing has come for 20 min. Among its latest 20 the longest pause was 10 min.",
            await browser.TextAsync("/sources"), StringComparison.Ordinal);
        var acme = (await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/sources")).GetProperty("items")[0];
        Assert.Equal("00:10:00", acme.GetProperty("pauseMax").GetString());

        host.Inbox.Add(Sample.Receipt(9));
        Assert.DoesNotContain("the longest pause", await browser.TextAsync("/sources"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_sees_what_a_body_would_become_and_nothing_happens()
    {
        await using var host = await ConsoleHost.StartAsync();
        var api = host.Api(ApiRole.Operator);
        using var understood = await api.SendAsync("POST", "/api/v1/sources/acme/read", new JsonObject
        {
            ["topic"] = "orders/delete",
            ["body"] = """{"id":5123456789012}""",
        });
        var view = await understood.ReadAsync(HttpStatusCode.OK);
        Assert.Equal("understood OrderCancelled", $"{view.GetProperty("outcome")} {view.GetProperty("is")}");
        Assert.Equal(
            "5123456789012", view.GetProperty("change").GetProperty("order").GetProperty("orderId").GetString());

        using var unreadable = await api.SendAsync("POST", "/api/v1/sources/acme/read", new JsonObject
        {
            ["topic"] = "orders/create",
            ["body"] = "{}",
        });
        Assert.Equal("unreadable", (await unreadable.ReadAsync(HttpStatusCode.OK)).GetProperty("outcome").GetString());
        using var unknown = await api.SendAsync("POST", "/api/v1/sources/nobody/read", new JsonObject
        {
            ["body"] = "{}",
        });
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "notFound");
        Assert.Empty(host.Inbox.Rows);
        Assert.Empty(host.Grains.Acts);
    }

    [Fact]
    public async Task The_page_shows_what_a_pasted_body_becomes()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(ApiRole.Operator);

        using var answer = await browser.PostAsync(
            "/sources?handler=Read",
            [("name", "acme"), ("topic", "orders/delete"), ("body", """{"id":5123456789012,"x":"<script>"}""")],
            formPath: "/sources");
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("the body of orders/delete has more than an id", page, StringComparison.Ordinal);
        Assert.Contains("Nothing has happened", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>\"", page, StringComparison.Ordinal);
    }
}
