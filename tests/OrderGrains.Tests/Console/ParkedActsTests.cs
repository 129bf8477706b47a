using System.Net;
using OrderGrains.Console;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class ParkedActsTests
{
    [Fact]
    public async Task A_resumed_receipt_is_pending_and_wakes_the_pump()
    {
        await using var host = await ConsoleHost.StartAsync();
        var id = host.Inbox.Add(Sample.Receipt(1));
        using var answer = await host.Api(ApiRole.Operator).SendAsync("POST", $"/api/v1/parked/{id}/resume");
        Assert.Equal("""{"count":1,"more":false}""", (await answer.ReadAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(ReceiptOutcome.Pending, host.Inbox.Rows[id].Outcome);
        Assert.Equal(1, host.Inbox.Wakes);
        using var again = await host.Api(ApiRole.Operator).SendAsync("POST", $"/api/v1/parked/{id}/resume");
        await again.ProblemAsync(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task A_resumed_message_nudges_its_destination()
    {
        await using var host = await ConsoleHost.StartAsync();
        var id = host.Outbox.Add(Sample.Message(1));
        using var answer = await host.Api(ApiRole.Operator)
            .SendAsync("POST", $"/api/v1/parked/{id}/resume", new { reason = "mended" });
        await answer.ReadAsync(HttpStatusCode.OK);
        Assert.Empty(host.Outbox.Parked);
        Assert.Equal(["east-wms"], host.Grains.Nudged);
        Assert.Equal(0, host.Inbox.Wakes);
    }

    [Fact]
    public async Task A_discard_keeps_who_and_why()
    {
        await using var host = await ConsoleHost.StartAsync();
        var receipt = host.Inbox.Add(Sample.Receipt(1));
        var message = host.Outbox.Add(Sample.Message(1));
        using var client = host.Api(ApiRole.Operator);
        foreach (var id in new[] { receipt, message })
        {
            using var answer = await client.SendAsync(
                "POST", $"/api/v1/parked/{id}/discard", new { reason = "a test order" });
            await answer.ReadAsync(HttpStatusCode.OK);
        }

        Assert.Equal(ReceiptOutcome.Ignored, host.Inbox.Rows[receipt].Outcome);
        Assert.Equal("Discarded by operator-key: a test order", host.Inbox.Rows[receipt].Reason);
        Assert.Equal(ConsoleHost.Now, host.Inbox.Rows[receipt].SettledAt);
        Assert.Equal((message, "operator-key", "a test order"), Assert.Single(host.Outbox.Discarded));
        Assert.Equal((message, "operator-key"), (host.Grains.Discarded[0].MessageId, host.Grains.Discarded[0].Actor));
    }

    [Theory]
    [InlineData("discard", null)]
    [InlineData("discard", " ")]
    public async Task A_discard_needs_a_reason(string act, string? reason)
    {
        await using var host = await ConsoleHost.StartAsync();
        var id = host.Inbox.Add(Sample.Receipt(1));
        using var client = host.Api(ApiRole.Operator);
        using var one = await client.SendAsync("POST", $"/api/v1/parked/{id}/{act}", new { reason });
        Assert.Equal("reason: must be given.", await one.ProblemAsync(HttpStatusCode.BadRequest, "invalid"));
        using var many = await client.SendAsync("POST", $"/api/v1/parked/{act}", new { filter = new { }, reason });
        Assert.Equal("reason: must be given.", await many.ProblemAsync(HttpStatusCode.BadRequest, "invalid"));
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("discard")]
    public async Task A_forgotten_filter_is_not_everything(string act)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Add(Sample.Receipt(1));
        using var answer = await host.Api(ApiRole.Operator)
            .SendAsync("POST", $"/api/v1/parked/{act}", new { reason = "x" });
        var detail = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        Assert.StartsWith("filter: must be given", detail, StringComparison.Ordinal);
        Assert.Single(host.Inbox.Rows.Values, row => row.Outcome == ReceiptOutcome.Parked);
    }

    [Fact]
    public async Task Many_are_resumed_by_filter_and_each_destination_is_nudged_once_a_batch()
    {
        await using var host = await ConsoleHost.StartAsync();
        foreach (var minutesAgo in Enumerable.Range(1, 30))
            host.Outbox.Add(Sample.Message(minutesAgo));
        host.Outbox.Add(Sample.Message(1, "west-wms"));
        host.Inbox.Add(Sample.Receipt(1));
        using var answer = await host.Api(ApiRole.Operator).SendAsync(
            "POST", "/api/v1/parked/resume", new { filter = new { destination = "east-wms" } });
        Assert.Equal("""{"count":30,"more":false}""", (await answer.ReadAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(["east-wms"], host.Grains.Nudged);
        Assert.Single(host.Outbox.Parked);
        Assert.Equal(0, host.Inbox.Wakes);
    }

    [Fact]
    public async Task A_group_is_resumed_at_a_rate()
    {
        await using var host = await ConsoleHost.StartAsync();
        foreach (var minutesAgo in Enumerable.Range(1, 1_500))
            host.Outbox.Add(Sample.Message(minutesAgo));
        using var client = host.Api(ApiRole.Operator);
        using var wrong = await client.SendAsync(
            "POST", "/api/v1/parked/resume", new { filter = new { destination = "east-wms" }, perSecond = 0 });
        Assert.StartsWith(
            "perSecond: must be a number from 0.01", await wrong.ProblemAsync(HttpStatusCode.BadRequest, "invalid"),
            StringComparison.Ordinal);

        using var answer = await client.SendAsync(
            "POST", "/api/v1/parked/resume", new { filter = new { destination = "east-wms" }, perSecond = 4 });
        Assert.Equal("""{"count":1500,"more":false}""", (await answer.ReadAsync(HttpStatusCode.OK)).GetRawText());
        // The second thousand goes on where the first ends.
        Assert.Equal((4.0, ConsoleHost.Now.AddSeconds(250)), host.Outbox.Resumption);
    }

    [Fact]
    public async Task One_call_is_bounded_and_says_that_there_is_more()
    {
        await using var host = await ConsoleHost.StartAsync();
        foreach (var minutesAgo in Enumerable.Range(1, ParkedDesk.PerCallMax))
            host.Inbox.Add(Sample.Receipt(minutesAgo));
        foreach (var minutesAgo in Enumerable.Range(1, 5))
            host.Outbox.Add(Sample.Message(minutesAgo));
        using var client = host.Api(ApiRole.Operator);
        var body = new { filter = new { }, reason = "spring clean" };
        using var first = await client.SendAsync("POST", "/api/v1/parked/discard", body);
        Assert.Equal("""{"count":1000,"more":true}""", (await first.ReadAsync(HttpStatusCode.OK)).GetRawText());
        using var second = await client.SendAsync("POST", "/api/v1/parked/discard", body);
        Assert.Equal("""{"count":5,"more":false}""", (await second.ReadAsync(HttpStatusCode.OK)).GetRawText());
    }
}
