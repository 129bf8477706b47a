using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>Translates the <c>data</c> of the events that are of stock (CONTRACT section 3).</summary>
internal static class StockEvents
{
    private const int TextCharsMax = ConnectorLimits.TextCharsMax;
    private const int OnHandMax = ConnectorLimits.OnHandMax;

    public static WarehouseEvent Counted(JsonFields data, DateTimeOffset arrivedAt)
    {
        var location = Location(data);
        var rows = data.Rows("items");
        if (rows is null)
            data.Missing("items");
        var count = new CountRows();
        foreach (var row in rows ?? [])
            count.Add(row);
        var asOf = SenderTime.Read(data, "asOf", arrivedAt);
        var counted = new StockCounted(location, asOf.Counts, count.Items()) { IsDated = asOf.Note is null };
        return new WarehouseEvent(counted, asOf.Note, count.Left());
    }

    public static WarehouseEvent Adjusted(JsonFields data, DateTimeOffset arrivedAt)
    {
        var at = SenderTime.Read(data, "at", arrivedAt);
        return new WarehouseEvent(
            new StockAdjusted(
                new StockKey(Location(data), data.Sku("sku")),
                data.Code("adjustmentId", TextCharsMax),
                data.Whole("delta", -OnHandMax, OnHandMax),
                WarehouseEvents.Reason(data),
                at.Counts),
            at.Note);
    }

    /// <summary>A stock key is location/sku, so that a location holds no slash.</summary>
    private static string Location(JsonFields data)
    {
        var location = data.Code("location", TextCharsMax);
        if (location.Contains('/', StringComparison.Ordinal))
            data.Fault("location", "must not hold a slash");
        return location;
    }
}
