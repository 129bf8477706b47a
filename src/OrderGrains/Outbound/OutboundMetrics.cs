using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrderGrains.Connectors.Wms;

namespace OrderGrains.Outbound;

/// <summary>What is measured of outbound calls, under the meter and the activity source <c>OrderGrains</c>.</summary>
public sealed class OutboundMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> calls = meters.Create("OrderGrains").CreateHistogram<double>(
        "ordergrains.outbound.call.duration", "s", "One attempt at a message, with its look-up.");

    internal static ActivitySource Activities { get; } = new("OrderGrains");

    internal void Called(string destination, MessageKind kind, WarehouseAnswer answer, TimeSpan elapsed) =>
        calls.Record(elapsed.TotalSeconds,
            new("destination", destination), new("kind", kind.ToString()), new("answer", answer.GetType().Name));
}
