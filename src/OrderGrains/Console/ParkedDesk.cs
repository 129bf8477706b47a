using System.Security.Claims;
using OrderGrains.Ingress;
using OrderGrains.Outbound;

namespace OrderGrains.Console;

/// <summary>What people do with what is parked, by API or page: another try, or the end.</summary>
internal sealed class ParkedDesk(
    ParkedList parked, IInbox inbox, IOutbox outbox, IInboxWaker waker, IGrainFactory grains, TimeProvider time,
    TrailKeeper trail, ILogger<ParkedDesk> log)
{
    /// <summary>Handled by one call on many; a caller that hears of more calls again.</summary>
    public const int PerCallMax = 1_000;

    /// <summary>Handled at the same moment, so that their writes share commits.</summary>
    private const int AtOnceMax = 50;

    /// <summary>
    /// As this person may see it: what a destination answered may hold personal data. With it, it is in the trail.
    /// </summary>
    public async Task<IReadOnlyList<ParkedItem>> ShowAsync(IReadOnlyList<ParkedItem> items, ClaimsPrincipal user)
    {
        if (!user.MayOperate())
            return [.. items.Select(item => item with { LastAnswer = null })];
        if (items.Any(item => item.LastAnswer is not null))
            await trail.LookedAsync(user, "lookParked", null);
        return items;
    }

    /// <summary>False when it is not parked (any more).</summary>
    public async Task<bool> ResumeAsync(ParkedItem item, string? reason, string actor)
    {
        var done = await ResumeAllAsync([item], actor) == 1;
        if (done)
            log.ParkedActed(actor, "resumed", item.Kind.Word(), item.Id, reason);
        return done;
    }

    /// <summary>False when it is not parked (any more).</summary>
    public async Task<bool> DiscardAsync(ParkedItem item, string reason, string actor)
    {
        var done = await DiscardAllAsync([item], reason, actor) == 1;
        if (done)
            log.ParkedActed(actor, "discarded", item.Kind.Word(), item.Id, reason);
        return done;
    }

    /// <summary>
    /// Messages all at once, or one after the other at a rate: each then has its time, which the outbox keeps over
    /// restarts. Receipts as many as one call handles.
    /// </summary>
    public async Task<ParkedManyAnswer> ResumeManyAsync(
        ParkedSelection selection, string? reason, double? perSecond, string actor)
    {
        var receipts = selection.TakesReceipts
            ? await ManyAsync(
                selection with { Kind = ParkedKind.Receipt }, "resumed", reason, actor,
                items => ResumeAllAsync(items, actor))
            : new ParkedManyAnswer(0, false);
        if (!selection.TakesMessages)
            return receipts;
        var destinations = (await outbox.ListParkedGroupsAsync())
            .Where(group => selection.Destination is null || group.Destination == selection.Destination)
            .Select(group => group.Destination).Distinct(StringComparer.Ordinal).ToList();
        var (now, done) = (time.GetUtcNow(), 0);
        for (var part = PerCallMax; part == PerCallMax; done += part)
        {
            var at = now + TimeSpan.FromSeconds(perSecond is { } rate ? done / rate : 0);
            part = await outbox.ResumeManyAsync(
                new ParkedFilter(selection.Destination, selection.Reason), actor, at, perSecond, PerCallMax);
            foreach (var destination in destinations)
                await grains.GetGrain<IRetryGrain>(destination).ScheduleAsync(now);
        }

        log.ParkedManyActed(
            actor, perSecond is { } each ? $"resumed at {each} a second" : "resumed", done, selection.ToString(),
            reason);
        return receipts with { Count = receipts.Count + done };
    }

    public Task<ParkedManyAnswer> DiscardManyAsync(ParkedSelection selection, string reason, string actor) =>
        ManyAsync(selection, "discarded", reason, actor, items => DiscardAllAsync(items, reason, actor));

    private async Task<ParkedManyAnswer> ManyAsync(
        ParkedSelection selection, string act, string? reason, string actor,
        Func<IReadOnlyList<ParkedItem>, Task<int>> handle)
    {
        int seen = 0, done = 0;
        string? cursor = null;
        do
        {
            // What is handled leaves the list, and the cursor goes on behind what was refused: no row comes twice.
            var page = await parked.ListAsync(selection, new PageRequest(AtOnceMax, cursor));
            done += await handle(page.Items);
            seen += page.Items.Count;
            cursor = page.NextCursor;
        }
        while (cursor is not null && seen < PerCallMax);
        log.ParkedManyActed(actor, act, done, selection.ToString(), reason);
        return new ParkedManyAnswer(done, cursor is not null);
    }

    private async Task<int> ResumeAllAsync(IReadOnlyList<ParkedItem> items, string actor)
    {
        var now = time.GetUtcNow();
        var receipts = await Task.WhenAll(
            items.Where(item => item.Kind == ParkedKind.Receipt).Select(item => inbox.ResumeAsync(item.Id)));
        if (receipts.Contains(true))
            waker.Wake();
        var destinations = await Task.WhenAll(
            items.Where(item => item.Kind == ParkedKind.Message)
                .Select(item => outbox.ResumeAsync(item.Id, actor, now)));
        foreach (var destination in destinations.OfType<string>().Distinct(StringComparer.Ordinal))
            await grains.GetGrain<IDestinationGrain>(destination).NudgeAsync();
        return receipts.Count(done => done) + destinations.Count(destination => destination is not null);
    }

    private async Task<int> DiscardAllAsync(IReadOnlyList<ParkedItem> items, string reason, string actor)
    {
        var now = time.GetUtcNow();
        // A receipt has no column for the actor: the reason says who.
        var done = await Task.WhenAll(items.Select(item => item.Kind == ParkedKind.Receipt
            ? inbox.DiscardAsync(item.Id, $"Discarded by {actor}: {reason}", now)
            : DiscardMessageAsync(item, reason, actor, now)));
        return done.Count(discarded => discarded);
    }

    /// <summary>The order hears of it first: after a crash in between, the message is still parked.</summary>
    private async Task<bool> DiscardMessageAsync(ParkedItem item, string reason, string actor, DateTimeOffset now)
    {
        if (item.OrderKey is { } order)
            await grains.GetGrain<IAnswerReceiver>(order).DiscardedAsync(item.Id, actor);
        return await outbox.DiscardAsync(item.Id, actor, reason, now);
    }
}
