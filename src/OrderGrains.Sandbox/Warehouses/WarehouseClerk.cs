using System.Globalization;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>Picks and ships what was taken, each at its time, and has the parcels announced.</summary>
internal sealed class WarehouseClerk(
    WarehouseOptions options, WarehouseBook book, WarehouseEvents events, TimeProvider time,
    Action<string, string>? say)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Job, DateTimeOffset> _jobs = new();
    private int _parcels;

    private enum Step
    {
        Pick,
        Ship,
    }

    private readonly record struct Job(string Reference, Step Step, int UnitsMax);

    /// <summary>Orders that someone still has to pick or ship.</summary>
    public int Planned
    {
        get
        {
            lock (_lock) return _jobs.Count;
        }
    }

    public void Plan(WarehouseOrder order)
    {
        if (options.LeftAlone is { } sku
            && order.Take.Lines.Any(line => line.Sku.StartsWith(sku, StringComparison.Ordinal)))
        {
            return;
        }

        // From three quarters to five quarters of the wait, drawn from the reference: the same in each run.
        var draw = StableHash(order.Reference);
        var wait = options.ShipAfter * (0.75 + (draw % 1000 / 2000.0));
        lock (_lock) Put(new Job(order.Reference, Step.Pick, 0), wait / 2);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var beat = new PeriodicTimer(Beat, time);
        while (await beat.WaitForNextTickAsync(cancellation))
        {
            while (TryTakeDue(out var job)) Do(job);
        }
    }

    private bool TryTakeDue(out Job job)
    {
        lock (_lock)
        {
            job = default;
            return _jobs.TryPeek(out _, out var due) && due <= time.GetUtcNow() && _jobs.TryDequeue(out job, out _);
        }
    }

    private void Do(Job job)
    {
        if (job.Step is Step.Pick)
        {
            if (book.Pick(job.Reference, time.GetUtcNow()) is not { } order) return;
            var units = order.Take.Lines.Sum(line => line.Quantity);
            var draw = StableHash(job.Reference);
            var two = units > 1 && (draw / 1000) % 100 < options.TwoParcelsPercent;
            var wait = options.ShipAfter * (0.75 + (draw % 1000 / 2000.0)) / 2;
            lock (_lock)
            {
                Put(new Job(job.Reference, Step.Ship, two ? units / 2 : units), wait);
                if (two) Put(new Job(job.Reference, Step.Ship, units), wait * 1.5);
            }
            return;
        }
        var (parcel, at) = book.Timed(time, () => book.Ship(job.Reference, job.UnitsMax));
        Announce(job.Reference, parcel, at);
    }

    private void Announce(string reference, IReadOnlyList<WarehouseLine> parcel, DateTimeOffset at)
    {
        if (parcel.Count == 0) return;
        var shipmentId = string.Create(CultureInfo.InvariantCulture, $"{options.Name}-S{++_parcels:D6}");
        var status = book.Find(reference)!.Status;
        say?.Invoke(reference, $"shipped{(status is WarehouseStatus.Shipped ? "" : " in part")} as {shipmentId}");
        // Not awaited: the events' own senders see to it, and Unsent counts it.
        _ = events.SendAsync("shipment.created", new
        {
            reference,
            shipmentId,
            carrier = "Parcel Pigeon",
            trackingNumber = $"PP{shipmentId}",
            trackingUrl = $"https://parcels.example.com/{shipmentId}",
            lines = parcel.Select(line => new { line.LineId, line.Quantity }).ToList(),
            shippedAt = at.UtcDateTime,
        });
    }

    private void Put(Job job, TimeSpan wait) => _jobs.Enqueue(job, time.GetUtcNow() + wait);

    // FNV-1a: string.GetHashCode differs from process to process.
    private static uint StableHash(string text) =>
        text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}
