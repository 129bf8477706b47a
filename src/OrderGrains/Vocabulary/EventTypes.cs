namespace OrderGrains.Vocabulary;

/// <summary>What subscribers can hear of (CONTRACT section 5).</summary>
public static class EventTypes
{
    public const string OrderReceived = "order.received";
    public const string OrderBackordered = "order.backordered";
    public const string OrderAllocated = "order.allocated";
    public const string OrderReleased = "order.released";
    public const string OrderShipped = "order.shipped";
    public const string OrderCancelled = "order.cancelled";
    public const string OrderHeld = "order.held";
    public const string StockChanged = "stock.changed";

    // For those who run the system.
    public const string MessageParked = "message.parked";
    public const string ReceiptParked = "receipt.parked";
    public const string DestinationOpened = "destination.opened";
    public const string DestinationClosed = "destination.closed";
    public const string SourceSilent = "source.silent";
    public const string StockShort = "stock.short";

    /// <summary>What the test button sends, whatever a subscriber asked for.</summary>
    public const string Test = "subscriber.test";

    /// <summary>All that a pattern can name.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        OrderReceived, OrderBackordered, OrderAllocated, OrderReleased, OrderShipped, OrderCancelled, OrderHeld,
        StockChanged, MessageParked, ReceiptParked, DestinationOpened, DestinationClosed, SourceSilent, StockShort,
    ];

    /// <summary>Whether a pattern names a type: itself, <c>order.*</c>, or <c>*</c> for all.</summary>
    public static bool Matches(string pattern, string type) =>
        pattern == "*" || pattern == type
        || (pattern.EndsWith(".*", StringComparison.Ordinal)
            && type.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
