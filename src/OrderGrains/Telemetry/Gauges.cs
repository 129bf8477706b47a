using System.Diagnostics.Metrics;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Outbound;

namespace OrderGrains.Telemetry;

/// <summary>
/// Measures what stands in the database every few seconds, so that a scrape costs no query: an agent.
/// </summary>
internal sealed partial class Gauges : Agent
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>
    /// All reservations are counted one by one, so the more there are the less often: of its time, the database spends
    /// no more than one part of these on it.
    /// </summary>
    private const int CountedOneOf = 100;
    private readonly IInbox _inbox;
    private readonly IOutbox _outbox;
    private readonly IStockStore _stock;
    private readonly TimeProvider _time;
    private readonly ILogger<Gauges> _log;
    private Reading _last = new();
    private DateTimeOffset _countAgainAt;

    public Gauges(
        IInbox inbox, IOutbox outbox, IStockStore stock, InboxPump pump, Destinations destinations,
        IMeterFactory meters, TimeProvider time, ILogger<Gauges> log)
    {
        (_inbox, _outbox, _stock, _time, _log) = (inbox, outbox, stock, time, log);
        var meter = meters.Create("OrderGrains");
        meter.CreateObservableGauge("ordergrains.inbox.held", () => pump.Held, "{receipt}",
            "Receipts in memory between their 200 and their effect.");
        meter.CreateObservableGauge("ordergrains.inbox.held.size", () => pump.HeldBytes, "By",
            "Bytes of their bodies.");
        meter.CreateObservableGauge("ordergrains.inbox.gives_way", () => pump.GivesWay ? 1 : 0, null,
            "1 in a burst, while webhooks go first and few receipts are applied.");
        meter.CreateObservableGauge("ordergrains.inbox.pending", () => _last.Pending, "{receipt}",
            "Receipts that have no outcome yet.");
        meter.CreateObservableGauge("ordergrains.inbox.pending.age", () => _last.OldestPendingSeconds, "s",
            "Age of the oldest receipt without an outcome.");
        // A destination with nothing due says 0: a gauge that is away cannot be told from one that broke.
        meter.CreateObservableGauge("ordergrains.outbox.due", () => _last.Due.Select(d => (d.Destination, d.Due))
            .UnionBy(destinations.Names.Select(name => (Destination: name, Due: 0L)), d => d.Destination,
                StringComparer.Ordinal)
            .Select(d => new Measurement<long>(
                d.Due, new KeyValuePair<string, object?>("destination", d.Destination))), "{message}",
            "Messages to deliver, those between two attempts too.");
        meter.CreateObservableGauge("ordergrains.parked", () => new Measurement<long>[]
        {
            new(_last.ParkedReceipts, new KeyValuePair<string, object?>("kind", "receipt")),
            new(_last.ParkedMessages, new KeyValuePair<string, object?>("kind", "message")),
        }, "{item}", "What waits for a person.");
        meter.CreateObservableGauge("ordergrains.reservations", () => new Measurement<long>[]
        {
            new(_last.Open, new KeyValuePair<string, object?>("state", "open")),
            new(_last.Waiting, new KeyValuePair<string, object?>("state", "waiting")),
        }, "{reservation}", "Reservations that hold units or wait for them.");
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            try
            {
                await ReadAsync();
            }
            catch (StorageException exception)
            {
                ReadFailed(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    internal async Task ReadAsync()
    {
        var pending = await _inbox.GetDepthAsync(_time.GetUtcNow());
        var (open, waiting) = _time.GetUtcNow() < _countAgainAt ? (_last.Open, _last.Waiting) : await CountAsync();
        _last = new Reading
        {
            Pending = pending.Pending,
            OldestPendingSeconds = pending.OldestPendingSeconds,
            Due = await _outbox.ListDepthsAsync(),
            ParkedReceipts = (await _inbox.ListParkedGroupsAsync()).Sum(g => (long)g.Count),
            ParkedMessages = (await _outbox.ListParkedGroupsAsync()).Sum(g => (long)g.Count),
            Open = open,
            Waiting = waiting,
        };
    }

    private async Task<(long Open, long Waiting)> CountAsync()
    {
        var startedAt = _time.GetTimestamp();
        var counts = await _stock.CountReservationsAsync();
        _countAgainAt = _time.GetUtcNow() + CountedOneOf * _time.GetElapsedTime(startedAt);
        return counts;
    }

    private sealed record Reading
    {
        public long Pending { get; init; }
        public double OldestPendingSeconds { get; init; }
        public IReadOnlyList<DestinationDepth> Due { get; init; } = [];
        public long ParkedReceipts { get; init; }
        public long ParkedMessages { get; init; }
        public long Open { get; init; }
        public long Waiting { get; init; }
    }

    [LoggerMessage(1, LogLevel.Warning, "The gauges could not be read, and keep their values: {Words}",
        EventName = "gauges.failed")]
    private partial void ReadFailed(string words);
}
