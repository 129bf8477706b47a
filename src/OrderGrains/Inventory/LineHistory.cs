
using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>
/// How lines ended and what they shipped, from the database and from what this activation has not committed yet. A line
/// that ships for the first time costs no look-up. For one thread at a time.
/// </summary>
internal sealed class LineHistory(
    StockKey key, StockBook book, IStockStore store, Func<ReservationId, bool> isUncommitted)
{
    /// <summary>What a look-up in the database may not see yet.</summary>
    private readonly Dictionary<ReservationId, Line> _recent = [];

    /// <summary>The database must be asked what the line has shipped before.</summary>
    public bool MustLookUp(ReservationRequest request) =>
        request.Shipped.Count > 0 && Now(IdOf(request)) is not { Consumed: 0 };

    /// <summary>
    /// What the database has of the line. Until the answer is disposed, nothing that is committed meanwhile is
    /// forgotten: with what is remembered, it stays the whole truth.
    /// </summary>
    public async Task<LookUp> LookUpAsync(ReservationRequest request)
    {
        var id = IdOf(request);
        var line = _recent.TryGetValue(id, out var known) ? known : _recent[id] = new Line();
        line.LookUps++;
        var lookUp = new LookUp(() => End(id, line));
        try
        {
            lookUp.Stored = Now(id) ?? await store.FindReservationAsync(key, id.Order, id.LineId);
            if (lookUp.Stored is { Consumed: > 0 })
            {
                lookUp.ShippedIds.UnionWith(await store.ListMovementIdsAsync(
                    key, StockHistory.ShippedPrefix(id.Order, id.LineId)));
            }

            return lookUp;
        }
        catch (Exception)
        {
            lookUp.Dispose();
            throw;
        }
    }

    /// <summary>The reservation as it now is, and what of the stated shipments is new.</summary>
    /// <param name="request">With all that the line ever shipped.</param>
    /// <param name="lookUp">What the database has; null when it need not be asked.</param>
    /// <returns>False when another activation has the reservation open.</returns>
    public bool TryResolve(
        ReservationRequest request, LookUp? lookUp, out Reservation? before, out IReadOnlyList<ShippedUnits> fresh)
    {
        var id = IdOf(request);
        (before, fresh) = (Now(id), []);
        if (before is null && lookUp?.Stored is { } stored)
        {
            if (stored.State is ReservationState.Open or ReservationState.Waiting)
                return false;
            before = stored;
        }

        if (request.Shipped.Count > 0)
        {
            var known = _recent.GetValueOrDefault(id)?.ShippedIds;
            fresh = [.. request.Shipped
                .Where(shipped => shipped.Units > 0)
                .Select(shipped => shipped with { At = StockHistory.Cut(shipped.At) })
                .DistinctBy(shipped => shipped.Id, StringComparer.Ordinal)
                .Where(shipped => StockHistory.ShippedId(id.Order, id.LineId, shipped) is var name
                    && known?.Contains(name) != true && lookUp?.ShippedIds.Contains(name) != true)];
        }

        return true;
    }

    /// <summary>Keeps what the next commit makes of the line.</summary>
    public void Keep(Reservation after, IReadOnlyList<ShippedUnits> fresh)
    {
        var ended = after.State is ReservationState.Consumed or ReservationState.Released;
        if (!_recent.TryGetValue(after.Id, out var line))
        {
            if (!ended && fresh.Count == 0)
                return;
            _recent[after.Id] = line = new Line();
        }

        line.Ended = ended ? after : null;
        foreach (var shipped in fresh)
            line.ShippedIds.Add(StockHistory.ShippedId(after.Order, after.LineId, shipped));
    }

    /// <summary>Drops what the database has, and what every look-up under way will find.</summary>
    public void Forget(ReservationId id)
    {
        if (_recent.TryGetValue(id, out var line) && line.LookUps == 0 && !isUncommitted(id))
            _recent.Remove(id);
    }

    private void End(ReservationId id, Line line)
    {
        line.LookUps--;
        Forget(id);
    }

    private Reservation? Now(ReservationId id) => book.Find(id) ?? _recent.GetValueOrDefault(id)?.Ended;

    private static ReservationId IdOf(ReservationRequest request) => new(request.Order, request.LineId);

    /// <summary>What the database had of a line when it was asked.</summary>
    internal sealed class LookUp(Action end) : IDisposable
    {
        public Reservation? Stored { get; set; }
        public HashSet<string> ShippedIds { get; } = new(StringComparer.Ordinal);

        public void Dispose() => end();
    }

    private sealed class Line
    {
        public Reservation? Ended { get; set; }
        public HashSet<string> ShippedIds { get; } = new(StringComparer.Ordinal);
        public int LookUps { get; set; }
    }
}
