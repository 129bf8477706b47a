using System.Text.Json.Nodes;
using OrderGrains.Connectors;
using OrderGrains.Console;
using OrderGrains.Inventory;
using OrderGrains.Outbound;
using OrderGrains.Tests.Tidy;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class DestinationsAndAuditApiTests
{
    [Fact]
    public async Task Destinations_are_those_configured_and_those_with_messages()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Outbox.Depths.Add(new DestinationDepth("old-wms", 3, ConsoleHost.Now.AddHours(-1), ConsoleHost.Now));
        host.Outbox.Add(Sample.Message(1, "west-wms"));
        host.Grains.Destinations["east-wms"] = new DestinationStatus(2, 3, null);
        host.Grains.Destinations["old-wms"] = null;
        host.Grains.Destinations["west-wms"] = new DestinationStatus(
            0, 9, "401 from the warehouse", ConsoleHost.Now.AddMinutes(-5), ConsoleHost.Now.AddSeconds(10));
        var items = (await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/destinations")).GetProperty("items");

        Assert.Equal(
            [("east-wms", "failing", 0, 0), ("erp", "closed", 0, 0), ("old-wms", "unknown", 3, 0),
                ("west-wms", "open", 0, 1)],
            items.EnumerateArray().Select(item => (
                item.GetProperty("name").GetString(), item.GetProperty("breaker").GetString(),
                item.GetProperty("due").GetInt32(), item.GetProperty("parked").GetInt32())));
        Assert.Equal(16, items[0].GetProperty("callsAtOnceMax").GetInt32());
        Assert.Equal("2026-03-01T11:00:00Z", items[2].GetProperty("oldestDueAt").GetString());
        Assert.Equal("401 from the warehouse", items[3].GetProperty("blockedReason").GetString());
        Assert.Equal("2026-03-01T11:55:00Z", items[3].GetProperty("openSince").GetString());
        Assert.Equal("2026-03-01T12:00:10Z", items[3].GetProperty("nextProbeAt").GetString());
    }

    [Fact]
    public async Task What_waits_for_an_open_breaker_goes_out_with_the_next_probe_and_the_page_says_since_when()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Outbox.Depths.Add(new DestinationDepth("west-wms", 500, ConsoleHost.Now.AddHours(-1), ConsoleHost.Now));
        host.Grains.Destinations["west-wms"] = new DestinationStatus(
            0, 20, "503 from the destination", ConsoleHost.Now.AddMinutes(-10), ConsoleHost.Now.AddSeconds(12));

        var items = (await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/destinations")).GetProperty("items");
        var west = items.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "west-wms");
        Assert.Equal("2026-03-01T12:00:12Z", west.GetProperty("nextAttemptAt").GetString());

        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        var page = await browser.TextAsync("/destinations");
        Assert.Contains("503 from the destination", page, StringComparison.Ordinal);
        Assert.Contains("10 min ago", page, StringComparison.Ordinal);
        Assert.Contains("in 12 s", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_pauses_and_resumes_a_destination_and_says_why()
    {
        await using var host = await ConsoleHost.StartAsync();
        var api = host.Api(ApiRole.Operator);
        Assert.Equal(400, await StatusAsync(api, "/api/v1/destinations/east-wms/pause", "{}"));
        Assert.Equal(404, await StatusAsync(api, "/api/v1/destinations/none/pause", """{"reason":"they count"}"""));
        Assert.Equal(403, await StatusAsync(
            host.Api(ApiRole.Viewer), "/api/v1/destinations/east-wms/pause", """{"reason":"they count"}"""));
        Assert.Equal(200, await StatusAsync(api, "/api/v1/destinations/east-wms/pause", """{"reason":"they count"}"""));

        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        var page = await browser.TextAsync("/destinations");
        Assert.Contains("they count", page, StringComparison.Ordinal);
        Assert.Contains("operator-key", page, StringComparison.Ordinal);

        Assert.Equal(200, await StatusAsync(api, "/api/v1/destinations/east-wms/resume", ""));
        Assert.DoesNotContain("they count", await browser.TextAsync("/destinations"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_is_sent_at_once_and_its_answer_shown()
    {
        await using var host = await ConsoleHost.StartAsync();
        var api = host.Api(ApiRole.Operator);
        var took = await api.PostAsync(
            new Uri("/api/v1/subscribers/erp/test", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal("""{"outcome":"delivered"}""", await took.Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken));
        Assert.Equal("subscriber.test", Assert.Single(host.Erp.Taken).Type);

        host.Erp.Answer(new SendResult.Unauthorized("401 wrong signature"));
        var not = await api.PostAsync(
            new Uri("/api/v1/subscribers/erp/test", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal("""{"outcome":"unauthorized","detail":"401 wrong signature"}""",
            await not.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(404, await StatusAsync(api, "/api/v1/subscribers/east-wms/test", ""));
    }

    [Fact]
    public async Task Every_event_has_a_schema_and_an_example()
    {
        Assert.NotEmpty(EventCatalog.All);
        await using var host = await ConsoleHost.StartAsync();
        var items = (await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/events")).GetProperty("items");
        Assert.Equal(
            EventTypes.All.Append(EventTypes.Test).Order(StringComparer.Ordinal),
            items.EnumerateArray().Select(item => item.GetProperty("type").GetString()!).Order(StringComparer.Ordinal));
        var shipped = items.EnumerateArray().Single(item => item.GetProperty("type").GetString() == "order.shipped");
        Assert.Equal(
            "object", shipped.GetProperty("schema").GetProperty("properties").GetProperty("data").GetProperty("type")
                .GetString());
        Assert.Equal(
            "DHL", shipped.GetProperty("example").GetProperty("data").GetProperty("shipment").GetProperty("carrier")
                .GetString());
    }

    [Fact]
    public async Task The_documents_catalogue_is_the_one_that_is_served()
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Root, "docs", "events.md"), TestContext.Current.CancellationToken);
        var catalogue = text[text.IndexOf("## The catalogue", StringComparison.Ordinal)..];
        Assert.Equal(
            EventCatalog.All.Select(one => $"### {one.Type}"),
            catalogue.Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal)),
            StringComparer.Ordinal);
        foreach (var one in EventCatalog.All)
        {
            var from = catalogue.IndexOf($"### {one.Type}\n", StringComparison.Ordinal);
            var begin = catalogue.IndexOf("```json\n", from, StringComparison.Ordinal) + "```json\n".Length;
            var end = catalogue.IndexOf("```", begin, StringComparison.Ordinal);
            Assert.True(JsonNode.DeepEquals(one.Example, JsonNode.Parse(catalogue[begin..end])), one.Type);
            Assert.Contains(one.Meaning, catalogue[from..begin].Replace('\n', ' '), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_reference_within_a_schema_leads_somewhere()
    {
        foreach (var one in EventCatalog.All)
            Follow(one.Schema, one.Schema);

        static void Follow(JsonNode root, JsonNode? node)
        {
            if (node is JsonObject known)
            {
                if (known["$ref"]?.GetValue<string>() is { } to)
                    Assert.NotNull(to[2..].Split('/').Aggregate((JsonNode?)root, (at, step) => at?[step]));
                foreach (var (_, child) in known)
                    Follow(root, child);
            }
        }
    }

    private static async Task<int> StatusAsync(HttpClient api, string path, string body)
    {
        using var content = body.Length == 0 ? null
            : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await api.PostAsync(
            new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    [Fact]
    public async Task The_audit_has_the_contracts_shape_and_leaves_young_reservations_alone()
    {
        await using var host = await ConsoleHost.StartAsync();
        var audit = await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/audit");
        Assert.Equal(
            """{"receipts":{"received":10,"applied":4,"duplicate":2,"stale":1,"ignored":1,"parked":1,"""
            + "\"pending\":1,\"oldestPendingSeconds\":2.5}"
            + ""","messages":{"created":8,"delivered":5,"superseded":1,"parked":1,"due":1}"""
            + ""","stock":{"oversold":0,"unbalanced":0,"orphanReservations":0,"overcommitted":0,"unowned":0,"""
            + "\"unheld\":0,\"contradicted\":0},\"stockCountedAt\":\"2026-03-01T12:00:00Z\",\"balanced\":true}",
            audit.GetRawText());
        Assert.Equal(ConsoleHost.Now.AddMinutes(-1), host.Stock.AuditedBefore);
    }

    [Theory]
    [InlineData(1, 0, -1)]
    [InlineData(0, 1, -1)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 0, 2)]
    [InlineData(0, 0, 3)]
    [InlineData(0, 0, 4)]
    [InlineData(0, 0, 5)]
    [InlineData(0, 0, 6)]
    public async Task One_unit_amiss_is_not_balanced(int receipts, int messages, int ofStock)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Audit = host.Inbox.Audit with { Received = 10 + receipts };
        host.Outbox.Audit = host.Outbox.Audit with { Created = 8 + messages };
        long Amiss(int count) => count == ofStock ? 1 : 0;
        host.Stock.Audit = new StockAudit(Amiss(0), Amiss(1), Amiss(2), Amiss(3), Amiss(4), Amiss(5), Amiss(6));
        var audit = await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/audit");
        Assert.False(audit.GetProperty("balanced").GetBoolean());
    }
}
