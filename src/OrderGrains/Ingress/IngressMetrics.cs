using System.Diagnostics.Metrics;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>What is measured of webhooks, under the meter <c>OrderGrains</c>.</summary>
public sealed class IngressMetrics
{
    private readonly Histogram<double> _acknowledgement;
    private readonly Counter<long> _receipts;

    public IngressMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("OrderGrains");
        _acknowledgement = meter.CreateHistogram<double>(
            "ordergrains.ingress.acknowledgement.duration", "s", "From a webhook's headers to its answer.");
        _receipts = meter.CreateCounter<long>(
            "ordergrains.ingress.receipts", "{receipt}", "Receipts settled, by outcome.");
    }

    internal void Answered(string source, int status, TimeSpan elapsed) =>
        _acknowledgement.Record(elapsed.TotalSeconds, new("source", source), new("status", status));

    internal void Settled(string source, ReceiptOutcome outcome) =>
        _receipts.Add(1, new("source", source), new("outcome", outcome.ToString()));
}
