using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Silos;

/// <summary>What tests do to a silo's world, and read from it.</summary>
internal static class SiloActs
{
    public static OrderKey NewOrder(this SiloWorld world, string source = "acme") => new(source, world.NewName("1"));

    /// <summary>A SKU of the test's own, with units at a place.</summary>
    public static async Task<string> NewSkuAsync(this SiloWorld world, int onHand, string place = "east")
    {
        var sku = world.NewName("SKU");
        await world.CountAsync(sku, onHand, place);
        return sku;
    }

    public static Task<StockAnswer> CountAsync(this SiloWorld world, string sku, int onHand, string place = "east") =>
        world.StockGrain(sku, place)
        .CountAsync(onHand, world.CountedAt(), world.NewName("count"));

    public static IOrderGrain Order(this SiloWorld world, OrderKey key) =>
        world.Grains.GetGrain<IOrderGrain>(key.ToString());

    public static IInventoryGrain StockGrain(this SiloWorld world, string sku, string place = "east") =>
        world.Grains.GetGrain<IInventoryGrain>(new StockKey(place, sku).ToString());

    public static IDestinationGrain Destination(this SiloWorld world, string place) =>
        world.Grains.GetGrain<IDestinationGrain>($"{place}-wms");

    public static OrderStated Stated(
        OrderKey key, int second, bool paid = true, bool cancelled = false, bool held = false, int placed = 0,
        params (string Sku, int Units)[] lines) => new(key, new OrderSnapshot
        {
            UpdatedAt = OrderWorld.Noon.AddSeconds(second),
            PlacedAt = OrderWorld.Noon.AddSeconds(placed),
            Number = "#1001",
            Payment = paid ? Payment.Paid : Payment.Pending,
            ShipTo = OrderWorld.ShipTo,
            Cancelled = cancelled,
            Held = held,
            Lines = [.. lines.Select((l, i) =>
                new SnapshotLine { LineId = $"{i + 1}", Sku = l.Sku, Quantity = l.Units })],
        });

    /// <summary>A receipt of its own, durable and pending.</summary>
    public static async Task<ReceiptRef> AppendAsync(this SiloWorld world, string eventKey, string? warehouse = null)
    {
        var now = world.Time.GetUtcNow();
        var receipt = new Receipt
        {
            Id = Guid.CreateVersion7(now),
            Source = "acme",
            Topic = "orders/updated",
            Body = Encoding.UTF8.GetBytes(eventKey),
            ReceivedAt = now,
        };
        await world.Inbox.AppendAsync(receipt, held: true);
        return new ReceiptRef(receipt.Id, receipt.Topic, eventKey, now, warehouse);
    }

    /// <summary>One delivery; each without an event key is an event of its own.</summary>
    public static async Task<ReceiptOutcome> DeliverAsync(
        this SiloWorld world, OrderChange change, string? eventKey = null, string? warehouse = null)
    {
        var receipt = await world.AppendAsync(eventKey ?? world.NewName("event"), warehouse);
        return await world.Order(change.Order).ApplyAsync(change, receipt);
    }

    /// <summary>Through the front door; the receipt of its 200.</summary>
    public static async Task<Guid> PostAsync(this SiloWorld world, string source, string body)
    {
        var http = new DefaultHttpContext();
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Request.Body = new MemoryStream(bytes);
        http.Request.ContentLength = bytes.Length;
        var answer = await world.Services.GetRequiredService<WebhookEndpoint>().ReceiveAsync(source, http);
        var ok = Assert.IsType<Ok<ReceiptAcknowledgement>>(answer.Result);
        return Guid.Parse(ok.Value!.Receipt);
    }

    public static async Task<Order> LoadAsync(this SiloWorld world, OrderKey key) =>
        (await world.Orders.LoadAsync(key))!.Order;

    public static async Task<OrderStatus?> StatusAsync(this SiloWorld world, OrderKey key) =>
        (await world.Orders.LoadAsync(key))?.Order.Status;

    public static Task ReachesAsync(this SiloWorld world, OrderKey key, OrderStatus status) =>
        Eventually.EqualAsync(status, () => world.StatusAsync(key));

    /// <summary>On hand and reserved, as the database has them.</summary>
    public static async Task<(int OnHand, int Reserved, int Waiting)> LevelAsync(
        this SiloWorld world, string sku, string place = "east")
    {
        var row = await world.Stock.FindAsync(new StockKey(place, sku));
        return row is null ? default : (row.Level.OnHand, row.Level.Reserved, row.Waiting);
    }

    public static async Task<IReadOnlyList<string>> TimelineAsync(this SiloWorld world, OrderKey key) =>
        [.. (await world.Orders.ListTimelineAsync(key, 100)).Select(t => TimelineKindName.Of(t.Kind))];

    /// <summary>Later than any count before it, and before everything else that a test tells.</summary>
    private static DateTimeOffset CountedAt(this SiloWorld world) =>
        OrderWorld.Noon.AddDays(-1).AddMilliseconds(int.Parse(world.NewName("")));
}
