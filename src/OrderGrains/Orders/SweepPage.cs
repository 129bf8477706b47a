using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>What one page of a sweep found.</summary>
/// <param name="Orders">Orders to ask.</param>
/// <param name="Next">Where the page ended; null: it was the last.</param>
public sealed record SweepPage(IReadOnlyList<OrderKey> Orders, SweepPlace? Next);

/// <summary>Where a page of a sweep ended: the next begins behind it.</summary>
/// <param name="At">The time by which the sweep goes.</param>
/// <param name="Key">Of orders of the same time, this one.</param>
public readonly record struct SweepPlace(DateTimeOffset At, OrderKey Key);

/// <summary>A location that a source's orders may ship from.</summary>
/// <param name="Splits">Its orders may ship from several.</param>
public readonly record struct ShippingPlace(string Source, string Location, bool Splits);

/// <summary>What was found among the orders of a source.</summary>
/// <param name="Orders">Those that match.</param>
/// <param name="Next">The id of the last that was looked at; null: there are no more.</param>
public sealed record SourcePage(IReadOnlyList<OrderKey> Orders, string? Next);
