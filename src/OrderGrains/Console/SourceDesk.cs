using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>A source as people see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What speaks there.</param>
/// <param name="Posts">It posts to us; otherwise it is asked.</param>
/// <param name="LastReceivedAt">When it was last heard; null when never.</param>
/// <param name="SilentAfter">Without news for so long it is silent; null: it may be.</param>
/// <param name="Silent">It is.</param>
/// <param name="TurnedAway">What was not let in, the latest first, since the silo that counts has started.</param>
/// <param name="Seen">What became of its latest receipts, by topic.</param>
/// <param name="SeenCount">How many receipts that is.</param>
internal sealed record SourceView(
    string Name, string Kind, bool Posts, DateTimeOffset? LastReceivedAt, TimeSpan? SilentAfter, bool Silent,
    IReadOnlyList<TurnedAwayView> TurnedAway, IReadOnlyList<SeenView> Seen, int SeenCount);

/// <summary>Why webhooks were not let in.</summary>
/// <param name="Status">What they were answered.</param>
/// <param name="Rule">The rule that they broke.</param>
/// <param name="Count">How many.</param>
/// <param name="LastAt">The latest.</param>
/// <param name="LastAddress">Where the latest came from; null for a Viewer.</param>
internal sealed record TurnedAwayView(int Status, string Rule, long Count, DateTimeOffset LastAt, string? LastAddress);

/// <summary>What became of receipts of one topic.</summary>
/// <param name="Topic">The topic; empty when only the body tells.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Count">How many.</param>
/// <param name="Reason">Why, of the latest.</param>
internal sealed record SeenView(string Topic, ReceiptOutcome Outcome, int Count, string? Reason);

/// <summary>What people look at when they set a source up, or when nothing comes.</summary>
internal sealed class SourceDesk(Sources sources, IInbox inbox, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Receipts of a source that are looked at: the newest.</summary>
    private const int SeenMax = PageRequest.LimitMax;

    public async Task<IReadOnlyList<SourceView>> ListAsync(bool masked)
    {
        var turnedAway = await TurnedAwayAsync();
        var views = new List<SourceView>();
        foreach (var source in sources.All.OrderBy(source => source.Name, StringComparer.Ordinal))
        {
            var seen = (await inbox.ListAsync(new ReceiptFilter(source.Name), new PageRequest(SeenMax, null))).Items;
            var last = seen is [var newest, ..] ? newest.ReceivedAt : (DateTimeOffset?)null;
            views.Add(new SourceView(
                source.Name, source.Kind, source.Connector is IWebhookSource, last, source.SilentAfter,
                source.SilentAfter is { } after && last is { } heard && time.GetUtcNow() - heard >= after,
                [.. turnedAway.Where(one => one.Source == source.Name).Select(one => new TurnedAwayView(
                    one.Status, one.Rule, one.Count, one.LastAt, masked ? null : one.LastAddress))],
                [.. seen.GroupBy(receipt => (receipt.Topic, receipt.Outcome)).Select(group => new SeenView(
                    group.Key.Topic, group.Key.Outcome, group.Count(), group.First().Reason))],
                seen.Count));
        }

        return views;
    }

    /// <summary>What a source would make of a body; nothing happens. Null when there is no such source.</summary>
    public ReadingView? Read(string name, string? topic, string body) => sources.Find(name) is { } source
        ? ReadingView.Try(source.Connector, name, topic, Encoding.UTF8.GetBytes(body), time.GetUtcNow())
        : null;

    /// <summary>Nothing when no silo answers: the rest of the page is worth having.</summary>
    private async Task<IReadOnlyList<TurnedAway>> TurnedAwayAsync()
    {
        try
        {
            return await grains.GetGrain<ITurnedAwayGrain>(0).ListAsync();
        }
        catch (Exception exception) when (exception is Orleans.Runtime.OrleansException or TimeoutException)
        {
            return [];
        }
    }
}
