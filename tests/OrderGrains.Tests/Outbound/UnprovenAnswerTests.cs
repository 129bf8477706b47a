using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Outbound;

/// <summary>Something answers for the warehouse, and not as a warehouse does.</summary>
public sealed class UnprovenAnswerTests
{
    private const string Path = "/api/v1/orders/acme/77";
    private const string Page = "<html><title>Welcome</title></html>";

    private readonly ConcurrentQueue<string> _calls = new();

    [Fact]
    public async Task A_page_does_not_take_an_order_and_it_is_sent_until_the_warehouse_has_it()
    {
        var puts = 0;
        await using var wms = await ListenAsync(
            _ => ++puts switch
            {
                1 => Html(200),
                2 => Results.Json(new { success = "false", message = "try later" }),
                _ => Results.Json(new { warehouseOrderId = "W-1" }, statusCode: 201),
            },
            _ => Results.NotFound(),
            _ => Html(200));
        await using var product = await StartAsync(wms);

        await PlaceAsync(product, cancelled: false);

        var order = await product.GetWhenAsync(Path, o => o.GetProperty("status").GetString() == "released");
        Assert.Equal("PUT GET PUT GET PUT", Calls());
        Assert.Equal("accepted", order.GetProperty("releases")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_page_does_not_find_an_order()
    {
        var gets = 0;
        await using var wms = await ListenAsync(
            _ => Results.StatusCode(503),
            reference => ++gets switch
            {
                1 => Html(200),
                2 => Results.Json(new { reference = "acme-78-1", warehouseOrderId = "W-2" }),
                _ => Results.Json(new { reference, warehouseOrderId = "W-1", status = "picking" }),
            },
            _ => Html(200));
        await using var product = await StartAsync(wms);

        await PlaceAsync(product, cancelled: false);

        await product.GetWhenAsync(Path, o => o.GetProperty("status").GetString() == "released");
        Assert.Equal(3, _calls.Count(call => call == "GET"));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task A_page_stops_no_order_and_a_person_reads_what_was_said(int status)
    {
        await using var wms = await ListenAsync(
            _ => Results.Json(new { warehouseOrderId = "W-1" }, statusCode: 201),
            _ => Results.NotFound(),
            _ => Html(status));
        await using var product = await StartAsync(wms, attemptsMax: 3);
        await PlaceAsync(product, cancelled: false);
        await product.GetWhenAsync(Path, o => o.GetProperty("status").GetString() == "released");

        await PlaceAsync(product, cancelled: true);

        var parked = await product.GetWhenAsync(
            "/api/v1/parked?kind=message", list => list.GetProperty("items").GetArrayLength() == 1);
        var message = parked.GetProperty("items")[0];
        Assert.Equal("gave up after 3 attempts", message.GetProperty("reason").GetString());
        Assert.StartsWith($"{status} ", message.GetProperty("lastAnswer").GetString(), StringComparison.Ordinal);
        var order = await product.GetAsync(Path, TestContext.Current.CancellationToken);
        Assert.NotEqual("cancelled", order.GetProperty("status").GetString(), StringComparer.Ordinal);
        Assert.Equal("PUT POST POST POST", Calls());
    }

    private static async Task PlaceAsync(RunningProduct product, bool cancelled)
    {
        var at = TimeProvider.System.GetUtcNow();
        var body = JsonSerializer.Serialize(new
        {
            id = 77,
            name = "#77",
            created_at = at,
            updated_at = at,
            cancelled_at = cancelled ? at : (DateTimeOffset?)null,
            financial_status = "paid",
            line_items = new[] { new { id = 1, sku = "TIN-ROUND-S", quantity = 1 } },
            shipping_address = new { name = "Ada", address1 = "1 Main St", city = "London", country_code = "GB" },
        });
        var receipt = await product.AcceptedAsync(product.ByShopify("acme", Encoding.UTF8.GetBytes(body)));
        await product.SettledAsync(receipt);
    }

    private static async Task<RunningProduct> StartAsync(WebApplication wms, int attemptsMax = 10)
    {
        var product = RunningProduct.With(
            ("Warehouses:east-wms:BaseUrl", wms.Urls.First()), ("Outbound:DelayMin", "00:00:00.010"),
            ("Outbound:DelayMax", "00:00:00.020"), ("Outbound:AttemptsMax", $"{attemptsMax}"));
        await product.InitializeAsync();
        return product;
    }

    private static IResult Html(int status) => Results.Content(Page, "text/html", statusCode: status);

    private async Task<WebApplication> ListenAsync(
        Func<string, IResult> put, Func<string, IResult> find, Func<string, IResult> cancel)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var wms = builder.Build();
        wms.MapPut("/orders/{reference}", (string reference) => Called("PUT", put(reference)));
        wms.MapGet("/orders/{reference}", (string reference) => Called("GET", find(reference)));
        wms.MapPost("/orders/{reference}/cancel", (string reference) => Called("POST", cancel(reference)));
        await wms.StartAsync(TestContext.Current.CancellationToken);
        return wms;
    }

    /// <summary>A destination that has just come up looks first whether the warehouse has the order.</summary>
    private string Calls() => string.Join(' ', _calls.SkipWhile(call => call == "GET"));

    private IResult Called(string method, IResult answer)
    {
        _calls.Enqueue(method);
        return answer;
    }
}
