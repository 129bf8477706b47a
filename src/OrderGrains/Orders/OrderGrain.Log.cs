
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

internal sealed partial class OrderGrain
{
    [LoggerMessage(1, LogLevel.Information, "{OrderKey} {Status} v{Version} {Outcome}: {Summary}",
        EventName = "order.applied")]
    private partial void OrderApplied(
        string orderKey, string status, string summary, long version, ReceiptOutcome outcome);

    [LoggerMessage(2, LogLevel.Warning,
        "{OrderKey}: {Quantity} units of {Sku} at {Location} for line {LineId} are given back: a turn failed that had "
        + "reserved them", EventName = "reservation.orphan_released")]
    private partial void OrphanReleased(string orderKey, string lineId, string sku, string location, int quantity);
}
