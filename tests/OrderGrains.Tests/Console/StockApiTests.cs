using System.Net;
using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Console;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class StockApiTests
{
    [Fact]
    public async Task A_level_has_the_contracts_shape()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Stock.Add("east", "MUG-BLUE", 10, 4, 2, ConsoleHost.Now);
        var level = await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/stock/east/MUG-BLUE");
        Assert.Equal(
            """{"location":"east","sku":"MUG-BLUE","onHand":10,"reserved":4,"available":6,"waiting":2,"""
            + "\"version\":3,\"asOf\":\"2026-03-01T12:00:00Z\"}",
            level.GetRawText());
    }

    [Theory]
    [InlineData("MUG/BLUE", "MUG/BLUE")]
    [InlineData("MUG%2FBLUE", "MUG/BLUE")]
    [InlineData("%3Cscript%3E", "<script>")]
    public async Task A_sku_may_hold_anything(string path, string sku)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Stock.Add("east", sku, 1, 0, 0, null);
        var level = await host.Api(ApiRole.Viewer).ReadAsync($"/api/v1/stock/east/{path}");
        Assert.Equal(sku, level.GetProperty("sku").GetString());
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("location=east", 2)]
    [InlineData("sku=MUG-RED", 1)]
    [InlineData("q=MUG", 2)]
    public async Task Filters_find(string query, int count)
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Stock.Add("east", "MUG-BLUE", 1, 0, 0, null);
        host.Stock.Add("west", "MUG-RED", 1, 0, 0, null);
        host.Stock.Add("east", "HAT", 1, 0, 0, null);
        var page = await host.Api(ApiRole.Viewer).ReadAsync($"/api/v1/stock?{query}");
        Assert.Equal(count, page.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_count_is_set()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Stock.Add("east", "MUG-BLUE", 10, 4, 0, null);
        using var answer = await host.Api(ApiRole.Operator)
            .SendAsync("PUT", "/api/v1/stock/east/MUG-BLUE", new { onHand = 4 });
        Assert.Equal(4, (await answer.ReadAsync(HttpStatusCode.OK)).GetProperty("onHand").GetInt32());
        Assert.Equal(4, host.Stock.Rows[new StockKey("east", "MUG-BLUE")].Level.OnHand);
    }

    [Fact]
    public async Task A_count_below_what_is_reserved_is_refused_with_both_numbers()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Stock.Add("east", "MUG-BLUE", 10, 4, 0, null);
        using var answer = await host.Api(ApiRole.Operator)
            .SendAsync("PUT", "/api/v1/stock/east/MUG-BLUE", new { onHand = 3 });
        Assert.Equal(
            "3 on hand is below the 4 reserved of MUG-BLUE at east.",
            await answer.ProblemAsync(HttpStatusCode.Conflict, "belowReserved"));
    }

    [Theory]
    [InlineData("""{"onHand":-1}""", "onHand")]
    [InlineData("""{"onHand":100000001}""", "onHand")]
    [InlineData("""{"onHand":"many"}""", "onHand")]
    [InlineData("""{"onHand":1.5}""", "onHand")]
    [InlineData("{}", "onHand")]
    [InlineData("", "onHand")]
    [InlineData("not json", "body")]
    public async Task A_wrong_body_is_named(string body, string field)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Api(ApiRole.Operator).PutAsync(
            "/api/v1/stock/east/MUG", content, TestContext.Current.CancellationToken);
        var detail = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        Assert.StartsWith($"{field}: must", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_that_never_was_is_not_found()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var answer = await host.Api(ApiRole.Viewer).SendAsync("GET", "/api/v1/stock/east/NOTHING");
        await answer.ProblemAsync(HttpStatusCode.NotFound, "notFound");
    }
}
