using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrderGrains.Console;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>What a person does for a buyer who asks about their data.</summary>
public sealed class BuyersTests
{
    private const string Redact = "/api/v1/sources/acme/redact";

    [Fact]
    public async Task An_admin_erases_by_orders_and_address_and_learns_what_waits_and_what_is_left()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order(status: OrderStatus.Shipped));
        host.Orders.Add(Sample.Order(new OrderKey("acme", "2")));
        Add(ReceiptOutcome.Ignored, """{"name":"Ada","order_id":2}""");
        Add(ReceiptOutcome.Stale, """{"email":"ADA\u0040example.org"}""");
        Add(ReceiptOutcome.Ignored, """{"quantity":2,"order_id":"22"}""");
        Add(ReceiptOutcome.Parked, """{"id":"gid://shopify/Order/5123456789012"}""");

        using var answer = await host.Api(ApiRole.Admin).SendAsync("POST", Redact, new JsonObject
        {
            ["orders"] = new JsonArray("2", "99"),
            ["email"] = Sample.ShipTo.Email,
        });

        var view = await answer.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(
            "1 1 1 2 1", string.Join(' ', ((string[])["redacted", "whenClosed", "unknown", "receipts", "left"])
                .Select(name => view.GetProperty(name).ToString())));
        Assert.Equal(
            ["acme/2", "acme/5123456789012", "acme/99"],
            host.Grains.Redacted.Select(one => one.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(host.Grains.Redacted, one => Assert.Equal("admin-key", one.Actor));

        using var copy = await host.Api(ApiRole.Operator).SendAsync(
            "POST", "/api/v1/sources/acme/export", new JsonObject { ["orders"] = new JsonArray("22") });
        var receipts = (await copy.ReadAsync(HttpStatusCode.OK)).GetProperty("receipts");
        Assert.Contains("quantity", Assert.Single(receipts.EnumerateArray()).ToString(), StringComparison.Ordinal);

        void Add(ReceiptOutcome outcome, string body) => host.Inbox.Add(
            Sample.Receipt(0, outcome, "so") with { OrderKey = null }, Encoding.UTF8.GetBytes(body));
    }

    [Fact]
    public async Task A_misspelt_source_is_no_success()
    {
        await using var host = await ConsoleHost.StartAsync();

        using var answer = await host.Api(ApiRole.Admin).SendAsync(
            "POST", "/api/v1/sources/acmee/redact", new JsonObject { ["email"] = Sample.ShipTo.Email });

        Assert.Equal(
            "There is no source acmee, and nothing of it is stored.",
            await answer.ProblemAsync(HttpStatusCode.NotFound, "notFound"));
    }

    [Fact]
    public async Task All_of_a_source_is_erased_in_parts()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order(new OrderKey("gone", "1"), OrderStatus.Cancelled));

        using var answer = await host.Api(ApiRole.Admin).SendAsync(
            "POST", "/api/v1/sources/gone/redact", new JsonObject { ["all"] = true });

        var view = await answer.ReadAsync(HttpStatusCode.OK);
        Assert.Equal((1, null), (view.GetProperty("redacted").GetInt32(), view.GetProperty("next").GetString()));
    }

    [Fact]
    public async Task Only_an_admin_erases_and_only_whom_the_request_names()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var refused = await host.Api(ApiRole.Operator).SendAsync(
            "POST", Redact, new JsonObject { ["orders"] = new JsonArray("1") });
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        foreach (var body in (JsonObject[])
            [
                new(), new() { ["email"] = "ada" }, new() { ["orders"] = new JsonArray("") },
                new() { ["orders"] = new JsonArray("1\u0000") }, new() { ["email"] = "a\u0000@b" },
                new() { ["all"] = true, ["email"] = "ada@example.org" }, new() { ["all"] = false },
            ])
        {
            using var wrong = await host.Api(ApiRole.Admin).SendAsync("POST", Redact, body);
            await wrong.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        }

        using var browser = await host.SignedInAsync(ApiRole.Operator);
        using var page = await browser.PostAsync(
            "/buyers?handler=Erase", [("source", "acme"), ("orders", "1")], formPath: "/buyers");
        Assert.NotEqual(HttpStatusCode.OK, page.StatusCode);
        Assert.Empty(host.Grains.Redacted);
    }

    [Fact]
    public async Task An_operator_downloads_all_that_is_held_of_the_buyer_whom_the_shops_request_names()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        var id = host.Inbox.Add(
            Sample.Receipt(0, ReceiptOutcome.Parked, "a buyer asks") with { Topic = "customers/data_request" },
            Encoding.UTF8.GetBytes("""{"orders_requested":[5123456789012,99],"customer":{"email":"x@example.org"}}"""));

        using var browser = await host.SignedInAsync(ApiRole.Operator);
        Assert.Contains(
            "Download all that is held", await browser.TextAsync($"/receipts/{id}"), StringComparison.Ordinal);
        using var file = await browser.PostAsync($"/receipts/{id}?handler=Export", [], formPath: $"/receipts/{id}");
        Assert.Equal("acme-buyer.json", file.Content.Headers.ContentDisposition?.FileName);
        var text = await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("12 St James Square", text, StringComparison.Ordinal);

        using var answer = await host.Api(ApiRole.Operator).SendAsync("POST", $"/api/v1/receipts/{id}/export");
        var export = await answer.ReadAsync(HttpStatusCode.OK);
        Assert.Equal("99", Assert.Single(export.GetProperty("unknown").EnumerateArray()).GetString());
        var other = host.Inbox.Add(Sample.Receipt(1), "{}"u8.ToArray());
        using var none = await host.Api(ApiRole.Operator).SendAsync("POST", $"/api/v1/receipts/{other}/export");
        await none.ProblemAsync(HttpStatusCode.Conflict, "actRefused");
    }

    [Fact]
    public async Task The_page_erases_for_an_admin_and_says_what_it_did()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order(status: OrderStatus.Shipped));
        using var browser = await host.SignedInAsync(ApiRole.Admin);

        using var wrong = await browser.PostAsync("/buyers?handler=Export", [("source", "acme")], formPath: "/buyers");
        Assert.Contains("whose data it is", await wrong.Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var done = await browser.PostAsync(
            "/buyers?handler=Erase", [("source", "acme"), ("orders", "5123456789012\n99")], formPath: "/buyers");
        Assert.Contains("Orders erased: 1", await browser.TextAsync("/buyers"), StringComparison.Ordinal);
    }
}
