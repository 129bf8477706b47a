
using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>
/// What one activation does with one stock: calls interleave, apply in memory and share commits, and nobody is answered
/// before the commit that holds their change. A commit that fails, or loses to another activation, fails everyone on it
/// and behind it: this one is then of no more use. For one thread at a time.
/// </summary>
internal sealed class StockKeeper
{
    private readonly StockKey _key;
    private readonly IStockStore _store;
    private readonly TimeProvider _time;
    private readonly StockBook _book;
    private readonly LineHistory _lines;
    private readonly Dictionary<string, Task<StockAnswer>> _adjusting = new(StringComparer.Ordinal);

    private StockChanges _committed = new();
    private int _shortSaid;
    private Task _committing = Task.CompletedTask;
    private bool _gathering;

    /// <summary>The history is being asked for its sum: until then, nothing may move.</summary>
    private TaskCompletionSource? _asking;

    public StockKeeper(StockKey key, StoredStock stored, IStockStore store, TimeProvider time)
    {
        (_key, _store, _time) = (key, store, time);
        _book = new StockBook(stored);
        (CommittedLevel, _shortSaid) = (stored.Level, stored.Level.Shortfall);
        _lines = new LineHistory(
            key, _book, store,
            id => _committed.Reservations.ContainsKey(id) || _book.Changes.Reservations.ContainsKey(id));
    }

    /// <summary>Memory is ahead of the database, and nobody may build on it.</summary>
    public required Action Broken { get; init; }

    /// <summary>Tells an order that units came for it, or were taken back.</summary>
    public required Func<OrderKey, Task> Nudge { get; init; }

    /// <summary>Messages that go with a commit, of the level before and after it.</summary>
    public Func<StockLevel, StockLevel, IReadOnlyList<OutboundMessage>> News { get; init; } = (_, _) => [];

    /// <summary>Those messages are durable.</summary>
    public Action<IReadOnlyList<OutboundMessage>> Told { get; init; } = _ => { };

    /// <summary>Tells people that warehouses have orders for more units than were counted.</summary>
    public required Func<int, Task> SayShort { get; init; }

    internal StockLevel Level => _book.Level;

    /// <summary>As of the latest commit.</summary>
    internal StockLevel CommittedLevel { get; private set; }

    public async Task<ReservationAnswer> ReserveAsync(ReservationRequest request)
    {
        while (_asking is { } asked)
            await asked.Task;
        if (!_lines.MustLookUp(request))
            return await ReserveAsync(request, null);
        using var lookUp = await _lines.LookUpAsync(request);
        while (_asking is { } asked)
            await asked.Task;
        return await ReserveAsync(request, lookUp);
    }

    public async Task<StockAnswer> CountAsync(
        int onHand, DateTimeOffset asOf, string movementId, bool once = false)
    {
        // Of one time there may be two counts, and of each an entry.
        var id = $"{movementId}:{onHand}";
        asOf = StockHistory.Cut(asOf);
        if (once && await _store.HasMovementAsync(_key, id))
            return await AnswerAsync(StockOutcome.Duplicate);
        while (_asking is { } asked)
            await asked.Task;
        var level = _book.Level;
        if (asOf < level.AsOf || (asOf == level.AsOf && onHand > level.Counted))
            return await AnswerAsync(StockOutcome.Stale);
        if (asOf == level.AsOf && onHand == level.Counted)
            return await AnswerAsync(StockOutcome.Duplicate);

        var movement = new StockMovement(id, MovementKind.Counted, 0, 0, "counted by the warehouse", asOf);
        if (asOf != level.AsOf && asOf < level.MovedAt)
        {
            await CountLateAsync(movement, onHand);
        }
        else
        {
            _book.Count(movement, onHand, asOf == level.AsOf ? level.Units - level.Counted : 0);
            await CommitAsync();
        }

        return Now(StockOutcome.Applied);
    }

    public async Task<StockAnswer> AdjustAsync(int delta, string reason, DateTimeOffset at, string movementId)
    {
        if (_adjusting.TryGetValue(movementId, out var first))
        {
            var answer = await first;
            return answer.Outcome == StockOutcome.Applied ? answer with { Outcome = StockOutcome.Duplicate } : answer;
        }

        var mine = AdjustOnceAsync(delta, reason, at, movementId);
        _adjusting[movementId] = mine;
        try
        {
            return await mine;
        }
        finally
        {
            _adjusting.Remove(movementId);
        }
    }

    public async Task<StockAnswer> SetAsync(int onHand, string actor)
    {
        while (_asking is { } asked)
            await asked.Task;
        if (onHand < _book.Level.Reserved)
            return await AnswerAsync(StockOutcome.BelowReserved);

        // A person has seen the shelf after all that we have heard of.
        var now = _time.GetUtcNow();
        var heard = StockHistory.Latest(_book.Level.MovedAt, _book.Level.AsOf?.AddMicroseconds(1));
        var asOf = StockHistory.Latest(StockHistory.Cut(now), heard)!.Value;
        _book.Count(
            new StockMovement(
                $"set:{Guid.CreateVersion7(now):N}", MovementKind.Set, 0, 0, $"set by {actor}", asOf),
            onHand);
        await CommitAsync();
        return Now(StockOutcome.Applied);
    }

