using System.Net;
using System.Text.Json;
using OrderGrains.Console;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class ParkedApiTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(200)]
    public async Task Both_kinds_are_one_list_whatever_the_page(int limit)
    {
        await using var host = await ConsoleHost.StartAsync();
        foreach (var minutesAgo in new[] { 1, 4, 5, 6, 12 })
            host.Inbox.Add(Sample.Receipt(minutesAgo));
        foreach (var minutesAgo in new[] { 2, 3, 7, 8, 9, 10, 11 })
            host.Outbox.Add(Sample.Message(minutesAgo));
        host.Inbox.Add(Sample.Receipt(0, ReceiptOutcome.Applied));

        var items = await AllAsync(host, $"limit={limit}");
        Assert.Equal(
            Enumerable.Range(1, 12).Select(minutesAgo => ConsoleHost.Now.AddMinutes(-minutesAgo)),
            items.Select(item => item.GetProperty("parkedAt").GetDateTimeOffset()));
    }

    [Theory]
    [InlineData("kind=receipt", 2)]
    [InlineData("kind=message", 3)]
    [InlineData("destination=west-wms", 1)]
    [InlineData("source=acme", 2)]
    [InlineData("reason=422:%20unknown%20SKU", 3)]
    public async Task Filters_find(string query, int count)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Add(Sample.Receipt(1));
        host.Inbox.Add(Sample.Receipt(2));
        host.Outbox.Add(Sample.Message(1));
        host.Outbox.Add(Sample.Message(2));
        host.Outbox.Add(Sample.Message(3, "west-wms"));
        Assert.Equal(count, (await AllAsync(host, $"limit=1&{query}")).Count);
    }

    [Theory]
    [InlineData("kind=order", "kind")]
    [InlineData("kind=receipt&destination=east-wms", "filter")]
    [InlineData("source=acme&destination=east-wms", "filter")]
    [InlineData("cursor=!!", "cursor")]
    public async Task A_wrong_filter_is_named(string query, string field)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Api(ApiRole.Viewer).SendAsync("GET", $"/api/v1/parked?{query}");
        Assert.StartsWith(
            field, await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_each_kind_has_the_contracts_shape()
    {
        await using var host = await ConsoleHost.StartAsync();
        var receipt = host.Inbox.Add(Sample.Receipt(1));
        var message = host.Outbox.Add(Sample.Message(2));
        using var client = host.Api(ApiRole.Viewer);
        Assert.Equal(
            $$"""{"id":"{{receipt}}","kind":"receipt","source":"acme","subject":"orders/create","""
            + "\"reason\":\"lines: must be an array\",\"attempts\":0,\"parkedAt\":\"2026-03-01T11:59:00Z\"}",
            (await client.ReadAsync($"/api/v1/parked/{receipt}")).GetRawText());
        var shown = await client.ReadAsync($"/api/v1/parked/{message}");
        Assert.Equal("message", shown.GetProperty("kind").GetString());
        Assert.Equal("east-wms", shown.GetProperty("destination").GetString());
        Assert.Equal("acme/5123456789012", shown.GetProperty("orderKey").GetString());
        Assert.Equal(4, shown.GetProperty("attempts").GetInt32());
        Assert.False(shown.TryGetProperty("source", out _));
    }

    [Fact]
    public async Task Groups_count_by_reason_the_largest_first()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Inbox.Add(Sample.Receipt(1));
        host.Outbox.Add(Sample.Message(1));
        host.Outbox.Add(Sample.Message(2));
        var groups = (await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/parked/groups")).GetProperty("items");
        Assert.Equal(2, groups.GetArrayLength());
        Assert.Equal(
            (2, "message"), (groups[0].GetProperty("count").GetInt32(), groups[0].GetProperty("kind").GetString()));
    }

    internal static async Task<List<JsonElement>> AllAsync(ConsoleHost host, string query)
    {
        using var client = host.Api(ApiRole.Viewer);
        var items = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await client.ReadAsync($"/api/v1/parked?{query}&cursor={cursor}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return items;
    }
}
