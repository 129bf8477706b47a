using System.Globalization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>
/// A stock is a history: its newest count, and what was shipped or adjusted later than that. What happened before the
/// count is in it already, whenever we hear of it. Pure.
/// </summary>
internal static class StockHistory
{
    /// <summary>The database keeps microseconds: finer, a stored time would look older than itself.</summary>
    public static DateTimeOffset Cut(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <summary>The newest count has what happened at this time in it.</summary>
    public static bool IsCounted(StockLevel level, DateTimeOffset at) => at <= level.AsOf;

    public static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;

    /// <summary>How the ids of a line's shipped movements begin.</summary>
    public static string ShippedPrefix(OrderKey order, string lineId) => $"ship:{order}:{lineId}:";

    public static string ShippedId(OrderKey order, string lineId, ShippedUnits shipped) =>
        ShippedPrefix(order, lineId) + shipped.Id;

    /// <summary>What left, as an entry of the history.</summary>
    /// <param name="level">The level after it.</param>
    /// <param name="request">Whose units.</param>
    /// <param name="shipped">Which of them.</param>
    public static StockMovement Shipped(StockLevel level, ReservationRequest request, ShippedUnits shipped) => new(
        ShippedId(request.Order, request.LineId, shipped), MovementKind.Shipped, -shipped.Units, level.Units,
        Explain($"shipment {shipped.Id}", level, shipped.At), shipped.At)
    {
        Order = request.Order,
        LineId = request.LineId,
    };

    /// <summary>The reason for a movement; where it changes nothing on hand, with the reason for that too.</summary>
    public static string Explain(string reason, StockLevel level, DateTimeOffset at) =>
        IsCounted(level, at) ? $"{reason}; {InCountOf(level.AsOf!.Value)}" : reason;

    public static string InCountOf(DateTimeOffset asOf) => string.Create(
        CultureInfo.InvariantCulture, $"the count of {asOf.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}Z has it in already");
}
