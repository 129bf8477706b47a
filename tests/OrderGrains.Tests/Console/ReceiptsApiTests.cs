using System.Net;
using System.Text;
using OrderGrains.Console;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class ReceiptsApiTests
{
    [Fact]
    public async Task A_body_is_for_operators_alone()
    {
        await using var host = await ConsoleHost.StartAsync();
        var id = host.Inbox.Add(Sample.Receipt(1), Encoding.UTF8.GetBytes("""{"name":"Ada Lovelace"}"""));
        var viewed = await host.Api(ApiRole.Viewer).ReadAsync($"/api/v1/receipts/{id}");
        Assert.DoesNotContain("Ada", viewed.GetRawText(), StringComparison.Ordinal);
        Assert.False(viewed.TryGetProperty("body", out _));

        var operated = await host.Api(ApiRole.Operator).ReadAsync($"/api/v1/receipts/{id}");
        Assert.Equal("""{"name":"Ada Lovelace"}""", operated.GetProperty("body").GetString());
        Assert.Equal("utf8", operated.GetProperty("bodyEncoding").GetString());
    }

    [Fact]
    public async Task What_was_fetched_is_for_operators_alone_and_stands_on_the_page()
    {
        await using var host = await ConsoleHost.StartAsync();
        var id = host.Inbox.Add(
            Sample.Receipt(1) with { FetchedAt = ConsoleHost.Now, FetchedBytes = 23 }, "{}"u8.ToArray());
        host.Inbox.Fetched[id] = Encoding.UTF8.GetBytes("""{"name":"Ada Lovelace"}""");

        var viewed = await host.Api(ApiRole.Viewer).ReadAsync($"/api/v1/receipts/{id}");
        Assert.DoesNotContain("Ada", viewed.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(23, viewed.GetProperty("fetchedBytes").GetInt32());

        var operated = await host.Api(ApiRole.Operator).ReadAsync($"/api/v1/receipts/{id}");
        Assert.Equal("""{"name":"Ada Lovelace"}""", operated.GetProperty("fetched").GetString());
        Assert.Equal("{}", operated.GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_body_that_is_no_text_comes_as_base64()
    {
        await using var host = await ConsoleHost.StartAsync();
        var id = host.Inbox.Add(Sample.Receipt(1), [0xff, 0x00, 0xfe]);
        var receipt = await host.Api(ApiRole.Operator).ReadAsync($"/api/v1/receipts/{id}");
        Assert.Equal("/wD+", receipt.GetProperty("body").GetString());
        Assert.Equal("base64", receipt.GetProperty("bodyEncoding").GetString());
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("outcome=parked", 2)]
    [InlineData("source=shop", 1)]
    [InlineData("since=2026-03-01T11:57:30Z", 2)]
    public async Task Filters_find(string query, int count)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Add(Sample.Receipt(1));
        host.Inbox.Add(Sample.Receipt(2, ReceiptOutcome.Applied));
        host.Inbox.Add(Sample.Receipt(3, source: "shop"));
        var page = await host.Api(ApiRole.Viewer).ReadAsync($"/api/v1/receipts?{query}");
        Assert.Equal(count, page.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_unknown_receipt_or_a_wrong_outcome_is_a_problem()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var client = host.Api(ApiRole.Viewer);
        using var unknown = await client.SendAsync("GET", $"/api/v1/receipts/{Guid.CreateVersion7(ConsoleHost.Now)}");
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "notFound");
        using var wrong = await client.SendAsync("GET", "/api/v1/receipts?outcome=lost");
        var detail = await wrong.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        Assert.Contains("pending, applied", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_database_is_503_and_tells_no_secret()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Down = true;
        using var answer = await host.Api(ApiRole.Viewer).SendAsync("GET", "/api/v1/receipts");
        var detail = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storageUnavailable");
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }
}
