using OrderGrains.Console;
using OrderGrains.Inventory;
using OrderGrains.Outbound;
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
            [("east-wms", "failing", 0, 0), ("old-wms", "unknown", 3, 0), ("west-wms", "open", 0, 1)],
            items.EnumerateArray().Select(item => (
                item.GetProperty("name").GetString(), item.GetProperty("breaker").GetString(),
                item.GetProperty("due").GetInt32(), item.GetProperty("parked").GetInt32())));
        Assert.Equal(16, items[0].GetProperty("callsAtOnceMax").GetInt32());
        Assert.Equal("2026-03-01T11:00:00Z", items[1].GetProperty("oldestDueAt").GetString());
        Assert.Equal("401 from the warehouse", items[2].GetProperty("blockedReason").GetString());
        Assert.Equal("2026-03-01T11:55:00Z", items[2].GetProperty("openSince").GetString());
        Assert.Equal("2026-03-01T12:00:10Z", items[2].GetProperty("nextProbeAt").GetString());
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
    public async Task The_audit_has_the_contracts_shape_and_leaves_young_reservations_alone()
    {
        await using var host = await ConsoleHost.StartAsync();
        var audit = await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/audit");
        Assert.Equal(
            """{"receipts":{"received":10,"applied":4,"duplicate":2,"stale":1,"ignored":1,"parked":1,"""
            + "\"pending\":1,\"oldestPendingSeconds\":2.5}"
            + ""","messages":{"created":8,"delivered":5,"superseded":1,"parked":1,"due":1}"""
            + ""","stock":{"oversold":0,"unbalanced":0,"orphanReservations":0,"overcommitted":0,"unowned":0,"""
            + "\"unheld\":0,\"contradicted\":0},\"balanced\":true}",
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
