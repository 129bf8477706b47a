using OrderGrains.Connectors;
using OrderGrains.Connectors.Wms;
using OrderGrains.Inventory;
using OrderGrains.Outbound;

namespace OrderGrains.Orders;

/// <inheritdoc cref="IOrderGrain"/>
/// <remarks>Write, then remember: memory changes after the commit
/// alone. A storage failure ends the activation.</remarks>
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class OrderGrain(
    IOrderStore store, OrderPolicies policies, Allocator allocator, OrderFeed feed, OrderMetrics metrics,
    TimeProvider time, ILogger<OrderGrain> log) : Grain, IOrderGrain
{
    /// <summary>Commits that may lose to another activation before the call fails.</summary>
    private const int ConflictsMax = 3;

    private OrderKey key;
    private StoredOrder? stored;

    /// <summary>A turn has lost to another activation, and may have told the stock what was not so.</summary>
    private bool restate;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = OrderKey.Parse(this.GetPrimaryKeyString());
        stored = await store.LoadAsync(key);
    }

    public Task<ReceiptOutcome> ApplyAsync(OrderChange change, ReceiptRef receipt) => GuardAsync(async () =>
    {
        var order = stored?.Order ?? new Order { Key = key, ReceivedAt = receipt.ReceivedAt };
        var decision = order.Events.Contains(receipt.EventKey)
            ? new Decision.Duplicate("this event took effect before")
            : OrderLifecycle.Decide(order, change, receipt.Warehouse);
        var turn = new Turn { Receipt = receipt, CausedAt = receipt.ReceivedAt };
        switch (decision)
        {
            case Decision.Accept accept:
                turn.Add(Entry("receipt.applied", $"{receipt.Topic}: {accept.Summary}", receipt.Id));
                if (accept.Said is { } said)
                    turn.Add(Entry(Turn.SaidKind, said, receipt.Id));
                if (receipt.Note is { } note)
                    turn.Add(Entry("receipt.noted", note, receipt.Id));
                var next = accept.Next with { Events = accept.Next.Events.With(receipt.EventKey) };
                await SettleAsync(next, turn);
                return ReceiptOutcome.Applied;
            case Decision.Duplicate duplicate:
                return await RecordAsync(turn, ReceiptOutcome.Duplicate, duplicate.Reason);
            case Decision.Stale stale:
                return await RecordAsync(turn, ReceiptOutcome.Stale, stale.Reason);
            case Decision.Reject reject:
                await RequireNewestAsync();
                return await RecordAsync(turn, ReceiptOutcome.Parked, reject.Reason);
            default:
                throw new InvalidOperationException($"No case for {decision.GetType().Name}.");
        }
    });

    public Task AnswerAsync(DeliveredMessage message, WarehouseAnswer answer) => GuardAsync(async () =>
    {
        if (stored is null)
            throw new InvalidOperationException($"Order {key} has no row, but message {message.MessageId} names it.");
        var (next, kind, summary) = ReleaseAnswers.Fold(stored.Order, message, answer);
        var turn = new Turn { Delivered = message.MessageId, CausedAt = message.CausedAt };
        turn.Add(Entry(kind, summary, messageId: message.MessageId));
        await SettleAsync(next, turn);
        if (kind == "release.accepted" && message.CausedAt is { } causedAt)
            metrics.ReleasedAfter(key.Source, time.GetUtcNow() - causedAt);
        // Hours pass until a parcel leaves: kept in memory, it would only be copied by each collection of garbage.
        if (stored.Order.Status == OrderStatus.Released)
            DeactivateOnIdle();
        return true;
    });

    public Task DiscardedAsync(Guid messageId, string actor) => GuardAsync(async () =>
    {
        if (stored is not null && ReleaseAnswers.FoldDiscard(stored.Order, messageId, actor) is var next
            && next != stored.Order)
        {
            await SettleAsync(next, new Turn());
        }

        return true;
    });

    public Task StockChangedAsync() => GuardAsync(async () =>
    {
        restate = true;
        if (stored is { Order.Allocations.Count: > 0 })
            await SettleAsync(stored.Order, new Turn());
        return true;
    });

    public Task StockShortAsync(StockKey stock, int units) => GuardAsync(async () =>
    {
        if (stored?.Order.Allocations.Any(a => a.Location == stock.Location && a.Sku == stock.Sku) == true)
        {
            await NoteAsync("stock.short", $"{stock.Location} counted {units} {stock.Sku} fewer than its warehouse has "
                + "orders for: this one may not ship whole");
        }

        return true;
    });

    public Task<bool> ReviewAsync(StockKey stock, string lineId) => GuardAsync(async () =>
    {
        await RequireNewestAsync();
        if (stored?.Order.Allocations.Any(
            a => a.LineId == lineId && a.Location == stock.Location && a.Sku == stock.Sku) == true)
            return false;
        var consumed = stored is null ? 0 : OrderFacts.ConsumedUnits(stored.Order, lineId, stock.Location);
        await GrainFactory.Find<IInventoryGrain>(stock.ToString()).ReserveAsync(
            new ReservationRequest(key, lineId, 0, consumed, time.GetUtcNow(), MayWait: false));
        if (stored is not null)
        {
            await NoteAsync("reservation.orphan_released",
                $"what line {lineId} had of {stock.Sku} at {stock.Location} is given back: nothing needs it");
        }

        return true;
    });

    public Task<ActAnswer> ActAsync(OrderAct act, string actor) => GuardAsync(async () =>
    {
        if (stored is null)
            return new ActAnswer(false, null);
        switch (OrderActs.Decide(stored.Order, act, actor))
        {
            case Decision.Accept accept:
                var turn = new Turn();
                var kind = $"operator.{act.ToString().ToLowerInvariant()}";
                turn.Add(new TimelineEntry(time.GetUtcNow(), kind, accept.Summary, Actor: actor));
                await SettleAsync(accept.Next, turn);
                return new ActAnswer(true, null);
            case Decision.Reject reject:
                return new ActAnswer(true, reject.Reason);
            default:
                throw new InvalidOperationException("An act is accepted or rejected.");
        }
    });

    /// <summary>Fits reservations and releases to the facts, and commits all of it with what caused it.</summary>
    private async Task SettleAsync(Order next, Turn turn)
    {
        var policy = policies.Get(key.Source);
        var factsAreAsStored = ReferenceEquals(next, stored?.Order);
        next = policies.WithBundles(next);
        var now = time.GetUtcNow();
        var allocated = await allocator.AllocateAsync(
            OrderNeeds.Of(next, policy, stored?.Order, now, restate, RequireNewestAsync));
        next = OrderNeeds.Drop(next, allocated.Unserved) with
        {
            Allocations = allocated.Allocations,
            ReservedUntil = allocated.Allocations.Count > 0 ? OrderFacts.ReservedUntil(next, policy) : null,
        };
        turn.ExplainStock(stored?.Order, next, OrderNeeds.IsExpired(next, policy, now), now);
        var plan = ReleasePlan.Of(next, policy, () => Guid.CreateVersion7(time.GetUtcNow()));
        var before = stored?.Order.Status;
        turn.Explain(plan, before, now);
        if (factsAreAsStored && turn.IsEmpty && plan.Next.Allocations.SequenceEqual(stored!.Order.Allocations))
            return;
        var at = time.GetUtcNow();
        await CommitAsync(plan.Next, plan, turn, at);
        metrics.Settled(plan.Next, before, turn.Receipt);
        feed.Publish(new OrderChanged(key.ToString(), plan.Next.Status, time.GetUtcNow()));
        foreach (var destination in plan.Messages.Select(m => m.Release.Warehouse).Distinct(StringComparer.Ordinal))
            await GrainFactory.Find<IDestinationGrain>(destination).NudgeAsync(at);
    }

    /// <summary>A line of the timeline that changes nothing else.</summary>
    private Task NoteAsync(string kind, string summary)
    {
        var turn = new Turn();
        turn.Add(Entry(kind, summary));
        return CommitAsync(null, null, turn, time.GetUtcNow());
    }

    /// <summary>Writes down what had no effect: the receipt's outcome and a line of the timeline.</summary>
    private async Task<ReceiptOutcome> RecordAsync(Turn turn, ReceiptOutcome outcome, string reason)
    {
        var receipt = turn.Receipt!;
        turn.Add(Entry($"receipt.{outcome.ToString().ToLowerInvariant()}", $"{receipt.Topic}: {reason}", receipt.Id));
        await CommitAsync(null, null, turn, time.GetUtcNow(), outcome, reason);
        return outcome;
    }

    private async Task CommitAsync(
        Order? next, ReleasePlan? plan, Turn turn, DateTimeOffset now,
        ReceiptOutcome outcome = ReceiptOutcome.Applied, string? reason = null)
    {
        var expected = stored?.Version ?? 0;
        var committed = await store.CommitAsync(new OrderCommit
        {
            Key = key,
            Next = next,
            ExpectedVersion = expected,
            Timeline = turn.Timeline,
            Messages = [.. (plan?.Messages ?? []).Select(m => Message(m, turn, now))],
            Superseded = plan?.Superseded ?? [],
            Delivered = turn.Delivered,
            Receipt = turn.Receipt is { } receipt
                ? new ReceiptSettlement(receipt.Id, outcome, reason ?? receipt.Note, key, now) : null,
            At = now,
        });
        if (!committed)
            throw new VersionConflictException();
        if (next is not null)
            stored = new StoredOrder(next, expected + 1);
        OrderApplied(key.ToString(), Name(stored?.Order.Status), turn.Log(),
            stored?.Version ?? 0, outcome);
    }

    /// <summary>Runs one turn; reloads and runs it again when another activation has committed.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> turn)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                var answer = await turn();
                restate = false;
                return answer;
            }
            catch (VersionConflictException) when (conflicts < ConflictsMax)
            {
                stored = await store.LoadAsync(key);
                restate = true;
            }
            catch (Exception)
            {
                // The outcome may be unknown: only the database can tell.
                DeactivateOnIdle();
                throw;
            }
        }
    }

    /// <summary>
    /// A rejection writes no state, so no version fences it; and unlike a duplicate or a stale change, what was wrong
    /// for an old state may be right for the newest. And units that an old state gives back may be the newest's.
    /// </summary>
    private async Task RequireNewestAsync()
    {
        if ((await store.LoadAsync(key))?.Version != stored?.Version)
            throw new VersionConflictException();
    }

    private OutboundMessage Message(PlannedMessage planned, Turn turn, DateTimeOffset now) => new()
    {
        Id = planned.Id,
        Destination = planned.Release.Warehouse,
        Kind = planned.Kind,
        OrderKey = key,
        Reference = planned.Release.Reference,
        Body = planned.Request is { } request ? ReleaseRequestJson.Serialize(request) : default,
        CreatedAt = now,
        NextAttemptAt = now,
        CausedAt = turn.CausedAt,
        TraceParent = System.Diagnostics.Activity.Current?.Id,
    };

    private TimelineEntry Entry(string kind, string summary, Guid? receiptId = null, Guid? messageId = null) =>
        new(time.GetUtcNow(), kind, summary, receiptId, messageId);

    private static string Name(OrderStatus? status) => status?.ToString() ?? "";

    /// <summary>Another activation has committed first.</summary>
    private sealed class VersionConflictException : Exception;
}
