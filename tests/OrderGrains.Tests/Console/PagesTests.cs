using System.Net;
using System.Text;
using OrderGrains.Console;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class PagesTests
{
    private const string OrderPath = "/orders/acme/5123456789012";
    private const string Hostile = "<script>alert(1)</script>";
    private const string Encoded = "&lt;script&gt;alert(1)&lt;/script&gt;";

    [Theory]
    [InlineData("/login", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/nothing-here", HttpStatusCode.NotFound)]
    [InlineData("/orders/acme/unknown", HttpStatusCode.NotFound)]
    public async Task Every_page_comes_with_strict_headers(string path, HttpStatusCode status)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        using var answer = await browser.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
        Assert.StartsWith("default-src 'self';", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Contains("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("console.css", "text/css")]
    [InlineData("console.js", "text/javascript")]
    [InlineData("icon.svg", "image/svg+xml")]
    public async Task Style_and_script_are_on_board(string name, string contentType)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Browse().GetAsync($"/console/{name}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(contentType, answer.Content.Headers.ContentType?.MediaType);
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        Assert.Contains($"/console/{name}?v=", await browser.TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_is_shown_as_text()
    {
        await using var host = await ConsoleHost.StartAsync();
        var order = Sample.Order(number: Hostile);
        host.Orders.Add(
            order with
            {
                HoldReason = new HoldReason(HeldBy.Warehouse, Hostile, Hostile),
                Status = OrderStatus.OnHold,
                Storefront = order.Storefront! with
                {
                    Lines = [new SnapshotLine { LineId = "1", Sku = Hostile, Quantity = 1 }],
                },
                Shipments =
                [
                    new Shipment
                    {
                        ShipmentId = Hostile, Reference = Hostile, Carrier = Hostile, TrackingNumber = Hostile,
                        TrackingUrl = "javascript:alert(1)", Lines = [], ShippedAt = ConsoleHost.Now,
                    },
                ],
            },
            Sample.Entry(TimelineKind.OrderOnHold, Hostile, actor: Hostile) with { Said = Hostile });
        host.Stock.Add(Hostile, Hostile, 1, 0, 0, null);
        host.Inbox.Add(Sample.Receipt(1, reason: Hostile, source: Hostile) with { Topic = Hostile });
        host.Outbox.Add(Sample.Message(1, Hostile, Hostile));
        using var browser = await host.SignedInAsync(ApiRole.Operator);
        var search = $"/?q={Uri.EscapeDataString(Hostile)}";
        foreach (var path in new[] { "/", OrderPath, "/stock", "/parked", "/receipts", "/destinations", search })
        {
            var page = await browser.TextAsync(path);
            Assert.DoesNotContain(Hostile, page, StringComparison.Ordinal);
            Assert.Contains(Encoded, page, StringComparison.Ordinal);
            Assert.DoesNotContain("javascript:", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_viewer_reads_no_personal_data_and_is_offered_no_act()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order(), Sample.Entry(TimelineKind.OrderAllocated, "3 units at east."));
        var receipt = host.Inbox.Add(Sample.Receipt(1), Encoding.UTF8.GetBytes("Ada Lovelace"));
        using var viewer = await host.SignedInAsync(ApiRole.Viewer);
        foreach (var path in new[] { OrderPath, $"/receipts/{receipt}", "/parked" })
        {
            var page = await viewer.TextAsync(path);
            Assert.DoesNotContain("Lovelace", page, StringComparison.Ordinal);
            Assert.DoesNotContain("popovertarget", page, StringComparison.Ordinal);
        }

        using var operates = await host.SignedInAsync(ApiRole.Operator);
        Assert.Contains("Ada Lovelace", await operates.TextAsync(OrderPath), StringComparison.Ordinal);
        Assert.Contains("Ada Lovelace", await operates.TextAsync($"/receipts/{receipt}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewers_post_is_refused()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        using var viewer = await host.SignedInAsync(ApiRole.Viewer);
        using var answer = await viewer.PostAsync(OrderPath, [("act", "cancel")], formPath: "/");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Not with this key", page, StringComparison.Ordinal);
        Assert.Empty(host.Grains.Acts);
    }

    [Fact]
    public async Task An_operator_acts_from_the_pages_and_reads_what_came_of_it()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        host.Stock.Add("east", "MUG", 9, 4, 0, null);
        var parked = host.Inbox.Add(Sample.Receipt(1));
        using var browser = await host.SignedInAsync(ApiRole.Operator);
        await ActAsync(browser, OrderPath, OrderPath, "The order is on hold.", ("act", "hold"));
        await ActAsync(
            browser, $"{OrderPath}?handler=TakeBack", OrderPath, "The shop is asked to take the parcel back.",
            ("reference", "r-1"), ("shipmentId", "S1"));
        Assert.Equal("r-1/S1", Assert.Single(host.Grains.TakenBack).Parcel);
        await ActAsync(
            browser, "/stock", "/stock", "Not set: 3 on hand is below the 4 reserved",
            ("location", "east"), ("sku", "MUG"), ("onHand", "3"));
        await ActAsync(
            browser, "/stock", "/stock", "MUG at east is set to 7.",
            ("location", "east"), ("sku", "MUG"), ("onHand", "7"));
        await ActAsync(
            browser, "/parked?handler=Discard", "/parked", "Discarded.", ("id", $"{parked}"), ("why", "a test"));
        await ActAsync(browser, "/parked?handler=Resume", "/parked", "someone else was faster", ("id", $"{parked}"));
        host.Outbox.Add(Sample.Message(1));
        await ActAsync(
            browser, "/parked?handler=ResumeGroup", "/parked", "Resumed 1.",
            ("kind", "message"), ("destination", "east-wms"), ("reason", "422: unknown SKU"));
        Assert.Equal("Discarded by operator-key: a test", host.Inbox.Rows[parked].Reason);
        Assert.Empty(host.Outbox.Parked);
    }

    [Fact]
    public async Task A_silent_database_is_told_in_words()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Down = true;
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        using var answer = await browser.GetAsync("/receipts");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("The database does not answer", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
    }

    private static async Task ActAsync(
        Browser browser, string path, string shownAt, string expected, params IEnumerable<(string, string)> fields)
    {
        using var answer = await browser.PostAsync(path, fields, formPath: "/");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(shownAt, answer.Headers.Location?.ToString());
        Assert.Contains(expected, await browser.TextAsync(shownAt), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        Assert.Single(answer.Headers.GetValues(name));
}
