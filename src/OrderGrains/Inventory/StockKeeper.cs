using OrderGrains.Connectors;

namespace OrderGrains.Inventory;

/// <summary>
/// What one activation does with one stock: calls interleave, apply in memory and share commits, and nobody is answered
/// before the commit that holds their change. A commit that fails, or loses to another activation, fails everyone on it
/// and behind it: this one is then of no more use. For one thread at a time.
/// </summary>
internal sealed class StockKeeper(StockKey key, StoredStock stored, IStockStore store, TimeProvider time)
{
    private readonly StockBook book = new(stored);
    private readonly Dictionary<string, Task<StockAnswer>> adjusting = new(StringComparer.Ordinal);

    /// <summary>Ended reservations that a look-up in the database may not see yet.</summary>
    private readonly Dictionary<ReservationId, Reservation> ended = [];

    /// <summary>How many look-ups of an ended reservation are under way.</summary>
    private readonly Dictionary<ReservationId, int> lookUps = [];

    private StockChanges committed = new();
    private int shortSaid = stored.Level.Shortfall;
    private Task committing = Task.CompletedTask;
    private bool gathering;

    /// <summary>Memory is ahead of the database, and nobody may build on it.</summary>
    public required Action Broken { get; init; }

    /// <summary>Tells an order that units came for it, or were taken back.</summary>
    public required Func<OrderKey, Task> Nudge { get; init; }

    /// <summary>Tells people that warehouses have orders for more units than were counted.</summary>
    public required Func<int, Task> SayShort { get; init; }

    internal StockLevel Level => book.Level;

    public async Task<ReservationAnswer> ReserveAsync(ReservationRequest request)
    {
        var id = new ReservationId(request.Order, request.LineId);
        var before = book.Find(id);
        if (before is null && request.Consumed > 0)
            before = await FindEndedAsync(id);

        var (after, outcome, changed) = book.Reserve(request, before);
        var available = outcome == ReservationOutcome.Insufficient ? book.AvailableTo(before) : 0;
        if (changed)
            KeepEnded(after!);

        // An order ships on the word that units are held. So even where nothing changes, the version must prove that no
        // other activation has given them away meanwhile. A "no" may be old: the order then waits in line.
        if (changed || outcome != ReservationOutcome.Insufficient)
            await CommitAsync();
        else
            await committing;

        after = book.Find(id) ?? after;
        if (outcome == ReservationOutcome.Waiting && after is { Waiting: 0 })
            outcome = ReservationOutcome.Held;
        return new ReservationAnswer(
            outcome, after?.Quantity ?? 0, after?.Waiting ?? 0, book.Level.AsOf is not null, available,
            after?.AtWarehouse ?? 0);
    }

