using System.Net;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>What a make-believe warehouse is.</summary>
public sealed record WarehouseOptions
{
    /// <summary>The product's name for it, both as warehouse and as the source of its events.</summary>
    public required string Name { get; init; }

    public required string Location { get; init; }

    /// <summary>Where it listens. Default: a free loopback port.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary><c>whsec_…</c>; the product signs its requests with it. Null: requests are taken unsigned.</summary>
    public string? RequestSecret { get; init; }

    /// <summary><c>whsec_…</c>; the warehouse signs its events with it.</summary>
    public required string EventSecret { get; init; }

    /// <summary>Units by SKU on the first day.</summary>
    public required IReadOnlyDictionary<string, int> Stock { get; init; }

    /// <summary>
    /// From taking an order to its (first) parcel, give or take a quarter. It is picked at half of it. Default 2 s.
    /// </summary>
    public TimeSpan ShipAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Of a hundred orders of more than one unit, how many go in two parcels. 0 to 100. Default 0.</summary>
    public int TwoParcelsPercent { get; init; }

    /// <summary>
    /// Orders of a SKU that begins so are taken, and neither picked nor shipped: someone else tells what becomes of
    /// them. Default: none.
    /// </summary>
    public string? LeftAlone { get; init; }

    /// <summary>Of a hundred events, how many are sent twice under one id. 0 to 100. Default 0.</summary>
    public int EventsTwicePercent { get; init; }

    /// <summary>How far its clock is ahead; all times that it says are shifted so. Default: it is right.</summary>
    public TimeSpan ClockError { get; init; }

    /// <summary>How it works beyond that. Default: it does as it is asked.</summary>
    public WarehouseHabits Habits { get; init; } = new();
}
