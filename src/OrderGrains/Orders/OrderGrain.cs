using OrderGrains.Inventory;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <inheritdoc cref="IOrderGrain"/>
/// <remarks>
/// Write, then remember: memory changes after the commit alone. A storage failure ends the activation. It is where its
/// first webhook is applied: what comes of it then stays in one process.
/// </remarks>
[CollectionAgeLimit(Minutes = 2)]
[Orleans.Placement.PreferLocalPlacement]
internal sealed partial class OrderGrain(
    IOrderStore store, IStockStore stock, IOutbox outbox, OrderPolicies policies, Allocator allocator,
    Subscriptions subscriptions, Shops shops, OrderFeed feed, OrderMetrics metrics, TimeProvider time,
    ILogger<OrderGrain> log) : Grain, IOrderGrain
{
    private OrderKey _key;
    private StoredOrder? _stored;

    /// <summary>
    /// What the stock holds for the order, where that is not what <see cref="_stored"/> counts on: a turn failed
    /// between the two. Null: its allocations are right.
    /// </summary>
    private IReadOnlyList<Allocation>? _held;

    /// <summary>A turn has failed, and may have told the stock what was not so.</summary>
    private bool _restate;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = OrderKey.Parse(this.GetPrimaryKeyString());
        return LoadAsync();
    }

    public Task<ReceiptOutcome> ApplyAsync(OrderChange change, ReceiptRef receipt) => GuardAsync(async () =>
    {
        RequireSource();
        var order = _stored?.Order ?? new Order { Key = _key, ReceivedAt = receipt.ReceivedAt };
        var decision = order.Events.Contains(receipt.EventKey)
            ? new Decision.Duplicate("this event took effect before")
            : OrderLifecycle.Decide(order, change, receipt.Warehouse);
        var turn = new Turn { Receipt = receipt, CausedAt = receipt.ReceivedAt };
        switch (decision)
        {
            case Decision.Accept accept:
                var applied = Entry(TimelineKind.ReceiptApplied, $"{receipt.Topic}: {accept.Summary}", receipt.Id);
                turn.Add(applied with { Said = accept.Said });
                if (receipt.Note is { } note)
                    turn.Add(Entry(TimelineKind.ReceiptNoted, note, receipt.Id));
                var next = Planted.Is(PlantedFault.ForgetsEvent)
                    ? accept.Next : accept.Next with { Events = accept.Next.Events.With(receipt.EventKey) };
                await SettleAsync(next, turn);
                return ReceiptOutcome.Applied;
            case Decision.Duplicate duplicate:
                return await RecordAsync(turn, ReceiptOutcome.Duplicate, duplicate.Reason, duplicate.Next);
            case Decision.Stale stale:
                return await RecordAsync(turn, ReceiptOutcome.Stale, stale.Reason, stale.Next);
            case Decision.Reject reject:
                await RequireNewestAsync();
                return await RecordAsync(turn, ReceiptOutcome.Parked, reject.Reason);
            default:
                throw new InvalidOperationException($"No case for {decision.GetType().Name}.");
        }
    });

    public Task StockChangedAsync() => GuardAsync(async () =>
    {
        RequireSource();
        _restate = true;
        if (_stored is not null && (_stored.Order.Allocations.Count > 0 || _held is not null))
            await SettleAsync(_stored.Order, new Turn());
        return true;
    });

    public Task StockShortAsync(StockKey stock, int units) => GuardAsync(async () =>
    {
        if (_stored?.Order.Allocations.Any(a => a.Location == stock.Location && a.Sku == stock.Sku) == true)
        {
            await NoteAsync(
                TimelineKind.StockShort,
                $"{stock.Location} counted {units} {stock.Sku} fewer than its warehouse has orders for: "
                + "this one may not ship whole");
        }

        return true;
    });

    public Task<bool> ReviewAsync() => GuardAsync(async () =>
    {
        RequireSource();
        await LoadAsync();
        var leftover = _stored?.Order is { Allocations.Count: > 0 } order && OrderStatusRules.IsOver(order.Status);
        if (_held is null && !leftover)
            return false;
        if (_stored is not null)
            await SettleAsync(_stored.Order, new Turn());
        else
            await AllocateAsync(new Order { Key = _key, ReceivedAt = time.GetUtcNow() }, new Turn(), time.GetUtcNow());
        return true;
    });

    public Task<ActAnswer> ActAsync(OrderAct act, string actor, string? reason) => DecideAsync(
        act switch
        {
            OrderAct.Hold => TimelineKind.OperatorHold,
            OrderAct.Resume => TimelineKind.OperatorResume,
            _ => TimelineKind.OperatorCancel,
        },
        actor, order => OrderActs.Decide(order, act, actor, reason, time.GetUtcNow()));

    public Task<ActAnswer> TakeBackAsync(string reference, string shipmentId, string actor) => DecideAsync(
        TimelineKind.OperatorTakeBack, actor, order => shops.Find(_key.Source) is { Parcels: true }
            ? ParcelPlan.TakeBack(order, reference, shipmentId)
            : new Decision.Reject($"{_key.Source} is told of no parcels"));

    /// <summary>Does what an operator asks, or says why not.</summary>
    private Task<ActAnswer> DecideAsync(TimelineKind kind, string actor, Func<Order, Decision> decide) =>
        GuardAsync(async () =>
        {
            if (_stored is null)
                return new ActAnswer(false, null);
            if (!policies.Knows(_key.Source))
                return new ActAnswer(true, $"its source {_key.Source} is not configured");
            switch (decide(_stored.Order))
            {
                case Decision.Accept accept:
                    var turn = new Turn();
                    turn.Add(new TimelineEntry(
                        time.GetUtcNow(), kind, accept.Summary, Actor: actor, Said: accept.Said));
                    await SettleAsync(accept.Next, turn);
                    return new ActAnswer(true, null);
                case Decision.Reject reject:
                    return new ActAnswer(true, reject.Reason);
                default:
                    throw new InvalidOperationException("An act is accepted or rejected.");
            }
        });

    /// <summary>Plans nothing, so that it is done for a source too that is not configured any more.</summary>
    public Task<RedactAnswer> RedactAsync(string actor) => GuardAsync(async () =>
    {
        if (_stored is null)
            return RedactAnswer.Unknown;
        var now = time.GetUtcNow();
        var order = _stored.Order with { Redaction = _stored.Order.Redaction ?? new Redaction(actor, now) };
        var due = Redaction.IsDue(order);
        var turn = new Turn();
        turn.Add(new TimelineEntry(now, TimelineKind.OrderRedacted,
            due ? "personal data is erased" : "personal data is erased once the order is shipped or cancelled",
            Actor: actor));
        await CommitAsync(order, [], [], turn, now);
        feed.Publish(new OrderChanged(_key.ToString(), order.Status, now));
        return due ? RedactAnswer.Done : RedactAnswer.WhenOver;
    });

    /// <summary>
    /// What a silo with another configuration would plan is wrong: it knows no location, and nobody would plan again.
    /// The next call may come to one that knows the source.
    /// </summary>
    private void RequireSource()
    {
        if (!policies.Knows(_key.Source))
            throw new SourceUnknownException(_key.Source);
    }

    /// <summary>Fits reservations and releases to the facts, and commits all of it with what caused it.</summary>
    private async Task SettleAsync(Order next, Turn turn)
    {
        var policy = policies.Get(_key.Source);
        var factsAreAsStored = ReferenceEquals(next, _stored?.Order);
        next = ReleasePlan.Close(policies.WithBundles(next));
        var now = time.GetUtcNow();
        var allocated = await AllocateAsync(next, turn, now);
        next = OrderNeeds.Drop(next, allocated.Unserved) with
        {
            Allocations = allocated.Allocations,
            ReservedUntil = allocated.Allocations.Count > 0 ? OrderFacts.ReservedUntil(next, policy) : null,
            Excess = factsAreAsStored ? next.Excess : OrderExcess.Of(_stored?.Order, next),
        };
        turn.ExplainExcess(_stored?.Order, next, now);
        turn.ExplainStock(_stored?.Order, next, OrderNeeds.IsExpired(next, policy, now), now);
        var plan = ReleasePlan.Of(next, policy, NewId);
        var parcels = shops.Find(_key.Source) is { Parcels: true }
            ? ParcelPlan.Of(_stored?.Order, plan.Next, NewId) : new ParcelPlan(plan.Next, [], []);
        var before = _stored?.Order.Status;
        turn.Explain(plan, policy, before, now);
        if (factsAreAsStored && turn.IsEmpty && plan.Next.Allocations.SequenceEqual(_stored!.Order.Allocations))
            return;
        var at = time.GetUtcNow();
        var messages = await CommitAsync(
            parcels.Next,
            [.. plan.Messages.Select(m => Message(m, turn, at)), .. parcels.Messages.Select(p => Message(p, turn, at))],
            [.. plan.Superseded, .. parcels.Superseded], turn, at);
        metrics.Settled(plan.Next, before, turn.Receipt);
        feed.Publish(new OrderChanged(_key.ToString(), plan.Next.Status, time.GetUtcNow()));
        foreach (var destination in messages.Select(message => message.Destination).Distinct(StringComparer.Ordinal))
            await GrainFactory.Find<IDestinationGrain>(destination).NudgeAsync(at, _key.Source);
    }

    /// <summary>Makes the stock be as the order needs it, and says what a turn that failed had left there.</summary>
    private async Task<AllocationOutcome> AllocateAsync(Order next, Turn turn, DateTimeOffset now)
    {
        Task? fence = null;
        var outcome = await allocator.AllocateAsync(OrderNeeds.Of(
            next, policies.Get(_key.Source), _stored?.Order, _held, now, _restate, () => fence ??= FenceAsync()));
        foreach (var (place, units) in HeldUnits.GivenBack(next.Allocations, _held ?? [], outcome.Allocations))
        {
            OrphanReleased(_key.ToString(), place.LineId, place.Sku, place.Location, units);
            turn.Add(Entry(TimelineKind.ReservationOrphanReleased,
                $"{units} × {place.Sku} at {place.Location} for line {place.LineId} are given back: nothing needs "
                + "them", turn.Receipt?.Id));
        }

        _held = null;
        return outcome;
    }

    /// <summary>A line of the timeline that changes nothing else.</summary>
    private async Task NoteAsync(TimelineKind kind, string summary)
    {
        var turn = new Turn();
        turn.Add(Entry(kind, summary));
        await CommitAsync(null, [], [], turn, time.GetUtcNow());
    }

    /// <summary>Writes down what had no effect: the receipt's outcome and a line of the timeline.</summary>
    private async Task<ReceiptOutcome> RecordAsync(
        Turn turn, ReceiptOutcome outcome, string reason, Order? next = null)
    {
        var receipt = turn.Receipt!;
        var kind = outcome switch
        {
            ReceiptOutcome.Duplicate => TimelineKind.ReceiptDuplicate,
            ReceiptOutcome.Stale => TimelineKind.ReceiptStale,
            _ => TimelineKind.ReceiptParked,
        };
        turn.Add(Entry(kind, $"{receipt.Topic}: {reason}", receipt.Id));
        await CommitAsync(next, [], [], turn, time.GetUtcNow(), outcome, reason);
        return outcome;
    }

    /// <summary>The messages that went into the outbox with it.</summary>
    private async Task<IReadOnlyList<OutboundMessage>> CommitAsync(
        Order? next, IReadOnlyList<OutboundMessage> asked, IReadOnlyList<Guid> superseded, Turn turn,
        DateTimeOffset now, ReceiptOutcome outcome = ReceiptOutcome.Applied, string? reason = null)
    {
        var expected = _stored?.Version ?? 0;
        var redacts = Redaction.IsDue(next ?? _stored?.Order);
        if (next is not null && redacts)
            next = Redaction.Apply(next);
        OutboundMessage[] messages = [.. asked, .. News(next, expected + 1, turn, now)];
        var committed = await store.CommitAsync(new OrderCommit
        {
            Key = _key,
            Next = next,
            ExpectedVersion = expected,
            Timeline = turn.Timeline,
            Messages = messages,
            Superseded = superseded,
            Delivered = turn.Delivered,
            Receipt = turn.Receipt is { } receipt
                ? new ReceiptSettlement(receipt.Id, outcome, reason ?? receipt.Note, _key, now) : null,
            Redacts = redacts,
            At = now,
        });
        if (!committed)
            throw new VersionConflictException();
        if (next is not null)
            _stored = new StoredOrder(next, expected + 1);
        OrderApplied(_key.ToString(), Name(_stored?.Order.Status), turn.Log(),
            _stored?.Version ?? 0, outcome);
        return messages;
    }

    private TimelineEntry Entry(TimelineKind kind, string summary, Guid? receiptId = null, Guid? messageId = null) =>
        new(time.GetUtcNow(), kind, summary, receiptId, messageId);

    private Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    private static string Name(OrderStatus? status) => status?.ToString() ?? "";
}
