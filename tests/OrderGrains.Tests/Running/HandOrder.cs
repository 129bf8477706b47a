using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>
/// One order of a shop whose webhooks and parcels a test writes by hand: its SKUs are of those that the warehouse takes
/// and leaves alone.
/// </summary>
internal sealed class HandOrder(RunningProduct product, string source = "acme")
{
    private static long Ids = 5_000_000_000;

    private readonly DateTimeOffset _placed = TimeProvider.System.GetUtcNow().AddMinutes(-10);
    private readonly long _id = Interlocked.Add(ref Ids, 100);

    public string OrderId => _id.ToString(CultureInfo.InvariantCulture);

    public string Path => $"/api/v1/orders/{source}/{OrderId}";

    public string Reference(int release = 1) => $"{source}-{OrderId}-{release}";

    public string LineId(int line) => (_id + line).ToString(CultureInfo.InvariantCulture);

    /// <summary>The whole order as of a second after its placement.</summary>
    /// <param name="second">Its version.</param>
    /// <param name="lines">SKU and units, the first line first.</param>
    public JsonObject Stated(int second, params (string Sku, int Units)[] lines)
    {
        var order = JsonNode.Parse("""
            {"financial_status":"paid","fulfillments":[],"refunds":[],"source_name":"web","test":false,
             "cancelled_at":null,"closed_at":null,
             "shipping_address":{"name":"Ada Lovelace","address1":"12 St James Square","city":"London","zip":"SW1Y 4JH",
               "country_code":"GB","phone":"+44 20 7946 0000"},
             "shipping_lines":[{"id":1,"title":"Standard","is_removed":false}]}
            """)!.AsObject();
        order["id"] = _id;
        order["name"] = $"#{_id}";
        order["order_number"] = _id;
        order["created_at"] = Time(0);
        order["updated_at"] = Time(second);
        order["line_items"] = new JsonArray([.. lines.Select((line, at) => new JsonObject
        {
            ["id"] = _id + at + 1,
            ["sku"] = line.Sku,
            ["quantity"] = line.Units,
            ["current_quantity"] = line.Units,
            ["fulfillable_quantity"] = line.Units,
            ["fulfillment_service"] = "manual",
            ["requires_shipping"] = true,
        })]);
        return order;
    }

    /// <summary>A parcel as the shop tells of it.</summary>
    public JsonObject Fulfilment(string tracking, params (int Line, int Units)[] lines) => new()
    {
        ["id"] = _id + 50,
        ["status"] = "success",
        ["tracking_number"] = tracking,
        ["line_items"] = new JsonArray(
            [.. lines.Select(line => new JsonObject { ["id"] = _id + line.Line, ["quantity"] = line.Units })]),
    };

    public string Time(int second) =>
        _placed.AddSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Posts a body and waits for its outcome.</summary>
    public async Task<string?> SendAsync(
        JsonObject body, string topic = "orders/updated", string? triggeredAt = null)
    {
        var request = product.ByShopify(source, Encoding.UTF8.GetBytes(body.ToJsonString()), topic: topic);
        if (triggeredAt is not null)
            request.Headers.Add("X-Shopify-Triggered-At", triggeredAt);
        var receipt = await product.SettledAsync(await product.AcceptedAsync(request));
        return receipt.GetProperty("outcome").GetString();
    }

    /// <summary>The warehouse tells of a parcel; the receipt as it ended.</summary>
    public Task<JsonElement> ShipAsync(string id, string? tracking, params (int Line, int Units)[] lines) =>
        ShipAsync(Reference(), id, tracking, lines);

    public async Task<JsonElement> ShipAsync(
        string reference, string id, string? tracking, params (int Line, int Units)[] lines) =>
        await product.SettledAsync(await product.AcceptedAsync(product.ByWarehouse(JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type = "shipment.created",
                timestamp = TimeProvider.System.GetUtcNow(),
                data = new
                {
                    reference,
                    shipmentId = id,
                    carrier = "Post",
                    trackingNumber = tracking,
                    lines = lines.Select(line => new { lineId = LineId(line.Line), quantity = line.Units }),
                    shippedAt = TimeProvider.System.GetUtcNow(),
                },
            },
            JsonSerializerOptions.Web))));

    /// <summary>Counts a SKU at the warehouse of the tests, as of long ago.</summary>
    public async Task CountAsync(string sku, int onHand) => await product.SettledAsync(await product.AcceptedAsync(
        product.ByWarehouse(JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type = "stock.counted",
                timestamp = TimeProvider.System.GetUtcNow(),
                data = new { location = "east", asOf = Time(-60), items = new[] { new { sku, onHand } } },
            },
            JsonSerializerOptions.Web))));

    public Task<JsonElement> WhenAsync(string status) => WhenAsync(
        order => order.GetProperty("status").GetString() == status);

    public Task<JsonElement> WhenAsync(Func<JsonElement, bool> wanted) => product.GetWhenAsync(Path, wanted);

    /// <summary>What the warehouse has of a release, once it is so.</summary>
    public async Task<WarehouseOrder> AtWarehouseAsync(Func<WarehouseOrder, bool> wanted, int release = 1)
    {
        WarehouseOrder? found = null;
        await RunningProduct.EventuallyAsync(
            _ => Task.FromResult(
                (found = product.Warehouse.Book.Find(Reference(release))) is { } order && wanted(order)),
            () => $"{Reference(release)} stays {found} {found?.Take}");
        return found!;
    }

    /// <summary>What the warehouse has of a release, as lines of this order.</summary>
    public async Task AsksForAsync(int release, params (int Line, string Sku, int Units)[] lines)
    {
        WarehouseLine[] expected = [.. lines.Select(l => new WarehouseLine(LineId(l.Line), l.Sku, l.Units))];
        Assert.Equal(expected, (await AtWarehouseAsync(
            order => order.IsLive && order.Take.Lines.SequenceEqual(expected), release)).Take.Lines);
    }

    public async Task<(int OnHand, int Reserved, int Waiting)> StockAsync(string sku)
    {
        var stock = await product.GetAsync($"/api/v1/stock/east/{sku}", TestContext.Current.CancellationToken);
        return (stock.GetProperty("onHand").GetInt32(), stock.GetProperty("reserved").GetInt32(),
            stock.GetProperty("waiting").GetInt32());
    }

    public static IEnumerable<string> Summaries(JsonElement order) =>
        order.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("summary").GetString()!);
}
