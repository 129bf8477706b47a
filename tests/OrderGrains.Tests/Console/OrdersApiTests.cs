using System.Net;
using System.Text.Json.Nodes;
using OrderGrains.Console;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class OrdersApiTests
{
    private const string Path = "/api/v1/orders/acme/5123456789012";

    [Fact]
    public async Task An_operator_sees_the_whole_order()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(
            Sample.Order(),
            Sample.Entry(TimelineKind.OrderReceived, "Received from acme."),
            Sample.Entry(TimelineKind.OrderAllocated, "3 units at east.", 4, "ops"));
        var order = await host.Api(ApiRole.Operator).ReadAsync(Path);

        Assert.Equal("acme", order.GetProperty("source").GetString());
        Assert.Equal("5123456789012", order.GetProperty("orderId").GetString());
        Assert.Equal("allocated", order.GetProperty("status").GetString());
        Assert.Equal("2026-03-01T11:49:00Z", order.GetProperty("placedAt").GetString());
        var line = order.GetProperty("lines")[0];
        Assert.Equal(
            """{"lineId":"1","sku":"MUG-BLUE","quantity":3,"location":"east","reserved":3,"waiting":0,"""
            + "\"shipped\":0,\"cancelled\":0,\"elsewhere\":0,\"excess\":0,\"notSent\":false}",
            line.GetRawText());
        Assert.Equal("Ada Lovelace", order.GetProperty("shipTo").GetProperty("name").GetString());
        var timeline = order.GetProperty("timeline");
        Assert.Equal("order.received", timeline[0].GetProperty("kind").GetString());
        Assert.False(timeline[0].TryGetProperty("actor", out _));
        Assert.Equal("ops", timeline[1].GetProperty("actor").GetString());
    }

    [Fact]
    public async Task A_viewer_sees_nobody()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        var order = await host.Api(ApiRole.Viewer).ReadAsync(Path);
        var text = order.GetRawText();
        foreach (var secret in new[] { "Lovelace", "Engines", "St James", "4JH", "7946", "ada@" })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        var shipTo = order.GetProperty("shipTo");
        Assert.Equal("A…", shipTo.GetProperty("name").GetString());
        Assert.Equal("SW…", shipTo.GetProperty("postalCode").GetString());
        Assert.Equal("London", shipTo.GetProperty("city").GetString());
    }

    [Fact]
    public async Task A_viewer_does_not_see_what_another_system_said()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(
            Sample.Order() with
            {
                HoldReason = new HoldReason(
                    HeldBy.Warehouse, "east-wms refused acme-1-1", "Ada Lovelace is unknown"),
            },
            [
                .. new[] { TimelineKind.ReceiptApplied, TimelineKind.AttemptFailed, TimelineKind.OperatorResume }
                    .Select(kind => new TimelineEntry(ConsoleHost.Now, kind, "said", Said: "Ada Lovelace is unknown")),
            ]);
        host.Outbox.Add(Sample.Message(1));

        Assert.DoesNotContain("Lovelace", (await host.Api(ApiRole.Viewer).ReadAsync(Path)).GetRawText(),
            StringComparison.Ordinal);
        Assert.Contains("unknown", (await host.Api(ApiRole.Operator).ReadAsync(Path)).GetRawText(),
            StringComparison.Ordinal);
        var parked = (await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/parked")).GetProperty("items")[0];
        Assert.False(parked.TryGetProperty("lastAnswer", out _));
    }

    [Theory]
    [InlineData("status=lost", "status")]
    [InlineData("status=1", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=2026-03-01T00:00:00", "since")]
    [InlineData("cursor=not-a-cursor", "cursor")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Api(ApiRole.Viewer).SendAsync("GET", $"/api/v1/orders?{query}");
        var detail = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        Assert.StartsWith($"{field}: must be", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_is_named_at_once()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Api(ApiRole.Viewer).SendAsync("GET", "/api/v1/orders?status=lost&limit=0");
        var errors = (await answer.ReadAsync(HttpStatusCode.BadRequest)).GetProperty("errors");
        Assert.Equal(2, errors.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("status=partiallyShipped", 1)]
    [InlineData("source=shop", 1)]
    [InlineData("q=%231001", 1)]
    [InlineData("since=2026-03-01T13:30:00%2B01:00", 0)]
    [InlineData("since=2026-03-01T12:40:00+01:00", 3)]
    public async Task Filters_find(string query, int count)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        host.Orders.Add(Sample.Order(new OrderKey("acme", "2"), OrderStatus.PartiallyShipped, "#1002"));
        host.Orders.Add(Sample.Order(new OrderKey("shop", "3"), number: "#1003"));
        var page = await host.Api(ApiRole.Viewer).ReadAsync($"/api/v1/orders?{query}");
        Assert.Equal(count, page.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        await using var host = await ConsoleHost.StartAsync();
        foreach (var id in Enumerable.Range(1, 5))
            host.Orders.Add(Sample.Order(new OrderKey("acme", $"{id}")));
        using var client = host.Api(ApiRole.Viewer);
        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await client.ReadAsync($"/api/v1/orders?limit=2&cursor={Uri.EscapeDataString(cursor ?? "")}");
            seen.AddRange(
                page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("orderId").GetString()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(["5", "4", "3", "2", "1"], seen);
    }

    [Theory]
    [InlineData("hold", "onHold", OrderAct.Hold)]
    [InlineData("resume", "allocated", OrderAct.Resume)]
    [InlineData("cancel", "cancelled", OrderAct.Cancel)]
    public async Task An_act_answers_the_order_and_says_who(string act, string status, OrderAct expected)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        using var answer = await host.Api(ApiRole.Operator).SendAsync("POST", $"{Path}/{act}");
        Assert.Equal(status, (await answer.ReadAsync(HttpStatusCode.OK)).GetProperty("status").GetString());
        Assert.Equal(("acme/5123456789012", expected, "operator-key"), Assert.Single(host.Grains.Acts));
    }

    [Fact]
    public async Task A_hold_says_why()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());

        using var answer = await host.Api(ApiRole.Operator).SendAsync(
            "POST", $"{Path}/hold", new JsonObject { ["reason"] = "buyer rang: wait" });

        var held = await answer.ReadAsync(HttpStatusCode.OK);
        Assert.Equal("By operator-key: buyer rang: wait", held.GetProperty("holdReason").GetString());
    }

    [Fact]
    public async Task A_forbidden_act_says_why()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        host.Grains.Refusal = "Shipped orders cannot be cancelled.";
        using var answer = await host.Api(ApiRole.Operator).SendAsync("POST", $"{Path}/cancel");
        Assert.Equal(host.Grains.Refusal, await answer.ProblemAsync(HttpStatusCode.Conflict, "actRefused"));
    }

    [Fact]
    public async Task A_parcel_is_taken_back_by_its_name()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order());
        var api = host.Api(ApiRole.Operator);
        using var taken = await api.SendAsync("POST", $"{Path}/takeBack", new { reference = "r-1", shipmentId = "S1" });
        await taken.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(("acme/5123456789012", "r-1/S1", "operator-key"), Assert.Single(host.Grains.TakenBack));

        using var half = await api.SendAsync("POST", $"{Path}/takeBack", new { reference = "r-1" });
        await half.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        host.Grains.Refusal = "the storefront is not known to have parcel r-1/S1";
        using var no = await api.SendAsync("POST", $"{Path}/takeBack", new { reference = "r-1", shipmentId = "S1" });
        Assert.Equal(host.Grains.Refusal, await no.ProblemAsync(HttpStatusCode.Conflict, "actRefused"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/hold")]
    public async Task An_unknown_order_is_not_found(string method, string act)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Api(ApiRole.Operator).SendAsync(method, $"{Path}{act}");
        await answer.ProblemAsync(HttpStatusCode.NotFound, "notFound");
    }

    [Theory]
    [InlineData("114-3941689 8772232")]
    [InlineData("50%25 off & more?")]
    [InlineData("größe#1")]
    public async Task An_id_may_hold_anything_but_a_slash(string orderId)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order(new OrderKey("acme", orderId)));
        var order = await host.Api(ApiRole.Viewer).ReadAsync($"/api/v1/orders/acme/{Uri.EscapeDataString(orderId)}");
        Assert.Equal(orderId, order.GetProperty("orderId").GetString());
    }
}
