using OrderGrains.Connectors;

namespace OrderGrains.Orders;

internal sealed partial class OrderGrain
{
    [LoggerMessage(1, LogLevel.Information, "{OrderKey} {Status} v{Version} {Outcome}: {Summary}",
        EventName = "order.applied")]
    private partial void OrderApplied(
        string orderKey, string status, string summary, long version, ReceiptOutcome outcome);
}
