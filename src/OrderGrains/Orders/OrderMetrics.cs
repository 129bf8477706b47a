using System.Diagnostics.Metrics;

namespace OrderGrains.Orders;

/// <summary>What is measured of orders, under the meter <c>OrderGrains</c>.</summary>
public sealed class OrderMetrics
{
    private readonly Histogram<double> _timeToEffect;
    private readonly Histogram<double> _timeToRelease;
    private readonly Histogram<double> _timeToShipment;
    private readonly TimeProvider _time;

    public OrderMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create("OrderGrains");
        _timeToEffect = meter.CreateHistogram<double>(
            "ordergrains.orders.effect.duration", "s", "From a receipt's arrival to the commit of its effect.");
        _timeToRelease = meter.CreateHistogram<double>(
            "ordergrains.orders.release.duration", "s",
            "From a receipt's arrival to the warehouse's word that it has the order.");
        _timeToShipment = meter.CreateHistogram<double>(
            "ordergrains.orders.shipment.duration", "s", "From an order's first receipt to its last shipment.");
    }

    internal void Settled(Order order, OrderStatus? before, ReceiptRef? receipt)
    {
        var now = _time.GetUtcNow();
        var source = new KeyValuePair<string, object?>("source", order.Key.Source);
        if (receipt is not null)
            _timeToEffect.Record((now - receipt.ReceivedAt).TotalSeconds, source);
        if (order.Status == OrderStatus.Shipped && before != OrderStatus.Shipped)
            _timeToShipment.Record((now - order.ReceivedAt).TotalSeconds, source);
    }

    internal void ReleasedAfter(string source, TimeSpan elapsed) =>
        _timeToRelease.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("source", source));
}
