using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>What is measured of outbound calls, under the meter and the activity source <c>OrderGrains</c>.</summary>
public sealed class OutboundMetrics
{
    private readonly Histogram<double> _calls;
    private readonly ConcurrentDictionary<string, bool> _breakers = new(StringComparer.Ordinal);

    public OutboundMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("OrderGrains");
        _calls = meter.CreateHistogram<double>(
            "ordergrains.outbound.call.duration", "s", "One attempt at a message, with its look-up.");
        meter.CreateObservableGauge("ordergrains.destination.open", () => _breakers.Select(breaker =>
            new Measurement<int>(
                breaker.Value ? 1 : 0, new KeyValuePair<string, object?>("destination", breaker.Key))), null,
            "1 while the breaker of a destination is open; said by the silo that calls it.");
    }

    internal static ActivitySource Activities { get; } = new("OrderGrains");

    internal void Called(string destination, MessageKind kind, SendResult result, TimeSpan elapsed) =>
        _calls.Record(elapsed.TotalSeconds,
            new("destination", destination), new("kind", kind.ToString()), new("answer", result.GetType().Name));

    /// <param name="destination">Whose breaker it is.</param>
    /// <param name="open">Null when this silo calls the destination no more.</param>
    internal void BreakerIs(string destination, bool? open)
    {
        if (open is { } known)
            _breakers[destination] = known;
        else
            _breakers.TryRemove(destination, out _);
    }
}
