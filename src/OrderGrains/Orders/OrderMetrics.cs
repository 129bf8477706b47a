using System.Diagnostics.Metrics;

namespace OrderGrains.Orders;

/// <summary>What is measured of orders, under the meter <c>OrderGrains</c>.</summary>
public sealed class OrderMetrics
{
    private readonly Histogram<double> timeToEffect;
    private readonly Histogram<double> timeToRelease;
    private readonly Histogram<double> timeToShipment;
    private readonly TimeProvider time;

    public OrderMetrics(IMeterFactory meters, TimeProvider time)
    {
        this.time = time;
        var meter = meters.Create("OrderGrains");
        timeToEffect = meter.CreateHistogram<double>(
            "ordergrains.orders.effect.duration", "s", "From a receipt's arrival to the commit of its effect.");
        timeToRelease = meter.CreateHistogram<double>(
            "ordergrains.orders.release.duration", "s",
            "From a receipt's arrival to the warehouse's word that it has the order.");
        timeToShipment = meter.CreateHistogram<double>(
            "ordergrains.orders.shipment.duration", "s", "From an order's first receipt to its last shipment.");
    }

    internal void Settled(Order order, OrderStatus? before, ReceiptRef? receipt)
    {
        var now = time.GetUtcNow();
        var source = new KeyValuePair<string, object?>("source", order.Key.Source);
        if (receipt is not null)
            timeToEffect.Record((now - receipt.ReceivedAt).TotalSeconds, source);
        if (order.Status == OrderStatus.Shipped && before != OrderStatus.Shipped)
            timeToShipment.Record((now - order.ReceivedAt).TotalSeconds, source);
    }

    internal void ReleasedAfter(string source, TimeSpan elapsed) =>
        timeToRelease.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("source", source));
}