    public async Task<StockAnswer> CountAsync(int onHand, DateTimeOffset asOf, string movementId)
    {
        // The database keeps microseconds: with finer ticks, a count that is stored would look older than itself.
        asOf = asOf.AddTicks(-(asOf.Ticks % TimeSpan.TicksPerMicrosecond));
        if (book.Level.AsOf is { } known && asOf <= known)
            return await AnswerAsync(asOf == known && onHand == book.Level.Counted
                ? StockOutcome.Duplicate
                : StockOutcome.Stale);
        return await MoveAsync(asOf, new StockMovement(
            movementId, MovementKind.Counted, onHand - book.Level.Counted, onHand, "counted by the warehouse", asOf));
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

    public async Task<StockAnswer> SetAsync(int onHand, string actor)
    {
        if (onHand < book.Level.Reserved)
            return await AnswerAsync(StockOutcome.BelowReserved);
        var now = time.GetUtcNow();
        return await MoveAsync(now, new StockMovement(
            $"set:{Guid.CreateVersion7(now):N}", MovementKind.Set, onHand - book.Level.Counted, onHand,
            $"set by {actor}", now));
    }

    private async Task<StockAnswer> AdjustOnceAsync(int delta, string reason, DateTimeOffset at, string movementId)
    {
        if (await store.HasMovementAsync(key, movementId))
            return await AnswerAsync(StockOutcome.Duplicate);
        var counted = (int)Math.Clamp((long)book.Level.Counted + delta, 0, int.MaxValue);
        var asOf = book.Level.AsOf is { } known && known > at ? known : at;
        return await MoveAsync(asOf, new StockMovement(movementId, MovementKind.Adjusted, delta, counted, reason, at));
    }

    private async Task<StockAnswer> MoveAsync(DateTimeOffset asOf, StockMovement movement)
    {
        var takenBack = book.Count(movement.OnHand, asOf);
        if (takenBack > 0)
            movement = movement with { Reason = $"{movement.Reason}; {takenBack} reserved units went back to waiting" };
        book.Changes.Movements.Add(movement);
        await CommitAsync();
        return Now(StockOutcome.Applied);
    }

    private async Task<StockAnswer> AnswerAsync(StockOutcome outcome)
    {
        await committing;
        return Now(outcome);
    }

    private StockAnswer Now(StockOutcome outcome) =>
        new(outcome, book.Level.OnHand, book.Level.Reserved, book.Level.Shortfall);

    /// <summary>
    /// The reservation of a line that has shipped: only of such a line an ended one counts, and the rest stay on disk.
    /// </summary>
    private async Task<Reservation?> FindEndedAsync(ReservationId id)
    {
        if (ended.TryGetValue(id, out var known))
            return known;
        lookUps[id] = lookUps.GetValueOrDefault(id) + 1;
        try
        {
            var found = await store.FindReservationAsync(key, id.Order, id.LineId);
            if ((book.Find(id) ?? ended.GetValueOrDefault(id)) is { } mine)
                return mine;
            if (found is not { State: ReservationState.Open or ReservationState.Waiting })
                return found;
            Broken();
            throw AnotherCommitted();
        }
        finally
        {
            if (--lookUps[id] == 0)
                lookUps.Remove(id);
            Forget(id);
        }
    }

    private StorageException AnotherCommitted() => new($"Another activation of stock {key} has committed.");

    private void KeepEnded(Reservation after)
    {
        if (after.State is ReservationState.Consumed or ReservationState.Released)
            ended[after.Id] = after;
        else
            ended.Remove(after.Id);
    }

    /// <summary>Drops an ended reservation that the database has, and that every look-up under way will find.</summary>
    private void Forget(ReservationId id)
    {
        if (!lookUps.ContainsKey(id) && !committed.Reservations.ContainsKey(id)
            && !book.Changes.Reservations.ContainsKey(id))
        {
            ended.Remove(id);
        }
    }

    /// <summary>Ends when what has gathered is durable. A failure fails everyone on it.</summary>
    private Task CommitAsync()
    {
        if (!gathering)
        {
            gathering = true;
            committing = CommitNextAsync(committing);
        }

        return committing;
    }

    private async Task CommitNextAsync(Task previous)
    {
        try
        {
            await previous;
            gathering = false;
            committed = book.TakeChanges();
            var level = book.Level with { Version = book.Level.Version + 1 };
            var done = await store.CommitAsync(new StockCommit
            {
                Key = key,
                ExpectedVersion = book.Level.Version,
                Level = level,
                Reservations = committed.Reservations.Values,
                Movements = committed.Movements,
                At = time.GetUtcNow(),
            });
            if (!done)
                throw AnotherCommitted();
            book.Committed(level.Version);
            var written = committed;
            committed = new StockChanges();
            foreach (var id in written.Reservations.Keys)
                Forget(id);
            foreach (var order in written.Nudged)
                await Nudge(order);
            if (level.Shortfall > shortSaid)
                await SayShort(level.Shortfall);
            shortSaid = level.Shortfall;
        }
        catch (Exception)
        {
            Broken();
            throw;
        }
    }
}
