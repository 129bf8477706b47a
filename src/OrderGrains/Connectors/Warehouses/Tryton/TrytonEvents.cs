using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// What happens in Tryton, which posts nothing: shipments of our references that have left, were cancelled or wait for
/// goods, and every so often the stock.
/// </summary>
/// <param name="options">Its settings.</param>
/// <param name="storefronts">Names of the storefront sources: our references begin with one.</param>
internal sealed class TrytonEvents(TrytonEventsOptions options, IReadOnlyCollection<string> storefronts)
    : IPulledSource
{
    private const int PageMax = 50;

    /// <summary>10,000 changes at once; what is beyond comes with the next asking.</summary>
    private const int PagesMax = 200;

    /// <summary>
    /// A change bears the time at which its transaction began, and is seen when that is over: so late it may be.
    /// </summary>
    private static readonly TimeSpan LateMax = TimeSpan.FromMinutes(2);

    private TrytonApi? _api;

    public string? Warehouse => options.Warehouse;

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, root =>
    {
        if (root.Object("shipment") is { } shipment)
            return TrytonChange.Read(receipt, shipment, storefronts);
        var (change, note, left) = StockEvents.Counted(root, receipt.ReceivedAt);
        return new Reading.Understood(change, EventKey.Of("stock.counted", receipt), note, left);
    });

    public async Task<TimeSpan> PullAsync(Intake intake, CancellationToken stopping)
    {
        var now = intake.Tools.Time.GetUtcNow();
        var api = _api ??= new TrytonApi(intake.Tools.Http, options, intake.Tools.Time);
        var directory = new TrytonDirectory(api, options);
        var company = Only(await directory.CompaniesAsync(stopping), "companies", options.Company, "Company");
        var mark = TrytonMark.Read(intake.Cursor);
        var items = new List<PulledItem>();
        mark = Add(items, await ChangesAsync(api, company, mark.From, stopping), mark);

        // After the shipments: what has left by now should be known when the count comes.
        if (now - mark.CountedAt >= options.StockEvery)
        {
            var stock = new TrytonStock(now);
            foreach (var (location, code) in options.Warehouses.OrderBy(w => w.Key, StringComparer.Ordinal))
            {
                var place = Only(
                    await directory.PlacesAsync(company, code, stopping), "warehouses", code, "Warehouses");
                await stock.CountAsync(api, company, place, location, stopping);
            }

            if (stock.Digest != mark.Counts)
                items.AddRange(stock.Items());
            mark = mark with { CountedAt = now, Counts = stock.Digest };
        }

        if (mark.Write() is var cursor && cursor != intake.Cursor)
            await intake.AppendAsync(items, cursor);
        return options.PollEvery;
    }

    private async Task<IReadOnlyList<TrytonChange>> ChangesAsync(
        TrytonApi api, TrytonCompany company, DateTimeOffset from, CancellationToken stopping)
    {
        var changes = new List<TrytonChange>();
        for (var page = 0; page < PagesMax && storefronts.Count > 0; page++)
        {
            var (wrong, found) = await api.SearchAsync(
                new TrytonQuery(TrytonShipment.Model, Domain(company, from), TrytonChange.Fields, company.Context())
                {
                    ByChange = true,
                    Offset = page * PageMax,
                    CountMax = PageMax,
                },
                TrytonChange.Of, stopping);
            ThrowIf(wrong);
            changes.AddRange(found);
            if (found.Count < PageMax)
                break;
        }

        return changes;
    }

    private JsonArray Domain(TrytonCompany company, DateTimeOffset from) =>
    [
        new JsonArray("company", "=", company.Id),
        new JsonArray("state", "in", new JsonArray("waiting", "done", "cancelled")),
        new JsonArray("write_date", ">=", TrytonTime.Write(from)),
        new JsonArray(["OR", .. storefronts.Select(name => new JsonArray("reference", "ilike", $"{name}-%"))]),
    ];

    /// <summary>Adds what is new among the changes.</summary>
    private static TrytonMark Add(List<PulledItem> items, IReadOnlyList<TrytonChange> changes, TrytonMark mark)
    {
        if (changes.Count == 0)
            return mark;
        var seen = mark.Seen.ToHashSet(StringComparer.Ordinal);
        items.AddRange(changes.Where(change => !seen.Contains(change.Key))
            .Select(change => new PulledItem(change.Body, DeliveryId: change.Key)));
        var from = changes.Max(change => change.At) - LateMax;
        from = from > mark.From ? from : mark.From;
        return mark with
        {
            From = from,
            Seen = [.. changes.Where(change => change.At >= from).Select(change => change.Key)],
        };
    }

    private static T Only<T>(
        (SendResult? Wrong, IReadOnlyList<T> Found) asked, string what, string? name, string setting)
    {
        ThrowIf(asked.Wrong);
        return asked.Found.Count == 1 ? asked.Found[0]
            : throw new PullException(TrytonDirectory.WhyNotOne(what, asked.Found.Count, name, setting));
    }

    internal static void ThrowIf(SendResult? wrong)
    {
        if (wrong is not null)
            throw new PullException(WhyNot(wrong));
    }

    /// <summary>Without the words of the answer: what is logged holds none of others.</summary>
    private static string WhyNot(SendResult result) => result switch
    {
        SendResult.Unauthorized => "its user and password are not accepted",
        SendResult.Refused => "it refuses the question",
        SendResult.Failed { Why: [>= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', ..] why } =>
            $"it answers {why[..3]}",
        SendResult.Again again => again.Why,
        _ => "it has an error, or does not answer",
    };
}
