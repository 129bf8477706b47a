using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// What happens in a warehouse that posts nothing: its shipments are asked for by the time of their last change, and
/// every so often its stock.
/// </summary>
/// <param name="warehouse">Whose it is.</param>
/// <param name="pollEvery">How often shipments are asked for.</param>
/// <param name="stockEvery">How often the stock is asked for.</param>
/// <param name="lateMax">
/// A change bears the time at which its transaction began, and is seen when that is over: so late it may be.
/// </param>
internal abstract class PolledWarehouse(
    string? warehouse, TimeSpan pollEvery, TimeSpan stockEvery, TimeSpan lateMax) : IPulledSource
{
    /// <summary>Changes on a page.</summary>
    protected const int PageMax = 50;

    /// <summary>10,000 changes at once; what is beyond comes with the next asking.</summary>
    private const int PagesMax = 200;

    /// <summary>SKUs that a reason names; it is read by people.</summary>
    private const int NamedMax = 5;

    public string? Warehouse => warehouse;

    /// <summary>Changes of shipments since a time, or at it.</summary>
    /// <exception cref="PullException">It could not be asked.</exception>
    protected abstract Task<IReadOnlyList<PolledChange>> ChangesAsync(
        CallTools tools, DateTimeOffset from, CancellationToken stopping);

    /// <summary>Counts each location.</summary>
    /// <exception cref="PullException">It could not be asked.</exception>
    protected abstract Task CountAsync(CallTools tools, StockCounts counts, CancellationToken stopping);

    /// <summary>Reads the receipt of a <see cref="PolledChange"/>.</summary>
    protected abstract Reading Read(Receipt receipt, JsonFields shipment);

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, root =>
    {
        if (root.Object("shipment") is { } shipment)
            return Read(receipt, shipment);
        var (change, note, left) = StockEvents.Counted(root, receipt.ReceivedAt);
        if (root.Texts(StockCounts.SharedField, NamedMax) is { Count: > 0 } shared)
        {
            var skus = string.Join(", ", shared);
            left = $"several products have one SKU and are not counted: {skus}{(left is null ? "" : $"; {left}")}";
        }

        return new Reading.Understood(change, EventKey.Of("stock.counted", receipt), note, left);
    });

    public async Task<TimeSpan> PullAsync(Intake intake, CancellationToken stopping)
    {
        var now = intake.Tools.Time.GetUtcNow();
        var mark = PollMark.Read(intake.Cursor);
        var items = new List<PulledItem>();
        mark = mark.Add(items, await ChangesAsync(intake.Tools, mark.From, stopping), lateMax);

        // After the shipments: what has left by now should be known when the count comes.
        if (now - mark.CountedAt >= stockEvery)
        {
            var counts = new StockCounts(now);
            await CountAsync(intake.Tools, counts, stopping);
            if (counts.Digest != mark.Counts)
                items.AddRange(counts.Items());
            mark = mark with { CountedAt = now, Counts = counts.Digest };
        }

        if (mark.Write() is var cursor && cursor != intake.Cursor)
            await intake.AppendAsync(items, cursor);
        return pollEvery;
    }

    /// <summary>
    /// Asks for a page after the other. A page goes on from the time of the last change: counted by places alone, a
    /// shipment that is changed between two pages would hide another.
    /// </summary>
    /// <param name="from">As of <see cref="ChangesAsync"/>.</param>
    /// <param name="ask">Asks for changes since a time, in their order, from a place on.</param>
    protected static async Task<IReadOnlyList<PolledChange>> PagesAsync(
        DateTimeOffset from, Func<DateTimeOffset, int, Task<IReadOnlyList<PolledChange>>> ask)
    {
        var changes = new List<PolledChange>();
        var (since, offset) = (from, 0);
        for (var page = 0; page < PagesMax; page++)
        {
            var found = await ask(since, offset);
            changes.AddRange(found);
            if (found.Count < PageMax)
                break;
            (since, offset) = found[^1].At > since ? (found[^1].At, 0) : (since, offset + PageMax);
        }

        return changes;
    }

    /// <summary>The only one that was found.</summary>
    /// <exception cref="PullException">It could not be asked, or there is not one.</exception>
    protected static T Only<T>((SendResult? Wrong, IReadOnlyList<T> Found) asked, Func<int, string> whyNot)
    {
        ThrowIf(asked.Wrong);
        return asked.Found.Count == 1 ? asked.Found[0] : throw new PullException(whyNot(asked.Found.Count));
    }

    /// <exception cref="PullException">Where something is wrong.</exception>
    internal static void ThrowIf(SendResult? wrong)
    {
        if (wrong is not null)
            throw new PullException(WhyNot(wrong));
    }

    /// <summary>Without the words of the answer: what is logged holds none of others.</summary>
    private static string WhyNot(SendResult result) => result switch
    {
        SendResult.Unauthorized => "its credentials are not accepted, or do not allow this",
        SendResult.Refused => "it refuses the question",
        SendResult.Failed { Why: [>= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', ..] why } =>
            $"it answers {why[..3]}",
        SendResult.Again again => again.Why,
        _ => "it has an error, or does not answer",
    };
}
