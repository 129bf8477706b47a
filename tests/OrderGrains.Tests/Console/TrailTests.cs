using System.Net;
using System.Text.Json;
using OrderGrains.Console;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>Who acted, and who looked at personal data.</summary>
public sealed class TrailTests
{
    private const string OrderPath = "/orders/acme/5123456789012";
    private const string OrderCall = "/api/v1" + OrderPath;
    private const string Key = "acme/5123456789012";

    [Fact]
    public async Task An_act_is_in_the_trail_with_how_it_ended()
    {
        await using var host = await StartAsync();
        (await host.Api(ApiRole.Operator).SendAsync("POST", OrderCall + "/hold")).Dispose();
        host.Grains.Refusal = "It has shipped.";
        (await host.Api(ApiRole.Admin).SendAsync("POST", OrderCall + "/cancel")).Dispose();
        (await host.Api(ApiRole.Viewer).SendAsync("POST", OrderCall + "/resume")).Dispose();
        (await host.Api(null).SendAsync("POST", OrderCall + "/hold")).Dispose();

        Assert.Equal(
            [
                $"holdOrder {Key} operator-key Operator key Done", $"lookOrder {Key} operator-key Operator key Done",
                $"cancelOrder {Key} admin-key Admin key Refused", $"resumeOrder {Key} viewer-key Viewer key Refused",
            ],
            host.Trail.Said, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Acts_on_pages_and_sessions_are_in_the_trail()
    {
        await using var host = await StartAsync();
        var parked = host.Inbox.Add(Sample.Receipt(1));
        using (var browser = await host.SignedInAsync(ApiRole.Operator))
        {
            (await browser.PostAsync(OrderPath, [("act", "hold")])).Dispose();
            host.Grains.Refusal = "It has shipped.";
            (await browser.PostAsync(OrderPath, [("act", "cancel")])).Dispose();
            (await browser.PostAsync("/parked?handler=Resume", [("id", $"{parked}")], "/parked")).Dispose();
            (await browser.PostAsync(
                "/buyers?handler=Export", [("source", "ada@example.org"), ("email", "ada@example.org")], "/buyers"))
                .Dispose();
            (await browser.PostAsync("/login?handler=SignOut", [], "/")).Dispose();
        }

        const string who = "operator-key Operator session";
        Assert.Equal(
            [
                $"lookOrder {Key} {who} Done", $"holdOrder {Key} {who} Done",
                $"cancelOrder {Key} {who} Refused", $"resumeParked {parked} {who} Done", $"exportBuyers - {who} Done",
                $"signOutLogin - {who} Done",
            ],
            host.Trail.Said.Skip(1), StringComparer.Ordinal);
        var (signIn, id) = (host.Trail.Entries[0], host.Trail.Entries[0].Subject);
        Assert.Equal(("signIn", "operator-key"), (signIn.Act, signIn.Actor));
        Assert.True(Guid.TryParse(id, out _));
    }

    [Fact]
    public async Task A_look_without_the_mask_is_in_the_trail_once_an_hour_and_one_with_it_is_not()
    {
        await using var host = await StartAsync();
        var id = host.Inbox.Add(Sample.Receipt(1), "{}"u8.ToArray());
        host.Outbox.Add(Sample.Message(3));
        foreach (var role in (ApiRole[])[ApiRole.Viewer, ApiRole.Operator, ApiRole.Operator])
        {
            foreach (var path in (string[])[OrderCall, $"/api/v1/receipts/{id}", "/api/v1/parked", "/api/v1/orders"])
                await host.Api(role).ReadAsync(path);
        }

        string[] looks =
        [
            $"lookOrder {Key} operator-key Operator key Done", $"lookReceipt {id} operator-key Operator key Done",
            "lookParked - operator-key Operator key Done",
        ];
        Assert.Equal(looks, host.Trail.Said, StringComparer.Ordinal);

        host.Time.Advance(TimeSpan.FromHours(1));
        await host.Api(ApiRole.Operator).ReadAsync(OrderCall);
        Assert.Equal([.. looks, looks[0]], host.Trail.Said, StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_is_neither_done_nor_shown()
    {
        await using var host = await StartAsync();
        var id = host.Inbox.Add(Sample.Receipt(1), "{\"name\":\"Lovelace\"}"u8.ToArray());
        host.Trail.Down = true;
        foreach (var (method, path) in ((string, string)[])
            [("GET", OrderCall), ("GET", $"/api/v1/receipts/{id}"), ("POST", OrderCall + "/hold")])
        {
            using var answer = await host.Api(ApiRole.Admin).SendAsync(method, path);
            await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storageUnavailable");
        }

        Assert.Empty(host.Grains.Acts);
        await host.Api(ApiRole.Viewer).ReadAsync(OrderCall);
    }

    [Fact]
    public async Task An_admin_reads_filters_and_exports_it()
    {
        await using var host = await StartAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            (await host.Api(ApiRole.Operator).SendAsync("POST", $"/api/v1/orders/acme/{minute}/hold")).Dispose();
            host.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var admin = host.Api(ApiRole.Admin);
        var page = await admin.ReadAsync("/api/v1/trail?limit=2");
        Assert.Equal(
            ["acme/2", "acme/1"], Subjects(page.GetProperty("items").EnumerateArray()), StringComparer.Ordinal);
        var rest = await admin.ReadAsync($"/api/v1/trail?cursor={page.GetProperty("nextCursor").GetString()}");
        Assert.Equal(["acme/0"], Subjects(rest.GetProperty("items").EnumerateArray()), StringComparer.Ordinal);
        var one = await admin.ReadAsync(
            "/api/v1/trail?actor=operator-key&since=2026-03-01T12:01:00Z&until=2026-03-01T12:02:00Z");
        Assert.Equal(["acme/1"], Subjects(one.GetProperty("items").EnumerateArray()), StringComparer.Ordinal);

        var lines = await admin.GetStringAsync("/api/v1/trail/export", TestContext.Current.CancellationToken);
        Assert.Equal(["acme/2", "acme/1", "acme/0"], Subjects(
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))),
            StringComparer.Ordinal);
        using var wrong = await admin.SendAsync("GET", "/api/v1/trail/export?until=yesterday");
        await wrong.ProblemAsync(HttpStatusCode.BadRequest, "invalid");

        using var browser = await host.SignedInAsync(ApiRole.Admin);
        var shown = await browser.TextAsync("/trail?subject=acme%2F1");
        Assert.Contains("acme/1", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("acme/2", shown, StringComparison.Ordinal);
        Assert.Contains("until must be", await browser.TextAsync("/trail?until=x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_old_goes()
    {
        await using var host = await StartAsync();
        (await host.Api(ApiRole.Operator).SendAsync("POST", OrderCall + "/hold")).Dispose();
        host.Time.Advance(TimeSpan.FromDays(399));
        Assert.NotEmpty(host.Trail.Entries);
        host.Time.Advance(TimeSpan.FromDays(2));
        await Eventually.TrueAsync(() => host.Trail.Entries.Count == 0);
    }

    private static async Task<ConsoleHost> StartAsync()
    {
        var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        return host;
    }

    private static IEnumerable<string> Subjects(IEnumerable<JsonElement> entries) =>
        entries.Select(entry => entry.GetProperty("subject").GetString()!);
}
