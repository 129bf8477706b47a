using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>A source as people see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What speaks there.</param>
/// <param name="Posts">It posts to us; otherwise it is asked.</param>
/// <param name="Address">Where it posts; null when <c>Ingress:PublicUrl</c> does not say.</param>
/// <param name="LastReceivedAt">When it was last heard; null when never.</param>
/// <param name="SilentAfter">Without news for so long it is silent; null: it may be.</param>
/// <param name="Silent">It is.</param>
/// <param name="PauseMax">The longest pause among its latest receipts; null when they are too few to tell.</param>
/// <param name="Clock">As of the latest webhook that was let in, since the silo that counts has started.</param>
/// <param name="ClockTurnedAway">The same of the latest that was turned away for its time; nothing proves it.</param>
/// <param name="TurnedAway">What was not let in, the latest first, since the silo that counts has started.</param>
/// <param name="Seen">What became of its latest receipts, by topic.</param>
/// <param name="SeenCount">How many receipts that is.</param>
internal sealed record SourceView(
    string Name, string Kind, bool Posts, Uri? Address, DateTimeOffset? LastReceivedAt, TimeSpan? SilentAfter,
    bool Silent, TimeSpan? PauseMax, ClockView? Clock, ClockView? ClockTurnedAway,
    IReadOnlyList<TurnedAwayView> TurnedAway, IReadOnlyList<SeenView> Seen, int SeenCount);

/// <summary>A sender's clock beside ours.</summary>
/// <param name="Ahead">How far it is ahead of ours; null when its webhooks state no time.</param>
/// <param name="At">As of when.</param>
internal sealed record ClockView(TimeSpan? Ahead, DateTimeOffset At);

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
internal sealed class SourceDesk(
    Sources sources, IInbox inbox, IGrainFactory grains, IngressOptions ingress, TimeProvider time)
{
    /// <summary>Receipts of a source that are looked at: the newest.</summary>
    private const int SeenMax = PageRequest.LimitMax;

    /// <summary>Fewer receipts say nothing of what is usual.</summary>
    private const int PausedMin = 20;

    public async Task<IReadOnlyList<SourceView>> ListAsync(bool masked)
    {
        var front = await FrontAsync();
        var views = new List<SourceView>();
        foreach (var source in sources.All.OrderBy(source => source.Name, StringComparer.Ordinal))
        {
            // A test is no word of the sender.
            var seen = (await inbox.ListAsync(new ReceiptFilter(source.Name), new PageRequest(SeenMax, null))).Items
                .Where(receipt => receipt.Reason != TestCall.Reason).ToList();
            var heardAt = seen.Select(receipt => receipt.ReceivedAt).ToList();
            var last = heardAt is [var newest, ..] ? newest : (DateTimeOffset?)null;
            var posts = source.Connector is IWebhookSource;
            views.Add(new SourceView(
                source.Name, source.Kind, posts, posts ? ingress.AddressOf(source.Name) : null, last,
                source.SilentAfter,
                source.SilentAfter is { } after && last is { } heard && time.GetUtcNow() - heard >= after,
                heardAt.Count < PausedMin ? null : heardAt.Zip(heardAt.Skip(1), (newer, older) => newer - older).Max(),
                ClockOf(front, source.Name, accepted: true), ClockOf(front, source.Name, accepted: false),
                [.. front.TurnedAway.Where(one => one.Source == source.Name)
                    .OrderByDescending(one => one.LastAt).Select(one => new TurnedAwayView(
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

    private static ClockView? ClockOf(FrontNews front, string source, bool accepted) =>
        front.Clocks.FirstOrDefault(clock => clock.Source == source && clock.Accepted == accepted) is { } clock
            ? new ClockView(clock.Ahead, clock.At) : null;

    /// <summary>Nothing when no silo answers: the rest of the page is worth having.</summary>
    private async Task<FrontNews> FrontAsync()
    {
        try
        {
            return await grains.GetGrain<IFrontGrain>(0).GetAsync();
        }
        catch (Exception exception) when (exception is Orleans.Runtime.OrleansException or TimeoutException)
        {
            return FrontNews.None;
        }
    }
}
