using System.Globalization;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>Picks and ships what was taken, each at its time, and has the parcels announced.</summary>
internal sealed class WarehouseClerk(
    WarehouseOptions options, WarehouseBook book, WarehouseEvents events, Witness witness, TimeProvider time,
    Action<string, string>? say)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Job, DateTimeOffset> _jobs = new();
    private readonly List<string> _shelf = [];
    private bool _isShelfOpen;
    private int _underWay;
    private int _parcels;

    private enum Step
    {
        Refuse,
        Cancel,
        Pick,
        Ship,
    }

    private readonly record struct Job(string Reference, Step Step, int UnitsMax);

    /// <summary>Orders that someone still has to pick or ship; those on the shelf are not counted.</summary>
    public int Planned
    {
        get
        {
            lock (_lock) return _jobs.Count + _underWay;
        }
    }

    public void Plan(WarehouseOrder order)
    {
        if (options.LeftAlone is { } sku
            && order.Take.Lines.Any(line => line.Sku.StartsWith(sku, StringComparison.Ordinal)))
        {
            return;
        }

        var (reference, wait) = (order.Reference, WaitOf(order.Reference));
        lock (_lock)
        {
            if (options.Habits.IsForShelf(reference) && !_isShelfOpen)
            {
                _shelf.Add(reference);
                return;
            }
            if (options.Habits.Refuses(reference)) Put(new Job(reference, Step.Refuse, 0), wait / 4);
            else if (options.Habits.Cancels(reference)) Put(new Job(reference, Step.Cancel, 0), wait / 4);
            else Put(new Job(reference, Step.Pick, 0), wait / 2);
        }
    }

    /// <summary>All that is on the shelf is picked in the common time, and what comes for it later too.</summary>
    public void OpenShelf()
    {
        lock (_lock)
        {
            _isShelfOpen = true;
            foreach (var reference in _shelf) Put(new Job(reference, Step.Pick, 0), WaitOf(reference) / 2);
            _shelf.Clear();
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var beat = new PeriodicTimer(Beat, time);
        while (await beat.WaitForNextTickAsync(cancellation))
        {
            while (TryTakeDue(out var job))
            {
                Do(job);
                lock (_lock) _underWay--;
            }
        }
    }

    private bool TryTakeDue(out Job job)
    {
        lock (_lock)
        {
            job = default;
            if (!_jobs.TryPeek(out _, out var due) || due > time.GetUtcNow()) return false;
            job = _jobs.Dequeue();
            _underWay++;
            return true;
        }
    }

    private void Do(Job job)
    {
        switch (job.Step)
        {
            case Step.Refuse:
                if (book.Refuse(job.Reference) is null) return;
                say?.Invoke(job.Reference, "refused by the warehouse");
                // Not awaited, here and below: the events' own senders see to it, and Unsent counts it.
                _ = events.SendAsync("order.refused", new { reference = job.Reference, reason = "the box is broken" });
                break;
            case Step.Cancel:
                if (book.Drop(job.Reference) is null) return;
                say?.Invoke(job.Reference, "cancelled by the warehouse");
                _ = events.SendAsync("order.cancelled", new { reference = job.Reference });
                break;
            case Step.Pick:
                if (book.Pick(job.Reference, time.GetUtcNow()) is { } order) Pack(order);
                break;
            default:
                int? leaving = options.Habits.ShipsMore(job.Reference) ? options.Habits.ShipsMoreLeaving : null;
                var (parcel, at) = book.Timed(time, () => book.Ship(job.Reference, job.UnitsMax, leaving));
                Announce(job.Reference, parcel, at + options.ClockError);
                break;
        }
    }

    private void Pack(WarehouseOrder order)
    {
        var units = order.Take.Lines.Sum(line => line.Quantity);
        var draw = StableHash(order.Reference);
        var several = units > 1 && (draw / 1000) % 100 < options.TwoParcelsPercent;
        var parcels = several ? Math.Min(units, 2 + (int)(draw % Math.Max(1, options.Habits.ParcelsMax - 1))) : 1;
        var wait = WaitOf(order.Reference) / 2;
        lock (_lock)
        {
            for (var parcel = 1; parcel <= parcels; parcel++)
            {
                var unitsMax = parcel == parcels ? units : units / parcels;
                Put(new Job(order.Reference, Step.Ship, unitsMax), wait * (0.5 + (parcel / 2.0)));
            }
        }
    }

    private void Announce(string reference, IReadOnlyList<WarehouseLine> parcel, DateTimeOffset at)
    {
        if (parcel.Count == 0) return;
        var shipmentId = string.Create(CultureInfo.InvariantCulture, $"{options.Name}-S{++_parcels:D6}");
        var status = book.Find(reference)!.Status;
        say?.Invoke(reference, $"shipped{(status is WarehouseStatus.Shipped ? "" : " in part")} as {shipmentId}");
        _ = events.SendAsync(
            "shipment.created",
            new
            {
                reference,
                shipmentId,
                carrier = "Parcel Pigeon",
                trackingNumber = $"PP{shipmentId}",
                trackingUrl = $"https://parcels.example.com/{shipmentId}",
                lines = parcel.Select(line => new { line.LineId, line.Quantity }).ToList(),
                shippedAt = at.UtcDateTime,
            },
            options.Habits.LateBy($"{reference} {status}"),
            (id, now) =>
            {
                foreach (var line in parcel)
                {
                    witness.OfStock?.Invoke(
                        new StockSaying(StockWord.Shipped, line.Sku, -line.Quantity, at, id, now));
                }
            });
    }

    private void Put(Job job, TimeSpan wait) => _jobs.Enqueue(job, time.GetUtcNow() + wait);

    /// <summary>
    /// From three quarters to five quarters of the wait, drawn from the reference: the same in each run.
    /// </summary>
    private TimeSpan WaitOf(string reference) =>
        options.ShipAfter * (0.75 + (StableHash(reference) % 1000 / 2000.0));

    // FNV-1a: string.GetHashCode differs from process to process.
    private static uint StableHash(string text) =>
        text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}
