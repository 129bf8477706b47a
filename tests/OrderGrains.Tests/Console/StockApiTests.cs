using System.Net;
using System.Text;
using OrderGrains.Console;
using OrderGrains.Inventory;
using OrderGrains.Vocabulary;
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
            + "\"version\":3,\"asOf\":\"2026-03-01T12:00:00Z\",\"shortfall\":0,"
            + "\"reservedBy\":{\"count\":0,\"items\":[]},\"waitingBy\":{\"count\":0,\"items\":[]},\"movements\":[]}",
            level.GetRawText());
    }

    [Fact]
    public async Task A_stock_tells_by_api_and_page_who_holds_it_who_waits_and_what_moved()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Stock.Add("east", "MUG-BLUE", 10, 10, 2, ConsoleHost.Now);
        var row = host.Stock.Rows[new StockKey("east", "MUG-BLUE")];
        var held = new Reservation
        {
            Order = Sample.Key,
            LineId = "1",
            State = ReservationState.Open,
            Quantity = 4,
            AtWarehouse = 3,
            Waiting = 0,
            Consumed = 0,
            PlacedAt = ConsoleHost.Now,
        };
        host.Stock.Details[row.Key] = new StockDetail(
            row with { Level = row.Level with { Shortfall = 5 } }, 120, 1, [held],
            [held with { State = ReservationState.Waiting, Quantity = 0, AtWarehouse = 0, Waiting = 2 }],
            [
                new StockMove(ConsoleHost.Now, "takenBack", 2, null, Sample.Key, "1"),
                new StockMove(ConsoleHost.Now, "counted", -7, "counted by the warehouse", null, null),
            ]);

        var stock = await host.Api(ApiRole.Viewer).ReadAsync("/api/v1/stock/east/MUG-BLUE");
        Assert.Equal(5, stock.GetProperty("shortfall").GetInt32());
        Assert.Equal(120, stock.GetProperty("reservedBy").GetProperty("count").GetInt32());
        Assert.Equal(
            """{"source":"acme","orderId":"5123456789012","lineId":"1","reserved":4,"atWarehouse":3,"waiting":0,"""
            + "\"placedAt\":\"2026-03-01T12:00:00Z\"}",
            stock.GetProperty("reservedBy").GetProperty("items")[0].GetRawText());
        Assert.Equal(2, stock.GetProperty("waitingBy").GetProperty("items")[0].GetProperty("waiting").GetInt32());
        Assert.Equal("takenBack", stock.GetProperty("movements")[0].GetProperty("kind").GetString());
        Assert.Equal(-7, stock.GetProperty("movements")[1].GetProperty("units").GetInt32());

        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        Assert.Contains("/stock/east/MUG-BLUE", await browser.TextAsync("/stock"), StringComparison.Ordinal);
        var page = await browser.TextAsync("/stock/east/MUG-BLUE");
        foreach (var text in new[]
        {
            "Short by 5 units", "/orders/acme/5123456789012", "Taken back: 2 units", "counted by the warehouse", "120",
        })
        {
            Assert.Contains(text, page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("MUG/BLUE", "MUG/BLUE")]
    [InlineData("MUG%2FBLUE", "MUG/BLUE")]
    [InlineData("%3Cscript%3E", "<script>")]
    [InlineData("%E2%80%8BCAFE%CC%81%20", "CAF\u00C9")]
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
