using System.Text;
using System.Text.Json;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Warehouses whose clock is wrong, or that do not say when something was.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WarehouseClockTests(RunningProduct product)
{
    [Fact]
    public async Task A_count_from_the_future_counts_as_of_now_and_hides_no_later_one()
    {
        var asOf = WarehouseEvents.Now.AddHours(8);

        Assert.Equal(
            ("applied", $"asOf {asOf:yyyy-MM-ddTHH:mm:ss}Z is 8 h ahead of its arrival and counts as of the arrival: "
                + "local time written as UTC?"),
            await CountAsync("CLOCK-1", 10, asOf));
        Assert.Equal(("applied", null), await CountAsync("CLOCK-1", 7, WarehouseEvents.Now));

        Assert.Equal(7, await product.OnHandAsync("CLOCK-1"));
    }

    [Fact]
    public async Task A_count_or_an_adjustment_without_a_time_is_of_now()
    {
        Assert.Equal(
            ("applied", "asOf is missing and counts as of the arrival"), await CountAsync("CLOCK-2", 10, null));
        Assert.Equal(
            ("applied", "at is missing and counts as of the arrival"),
            await product.TellAsync("stock.adjusted", new
            {
                location = "east",
                adjustmentId = "clock-2",
                sku = "CLOCK-2",
                delta = -1,
            }));

        Assert.Equal(9, await product.OnHandAsync("CLOCK-2"));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(null)]
    public async Task A_count_that_is_of_its_arrival_counts_once_however_often_it_is_delivered(int? hoursAhead)
    {
        var sku = $"CLOCK-4-{hoursAhead}";
        var asOf = WarehouseEvents.Now.AddHours(hoursAhead ?? 0);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type = "stock.counted",
                data = new
                {
                    location = "east",
                    asOf = hoursAhead is null ? (DateTimeOffset?)null : asOf,
                    items = new[] { new { sku, onHand = 10 } },
                },
            },
            JsonSerializerOptions.Web);
        Task<JsonElement> DeliverAsync() => SettledAsync(product.ByWarehouse(body, id: $"again-{sku}"));

        Assert.Equal("applied", (await DeliverAsync()).GetProperty("outcome").GetString());
        await product.TellAsync("stock.adjusted", new
        {
            location = "east",
            adjustmentId = sku,
            sku,
            delta = -4,
            at = WarehouseEvents.Now,
        });
        Assert.Equal("duplicate", (await DeliverAsync()).GetProperty("outcome").GetString());

        Assert.Equal(6, await product.OnHandAsync(sku));
    }

    private async Task<JsonElement> SettledAsync(HttpRequestMessage request) =>
        await product.SettledAsync(await product.AcceptedAsync(request));

    [Fact]
    public async Task A_shipment_from_the_future_ships_now_and_the_timeline_says_so()
    {
        var (id, path) = ("4712", "/api/v1/orders/odd/4712");
        // It tells of the parcel before it answers the call.
        product.Warehouse.Faults.Rule = _ => new Fault.Status(503);
        await product.TellAsync("stock.counted", new
        {
            location = "east",
            asOf = WarehouseEvents.Now,
            items = new[] { new { sku = "CLOCK-3", onHand = 5 } },
        });
        await product.AcceptedAsync(product.ByShopify("odd", Encoding.UTF8.GetBytes($$"""
            {"id":{{id}},"name":"#{{id}}","created_at":"2026-08-01T12:00:00Z","updated_at":"2026-08-01T12:00:00Z",
            "financial_status":"paid","line_items":[{"id":1,"sku":" CLOCK-3 ","quantity":2}],"shipping_address":
            {"name":"A","address1":"B","city":"C","zip":90210,"country_code":"DE"} }
            """)));
        await product.GetWhenAsync(path, found => found.GetProperty("releases").GetArrayLength() == 1);
        var shippedAt = WarehouseEvents.Now.AddHours(2);

        var end = await product.TellAsync("Shipment.Created", new
        {
            reference = $" ODD-{id}-1",
            shipmentId = 99,
            lines = new[] { new { lineId = 1, quantity = "2" } },
            shippedAt,
        });

        var note = $"shippedAt {shippedAt:yyyy-MM-ddTHH:mm:ss}Z is 2 h ahead of its arrival and counts as of the "
            + "arrival: local time written as UTC?";
        Assert.Equal(("applied", note), end);
        var order = await product.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains(order.GetProperty("timeline").EnumerateArray(), entry =>
            entry.GetProperty("kind").GetString() == "receipt.noted"
            && entry.GetProperty("summary").GetString() == note);
        var shipment = order.GetProperty("shipments").EnumerateArray()
            .Single(s => s.GetProperty("shipmentId").GetString() == "99");
        Assert.True(shipment.GetProperty("shippedAt").GetDateTimeOffset() <= WarehouseEvents.Now);
        Assert.Equal("shipped", order.GetProperty("status").GetString());
        product.Warehouse.Faults.Rule = call => new Fault.Status(call.Kind == CallKind.FindOrder ? 404 : 409);
        await product.GetWhenAsync(
            "/api/v1/audit", audit => audit.GetProperty("messages").GetProperty("due").GetInt32() == 0);
        product.Warehouse.Faults.Rule = null;
    }

    private Task<(string? Outcome, string? Reason)> CountAsync(string sku, int onHand, DateTimeOffset? asOf) =>
        product.TellAsync("stock.counted", new { location = "east", asOf, items = new[] { new { sku, onHand } } });
}
