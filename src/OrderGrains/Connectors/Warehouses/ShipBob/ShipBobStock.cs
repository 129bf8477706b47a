using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>
/// ShipBob's stock (<c>GET /inventory-level/locations</c>), asked for every so often. What is on hand at a location is
/// handed over as a count of our own form, and only when something differs from what was handed over last; once a day
/// in any case.
/// </summary>
internal sealed class ShipBobStock(ShipBobStockOptions options) : IPulledSource
{
    private const int PageMax = 250;

    /// <summary>100,000 SKUs of one location.</summary>
    private const int PagesMax = 400;

    /// <summary>With it the pages of a large stock leave room for orders among 150 requests a minute.</summary>
    private static readonly TimeSpan PagePause = TimeSpan.FromSeconds(1);

    public string? Warehouse => options.Warehouse;

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, root =>
    {
        var (change, note, left) = StockEvents.Counted(root, receipt.ReceivedAt);
        return new Reading.Understood(change, EventKey.Of("stock.counted", receipt), note, left);
    });

    public async Task<TimeSpan> PullAsync(Intake intake, CancellationToken stopping)
    {
        var now = intake.Tools.Time.GetUtcNow();
        var api = new ShipBobApi(intake.Tools.Http, options, null, intake.Tools.Time);
        var counts = new List<(string Location, JsonArray Items)>();
        foreach (var (location, id) in options.LocationIds.OrderBy(l => l.Key, StringComparer.Ordinal))
            counts.Add((location, await CountAsync(api, id, intake.Tools.Time, stopping)));
        var mark = MarkOf(counts, now);
        if (mark != intake.Cursor)
        {
            await intake.AppendAsync(
                [.. counts.Where(c => c.Items.Count > 0).Select(c => new PulledItem(Body(c.Location, c.Items, now)))],
                mark);
        }

        return options.StockEvery;
    }

    private static string MarkOf(List<(string Location, JsonArray Items)> counts, DateTimeOffset now) =>
        EventKey.Digest(JsonSerializer.SerializeToUtf8Bytes(new JsonArray([
            $"{now.UtcDateTime:yyyy-MM-dd}",
            .. counts.Select(c => (JsonNode)new JsonArray(c.Location, c.Items.DeepClone()))])));

    /// <summary>As of before the first page was asked for: what left since is taken off it.</summary>
    private static byte[] Body(string location, JsonArray items, DateTimeOffset asOf) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["location"] = location,
            ["asOf"] = asOf.UtcDateTime,
            ["items"] = items,
        });

    private static async Task<JsonArray> CountAsync(
        ShipBobApi api, int location, TimeProvider time, CancellationToken stopping)
    {
        var items = new JsonArray();
        var next = $"{api.Root}/inventory-level/locations?LocationId={location}&PageSize={PageMax}";
        for (var page = 0; page < PagesMax; page++)
        {
            if (page > 0)
                await Task.Delay(PagePause, time, stopping);
            if (await PageAsync(api, next, location, items, stopping) is not { } more)
                return items;
            next = more;
        }

        throw new PullException($"the stock of location {location} has more than {PagesMax} pages");
    }

    /// <summary>Adds the page's items; where the next page is, null when this is the last.</summary>
    private static async Task<string?> PageAsync(
        ShipBobApi api, string address, int location, JsonArray items, CancellationToken stopping)
    {
        string? next = null;
        var result = await api.AskAsync(HttpMethod.Get, address, null, (status, body) =>
        {
            if (status is < 200 or > 299)
                return null;
            if (body is not { ValueKind: JsonValueKind.Object } page)
                return new SendResult.Unknown($"{status} without a page of stock");
            var fault = new JsonFault();
            var fields = new JsonFields(page, "", fault);
            foreach (var item in fields.Items("items", int.MaxValue) ?? [])
                Add(items, item, location);
            if (!fields.Has("items"))
                fields.Missing("items");
            next = fields.Text("next", ConnectorLimits.UrlCharsMax);
            return fault.First is { } wrong
                ? new SendResult.Unknown($"{status}: {wrong}") : new SendResult.Delivered();
        }, stopping);
        if (result is not SendResult.Delivered)
            throw new PullException(WhyNot(result));
        return next is null ? null : Within(api, next);
    }

    private static void Add(JsonArray items, JsonFields item, int location)
    {
        // What has no SKU is nothing that an order can name.
        if (item.FindSku("sku") is not { } sku)
            return;
        foreach (var place in item.Items("locations", ConnectorLimits.LinesMax) ?? [])
        {
            if (place.OptionalWhole("location_id", 0, int.MaxValue) != location)
                continue;
            // More than is there may be promised away; less than nothing is on no shelf.
            var units = place.Whole("on_hand_quantity", -ConnectorLimits.OnHandMax, ConnectorLimits.OnHandMax);
            items.Add(new JsonObject { ["sku"] = sku, ["onHand"] = Math.Max(0, units) });
        }
    }

    /// <summary>The next page bears our token, so it must be at ShipBob's own address.</summary>
    private static string Within(ShipBobApi api, string next) =>
        Uri.TryCreate(new Uri($"{api.Root}/"), next, out var address)
        && address.AbsoluteUri.StartsWith($"{new Uri(api.Root).GetLeftPart(UriPartial.Authority)}/",
            StringComparison.OrdinalIgnoreCase)
            ? address.AbsoluteUri : throw new PullException("the next page of its stock is at another address");

    /// <summary>Without the words of the answer: what is logged holds none of others.</summary>
    private static string WhyNot(SendResult result) => result switch
    {
        SendResult.Unauthorized => "its access token is not accepted",
        SendResult.Refused => "it refuses the question",
        SendResult.Failed { Why: [>= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', ..] why } =>
            $"it answers {why[..3]}",
        SendResult.Failed failed => failed.Why,
        _ => "nobody knows why",
    };
}
