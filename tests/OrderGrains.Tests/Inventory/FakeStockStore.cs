using OrderGrains.Inventory;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Inventory;

/// <summary>One stock in memory, fenced by its version as a database's row is.</summary>
internal sealed class FakeStockStore : IStockStore
{
    private readonly Dictionary<string, StockMovement> _movements = new(StringComparer.Ordinal);
    private readonly Lock _sync = new();
    private TaskCompletionSource? _gate;

    public StockLevel Level { get; private set; }
    public Dictionary<ReservationId, Reservation> Reservations { get; } = [];

    /// <summary>What the next commits do; null: they commit.</summary>
    public Queue<Fault?> Coming { get; } = new();

    /// <summary>Commits wait until the answer is invoked.</summary>
    public Action Hold()
    {
        var mine = _gate = new TaskCompletionSource();
        return () =>
        {
            _gate = null;
            mine.SetResult();
        };
    }

    public StoredStock Stored => new(
        Level, [.. Reservations.Values.Where(r => r.State is ReservationState.Open or ReservationState.Waiting)]);

    public Task<StoredStock> LoadAsync(StockKey key) => Task.FromResult(Stored);

    public async Task<bool> CommitAsync(StockCommit commit)
    {
        if (_gate is { } closed)
            await closed.Task;
        lock (_sync)
            return Commit(commit);
    }

    private bool Commit(StockCommit commit)
    {
        Coming.TryDequeue(out var fault);
        if (fault == Fault.BeforeCommit)
            throw new StorageException("A fault of the test's.");
        if (commit.ExpectedVersion != Level.Version)
            return false;
        foreach (var movement in commit.Movements)
        {
            if (_movements.ContainsKey(movement.Id))
                throw new StorageException("A movement takes effect once.");
        }

        Level = commit.Level;
        foreach (var reservation in commit.Reservations)
        {
            var consumed = Reservations.GetValueOrDefault(reservation.Id)?.Consumed ?? 0;
            Reservations[reservation.Id] =
                reservation with { Consumed = Math.Max(consumed, reservation.Consumed) };
        }

        foreach (var movement in commit.Movements)
            _movements.Add(movement.Id, movement);
        return fault == Fault.AfterCommit ? throw new StorageException("A fault of the test's.") : true;
    }

    public Task<Reservation?> FindReservationAsync(StockKey key, OrderKey order, string lineId) =>
        Task.FromResult(Reservations.GetValueOrDefault(new ReservationId(order, lineId)));

    public Task<bool> HasMovementAsync(StockKey key, string movementId) =>
        Task.FromResult(_movements.ContainsKey(movementId));

    public Task<IReadOnlyCollection<string>> ListMovementIdsAsync(StockKey key, string prefix) =>
        Task.FromResult<IReadOnlyCollection<string>>(
            [.. _movements.Keys.Where(id => id.StartsWith(prefix, StringComparison.Ordinal))]);

    public Task<long> SumMovementsAsync(StockKey key, DateTimeOffset laterThan) => Task.FromResult(_movements.Values
        .Where(movement => movement.Kind is MovementKind.Shipped or MovementKind.Adjusted && movement.At > laterThan)
        .Sum(movement => (long)movement.Delta));

    public Task<IReadOnlyList<SimilarSku>> FindSimilarAsync(IReadOnlyCollection<StockKey> keys) =>
        throw new NotSupportedException();


    public Task<StockRow?> FindAsync(StockKey key) => throw new NotSupportedException();

    public Task<StockDetail?> FindDetailAsync(StockKey key, int countMax) => throw new NotSupportedException();

    public Task<Page<StockRow>> ListAsync(StockFilter filter, PageRequest page) => throw new NotSupportedException();

    public Task<IReadOnlyList<Allocation>> ListHeldAsync(OrderKey order) => throw new NotSupportedException();

    public Task<IReadOnlyList<OrderKey>> ListUnsettledAsync(
        DateTimeOffset from, DateTimeOffset before, bool strangers) => throw new NotSupportedException();

    public Task<OrphanPage> ListOrphansAsync(StockKey? after, DateTimeOffset heldBefore, int stocksMax) =>
        throw new NotSupportedException();

    public Task<StockAudit> AuditAsync(DateTimeOffset heldBefore) => throw new NotSupportedException();

    public Task<(long Open, long Waiting)> CountReservationsAsync() => throw new NotSupportedException();
}