    /// <summary>The rest is done at once: nothing may come between what was looked up and what follows.</summary>
    private async Task<ReservationAnswer> ReserveAsync(ReservationRequest request, LineHistory.LookUp? lookUp)
    {
        if (!_lines.TryResolve(request, lookUp, out var before, out var fresh))
        {
            Broken();
            throw AnotherCommitted();
        }

        var (after, outcome, changed) = _book.Reserve(request, before, fresh);
        var available = outcome == ReservationOutcome.Insufficient ? _book.AvailableTo(before) : 0;
        if (changed)
            _lines.Keep(after!, fresh);

        // An order ships on the word that units are held. So even where nothing changes, the version must prove that no
        // other activation has given them away meanwhile. A "no" may be old: the order then waits in line.
        if (changed || outcome != ReservationOutcome.Insufficient)
            await CommitAsync();
        else
            await _committing;

        after = _book.Find(new ReservationId(request.Order, request.LineId)) ?? after;
        if (outcome == ReservationOutcome.Waiting && after is { Waiting: 0 })
            outcome = ReservationOutcome.Held;
        return new ReservationAnswer(
            outcome, after?.Quantity ?? 0, after?.Waiting ?? 0, _book.Level.IsKnown, available,
            after?.AtWarehouse ?? 0);
    }

    /// <summary>
    /// A count that comes after what happened later than it. The history knows what that was, once all is in it; what
    /// another activation adds to it meanwhile costs us the fence. Ends when the count is durable.
    /// </summary>
    private async Task CountLateAsync(StockMovement movement, int onHand)
    {
        Task done;
        var mine = _asking = new TaskCompletionSource();
        try
        {
            await _committing;
            _book.Count(movement, onHand, await _store.SumMovementsAsync(_key, movement.At));
            // Begun before anybody goes on: what they are told rests on it.
            done = CommitAsync();
        }
        finally
        {
            _asking = null;
            mine.SetResult();
        }

        await done;
    }

    private async Task<StockAnswer> AdjustOnceAsync(int delta, string reason, DateTimeOffset at, string movementId)
    {
        if (await _store.HasMovementAsync(_key, movementId))
            return await AnswerAsync(StockOutcome.Duplicate);
        while (_asking is { } asked)
            await asked.Task;
        at = StockHistory.Cut(at);
        var inCountOf = StockHistory.IsCounted(_book.Level, at) ? _book.Level.AsOf : null;
        _book.Adjust(new StockMovement(movementId, MovementKind.Adjusted, delta, 0, reason, at));
        await CommitAsync();
        return Now(StockOutcome.Applied) with { InCountOf = inCountOf };
    }

    private async Task<StockAnswer> AnswerAsync(StockOutcome outcome)
    {
        await _committing;
        return Now(outcome);
    }

    private StockAnswer Now(StockOutcome outcome) =>
        new(outcome, _book.Level.OnHand, _book.Level.Reserved, _book.Level.Shortfall);

    private StorageException AnotherCommitted() => new($"Another activation of stock {_key} has committed.");

    /// <summary>Ends when what has gathered is durable. A failure fails everyone on it.</summary>
    private Task CommitAsync()
    {
        if (!_gathering)
        {
            _gathering = true;
            _committing = CommitNextAsync(_committing);
        }

        return _committing;
    }

    private async Task CommitNextAsync(Task previous)
    {
        try
        {
            await previous;
            _gathering = false;
            _committed = _book.TakeChanges();
            var level = _book.Level with { Version = _book.Level.Version + 1 };
            var messages = News(CommittedLevel, level);
            var done = await _store.CommitAsync(new StockCommit
            {
                Key = _key,
                ExpectedVersion = _book.Level.Version,
                Level = level,
                Reservations = _committed.Reservations.Values,
                Movements = _committed.Movements,
                Messages = messages,
                At = _time.GetUtcNow(),
            });
            if (!done)
                throw AnotherCommitted();
            _book.Committed(level.Version);
            CommittedLevel = level;
            if (messages.Count > 0)
                Told(messages);
            var written = _committed;
            _committed = new StockChanges();
            foreach (var id in written.Reservations.Keys)
                _lines.Forget(id);
            foreach (var order in written.Nudged)
                await Nudge(order);
            if (level.Shortfall > _shortSaid)
                await SayShort(level.Shortfall);
            _shortSaid = level.Shortfall;
        }
        catch (Exception)
        {
            Broken();
            throw;
        }
    }
}
