using System.Text.Json;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// The stock of a warehouse that does not post it: asked for every so often, a page after the other. What is on hand at
/// a location is handed over as a count of our own form, and only when something differs from what was handed over
/// last; once a day in any case.
/// </summary>
/// <param name="warehouse">Whose stock it is.</param>
/// <param name="every">How often it is asked for.</param>
/// <param name="pause">Between two pages: those of a large stock leave room for orders.</param>
internal abstract class PagedStock(string? warehouse, TimeSpan every, TimeSpan pause) : IPulledSource
{
    /// <summary>Of one location: with 250 on each, 100,000 SKUs.</summary>
    private const int PagesMax = 400;

    public string? Warehouse => warehouse;

    /// <summary>Rows of one SKU are of several shelves and belong together; otherwise they must agree.</summary>
    protected virtual bool IsByShelf => false;

    /// <summary>Where the first page of each location is.</summary>
    protected abstract IEnumerable<(string Location, string Address)> Begin(JsonApi api);

    protected abstract JsonApi Open(CallTools tools);

    /// <summary>Reads a page into the rows of its location; says where the next one is, or null.</summary>
    /// <param name="page">It. Whatever fault the reading meets makes it none.</param>
    /// <param name="location">Ours.</param>
    /// <param name="rows">SKU and units, also below nothing.</param>
    protected abstract string? Read(JsonFields page, string location, List<(string Sku, long Units)> rows);

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, root =>
    {
        var (change, note, left) = StockEvents.Counted(root, receipt.ReceivedAt);
        return new Reading.Understood(change, EventKey.Of("stock.counted", receipt), note, left);
    });

    public async Task<TimeSpan> PullAsync(Intake intake, CancellationToken stopping)
    {
        var now = intake.Tools.Time.GetUtcNow();
        var api = Open(intake.Tools);
        var counts = new StockCounts(now);
        foreach (var (location, address) in Begin(api).OrderBy(l => l.Location, StringComparer.Ordinal))
            counts.Add(location, await CountAsync(api, location, address, intake.Tools.Time, stopping));
        if (counts.Digest is var mark && mark != intake.Cursor)
            await intake.AppendAsync(counts.Items(), mark);
        return every;
    }

    private async Task<IEnumerable<(string Sku, long Units)>> CountAsync(
        JsonApi api, string location, string first, TimeProvider time, CancellationToken stopping)
    {
        var rows = new List<(string Sku, long Units)>();
        var next = first;
        for (var page = 0; page < PagesMax; page++)
        {
            if (page > 0)
                await Task.Delay(pause, time, stopping);
            if (await PageAsync(api, next, location, rows, stopping) is not { } more)
                return IsByShelf ? Sums(rows) : rows;
            next = more;
        }

        throw new PullException($"the stock of location {location} has more than {PagesMax} pages");
    }

    private static IEnumerable<(string Sku, long Units)> Sums(IEnumerable<(string Sku, long Units)> rows) =>
        rows.GroupBy(row => row.Sku, StringComparer.Ordinal).Select(sku => (sku.Key, sku.Sum(row => row.Units)));

    private async Task<string?> PageAsync(
        JsonApi api, string address, string location, List<(string Sku, long Units)> rows, CancellationToken stopping)
    {
        string? next = null;
        var result = await api.AskAsync(HttpMethod.Get, address, null, (status, body) =>
        {
            if (status is < 200 or > 299)
                return null;
            if (body is not { ValueKind: JsonValueKind.Object } page)
                return new SendResult.Unknown($"{status} without a page of stock");
            var fault = new JsonFault();
            next = Read(new JsonFields(page, "", fault), location, rows);
            return fault.First is { } wrong
                ? new SendResult.Unknown($"{status}: {wrong}") : new SendResult.Delivered();
        }, stopping);
        if (result is not SendResult.Delivered)
            throw new PullException(WhyNot(result));
        return next is null ? null : api.Within(next)
            ?? throw new PullException("the next page of its stock is at another address");
    }

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
