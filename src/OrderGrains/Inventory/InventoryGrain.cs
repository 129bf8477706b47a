using OrderGrains.Connectors;
using Orleans.Concurrency;

namespace OrderGrains.Inventory;

/// <inheritdoc cref="IInventoryGrain"/>
[Reentrant]
[CollectionAgeLimit(Hours = 2)]
internal sealed class InventoryGrain(IStockStore store, TimeProvider time) : Grain, IInventoryGrain
{
    private readonly Dictionary<(OrderKey Order, string LineId), Reservation> held = [];
    private readonly Dictionary<(OrderKey Order, string LineId), Reservation> ended = [];
    private readonly SortedSet<Reservation> line = new(ByPlacement.Instance);
    private readonly Dictionary<string, Task<StockAnswer>> adjusting = new(StringComparer.Ordinal);
    private StockKey key;
    private StockLevel level;
    private PendingCommit pending = new();
    private Task committing = Task.CompletedTask;
    private int lookUps;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = StockKey.Parse(this.GetPrimaryKeyString());
        var stored = await store.LoadAsync(key);
        level = stored.Level;
        foreach (var reservation in stored.Held)
            Remember(reservation);
    }

    public async Task<ReservationAnswer> ReserveAsync(ReservationRequest request)
    {
        var id = (request.Order, request.LineId);
        if (!held.TryGetValue(id, out var before) && request.Consumed > 0)
            before = await FindEndedAsync(id);

        var othersWait = line.Count > (before is { State: ReservationState.Waiting } ? 1 : 0);
        var (next, after, outcome) = StockRules.Reserve(level, before, request, othersWait);
        if (after is null || after == before)
        {
            // Nothing to write, but what this answer rests on may still be on its way to the database.
            await committing;
        }
        else
        {
            level = next;
            Remember(after);
            // Before the grants: whoever was placed first is served at once, and that is what must be written.
            pending.Reservations[id] = after;
            GrantWaiting();
            await CommitAsync();
        }

        after = held.GetValueOrDefault(id, after!);
        if (outcome == ReservationOutcome.Waiting && after is { Waiting: 0 })
            outcome = ReservationOutcome.Held;
        return new ReservationAnswer(outcome, after?.Quantity ?? 0, after?.Waiting ?? 0, level.AsOf is not null);
    }

    public async Task<StockAnswer> CountAsync(int onHand, DateTimeOffset asOf, string movementId)
    {
        // The database keeps microseconds: with finer ticks, a count that is stored would look older than itself.
        asOf = asOf.AddTicks(-(asOf.Ticks % TimeSpan.TicksPerMicrosecond));
        if (level.AsOf is { } known && asOf <= known)
            return await AnswerAsync(asOf == known && onHand == level.OnHand
                ? StockOutcome.Duplicate
                : StockOutcome.Stale);
        return await MoveAsync(onHand, asOf, new StockMovement(
            movementId, MovementKind.Counted, onHand - level.OnHand, onHand, "counted by the warehouse", asOf));
    }

    public async Task<StockAnswer> AdjustAsync(int delta, string reason, DateTimeOffset at, string movementId)
    {
        if (adjusting.TryGetValue(movementId, out var first))
        {
            var answer = await first;
            return answer.Outcome == StockOutcome.Applied ? answer with { Outcome = StockOutcome.Duplicate } : answer;
        }

        var mine = AdjustOnceAsync(delta, reason, at, movementId);
        adjusting[movementId] = mine;
        try
        {
            return await mine;
        }
        finally
        {
            adjusting.Remove(movementId);
        }
    }

    private async Task<StockAnswer> AdjustOnceAsync(int delta, string reason, DateTimeOffset at, string movementId)
    {
        if (await store.HasMovementAsync(key, movementId))
            return await AnswerAsync(StockOutcome.Duplicate);
        var onHand = (int)Math.Clamp((long)level.OnHand + delta, -1, int.MaxValue);
        var asOf = level.AsOf is { } known && known > at ? known : at;
        return await MoveAsync(onHand, asOf, new StockMovement(
            movementId, MovementKind.Adjusted, delta, onHand, reason, at));
    }

    public Task<StockAnswer> SetAsync(int onHand, string actor)
    {
        var now = time.GetUtcNow();
        return MoveAsync(onHand, now, new StockMovement(
            $"set:{Guid.CreateVersion7(now):N}", MovementKind.Set, onHand - level.OnHand, onHand, $"set by {actor}",
            now));
    }

    private async Task<StockAnswer> MoveAsync(int onHand, DateTimeOffset asOf, StockMovement movement)
    {
        if (StockRules.Count(level, onHand, asOf) is not { } counted)
            return await AnswerAsync(StockOutcome.BelowReserved);
        level = counted;
        pending.Movements.Add(movement);
        GrantWaiting();
        await CommitAsync();
        return await AnswerAsync(StockOutcome.Applied);
    }

    private async Task<StockAnswer> AnswerAsync(StockOutcome outcome)
    {
        await committing;
        return new StockAnswer(outcome, level.OnHand, level.Reserved);
    }

    /// <summary>First come, first served: whoever is first in line is served before anyone behind.</summary>
    private void GrantWaiting()
    {
        while (line.Min is { } first && StockRules.Grant(level, first) is var (next, after))
        {
            level = next;
            Remember(after);
            pending.Reservations[(after.Order, after.LineId)] = after;
            pending.Served.Add(after.Order);
        }
    }

    /// <summary>
    /// The reservation of a line that has shipped: only of such a line an ended one counts, and the rest stay on disk.
    /// What ends while the database is asked is not in its answer, so <see cref="ended"/> keeps it until nobody asks.
    /// </summary>
    private async Task<Reservation?> FindEndedAsync((OrderKey Order, string LineId) id)
    {
        if (ended.TryGetValue(id, out var known))
            return known;
        lookUps++;
        try
        {
            var stored = await store.FindReservationAsync(key, id.Order, id.LineId);
            return held.GetValueOrDefault(id) ?? ended.GetValueOrDefault(id) ?? stored;
        }
        finally
        {
            lookUps--;
        }
    }

    /// <summary>Drops what the database knows by now.</summary>
    private void ForgetEnded()
    {
        if (lookUps > 0)
            return;
        foreach (var id in ended.Keys.Where(id => !pending.Reservations.ContainsKey(id)).ToArray())
            ended.Remove(id);
    }

    private void Remember(Reservation reservation)
    {
        var id = (reservation.Order, reservation.LineId);
        ended.Remove(id);
        if (held.Remove(id, out var before))
            line.Remove(before);
        if (reservation is { State: ReservationState.Consumed or ReservationState.Released, Consumed: > 0 })
            ended[id] = reservation;
        if (reservation.State is ReservationState.Open or ReservationState.Waiting)
            held[id] = reservation;
        if (reservation.State == ReservationState.Waiting)
            line.Add(reservation);
    }

    /// <summary>Ends when what has gathered is durable. A failure fails everyone on it.</summary>
    private Task CommitAsync()
    {
        var mine = pending;
        if (!mine.Begun)
        {
            mine.Begun = true;
            committing = CommitNextAsync(committing);
        }

        return committing;
    }

    private async Task CommitNextAsync(Task previous)
    {
        try
        {
            await previous;
            var taken = pending;
            pending = new PendingCommit();
            var next = level with { Version = level.Version + 1 };
            var committed = await store.CommitAsync(new StockCommit
            {
                Key = key,
                ExpectedVersion = level.Version,
                Level = next,
                Reservations = [.. taken.Reservations.Values],
                Movements = taken.Movements,
                At = time.GetUtcNow(),
            });
            if (!committed)
                throw new StorageException($"Another activation of stock {key} has committed.");
            level = level with { Version = next.Version };
            ForgetEnded();
            foreach (var order in taken.Served)
                await GrainFactory.GetGrain<IStockWaiter>(order.ToString()).StockArrivedAsync();
        }
        catch (Exception)
        {
            // Memory is ahead of the database and nobody may build on it.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>What gathers for the next commit.</summary>
    private sealed class PendingCommit
    {
        public bool Begun { get; set; }
        public Dictionary<(OrderKey Order, string LineId), Reservation> Reservations { get; } = [];
        public List<StockMovement> Movements { get; } = [];
        public HashSet<OrderKey> Served { get; } = [];
    }

    private sealed class ByPlacement : IComparer<Reservation>
    {
        public static ByPlacement Instance { get; } = new();

        public int Compare(Reservation? x, Reservation? y)
        {
            var compared = x!.PlacedAt.CompareTo(y!.PlacedAt);
            if (compared == 0)
                compared = string.CompareOrdinal(x.Order.ToString(), y.Order.ToString());
            return compared != 0 ? compared : string.CompareOrdinal(x.LineId, y.LineId);
        }
    }
}
