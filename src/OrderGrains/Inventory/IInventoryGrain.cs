using OrderGrains.Vocabulary;
using Orleans.Concurrency;

namespace OrderGrains.Inventory;

/// <summary>
/// The stock of one SKU at one location, keyed by <see cref="StockKey"/>. Calls interleave and share commits; nobody is
/// answered before the commit that holds their change. Every call states totals, so that repeating it changes nothing.
/// </summary>
[Alias("OrderGrains.IInventoryGrain")]
public interface IInventoryGrain : IGrainWithStringKey
{
    /// <summary>Makes a line's reservation be as stated: reserves, releases and consumes.</summary>
    [Alias("ReserveAsync")]
    Task<ReservationAnswer> ReserveAsync(ReservationRequest request);

    /// <summary>
    /// States what was there at <paramref name="asOf"/>, as the warehouse counted it; what left or was adjusted later
    /// comes on top. Of two counts of one time the smaller holds. Where fewer are there than reserved, the newest
    /// reservations that no warehouse has go back to waiting; what is then missing makes the level short.
    /// </summary>
    /// <param name="onHand">Units.</param>
    /// <param name="asOf">When.</param>
    /// <param name="movementId">Names the count; the same at each delivery.</param>
    /// <param name="once">The time is that of the arrival, so only the name can tell a redelivery.</param>
    [Alias("CountAsync")]
    Task<StockAnswer> CountAsync(int onHand, DateTimeOffset asOf, string movementId, bool once = false);

    /// <summary>
    /// Adds <paramref name="delta"/> units, once per adjustment id. One that is not later than the newest count is
    /// noted and changes nothing.
    /// </summary>
    [Alias("AdjustAsync")]
    Task<StockAnswer> AdjustAsync(int delta, string reason, DateTimeOffset at, string movementId);

    /// <summary>Sets the units on hand at an operator's word: a count later than all that we have heard of.</summary>
    [Alias("SetAsync")]
    Task<StockAnswer> SetAsync(int onHand, string actor);
}

/// <summary>What a line's reservation should be.</summary>
/// <param name="Quantity">Units to hold; 0 releases.</param>
/// <param name="Shipped">All that ever left of this line from here, stated whole each time.</param>
/// <param name="MayWait">True: wait in line when the units are
/// not there. False: leave the reservation as it was.</param>
/// <param name="AtWarehouse">Units of <paramref name="Quantity"/> that a warehouse has or is about to be asked for:
/// nobody takes them back. An order releases no unit that was not first marked so here.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReservationRequest")]
public sealed record ReservationRequest(
    [property: Id(0)] OrderKey Order,
    [property: Id(1)] string LineId,
    [property: Id(2)] int Quantity,
    [property: Id(3)] IReadOnlyList<ShippedUnits> Shipped,
    [property: Id(4)] DateTimeOffset PlacedAt,
    [property: Id(5)] bool MayWait,
    [property: Id(6)] int AtWarehouse = 0);

/// <summary>Units of one line that left in one shipment.</summary>
/// <param name="Id">Reference and shipment id, in upper case: it takes effect once.</param>
/// <param name="At">When they left the shelf.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.ShippedUnits")]
public sealed record ShippedUnits(
    [property: Id(0)] string Id, [property: Id(1)] int Units, [property: Id(2)] DateTimeOffset At);

/// <summary>What a line's reservation now is.</summary>
/// <param name="Outcome">Held, waiting in line, or left as it was for want of units.</param>
/// <param name="Held">Units held.</param>
/// <param name="Waiting">Units waited for besides.</param>
/// <param name="Known">The SKU was counted or adjusted here at some time.</param>
/// <param name="Available">Units that the line could take besides, when it was left as it was.</param>
/// <param name="AtWarehouse">Units of <paramref name="Held"/> that nobody takes back.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReservationAnswer")]
public sealed record ReservationAnswer(
    [property: Id(0)] ReservationOutcome Outcome,
    [property: Id(1)] int Held,
    [property: Id(2)] int Waiting,
    [property: Id(3)] bool Known,
    [property: Id(4)] int Available = 0,
    [property: Id(5)] int AtWarehouse = 0);

public enum ReservationOutcome
{
    Held,
    Waiting,
    Insufficient,
}

/// <summary>What a count or an adjustment did.</summary>
/// <param name="Shortfall">Units that warehouses have orders for, or have shipped, beyond what was counted.</param>
/// <param name="InCountOf">For an adjustment that changed nothing: the time of the count that has it in.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.StockAnswer")]
public sealed record StockAnswer(
    [property: Id(0)] StockOutcome Outcome,
    [property: Id(1)] int OnHand,
    [property: Id(2)] int Reserved,
    [property: Id(3)] int Shortfall = 0,
    [property: Id(4)] DateTimeOffset? InCountOf = null);

public enum StockOutcome
{
    Applied,
    Duplicate,
    Stale,

    /// <summary>A person set fewer units than are reserved.</summary>
    BelowReserved,
}

/// <summary>Whoever waits for stock; keyed by the order key.</summary>
[Alias("OrderGrains.IStockWaiter")]
public interface IStockWaiter : IGrainWithStringKey
{
    /// <summary>
    /// Units came for one of your waiting lines, or were taken back. A nudge: a sweep finds what a lost one missed.
    /// </summary>
    [OneWay, Alias("StockChangedAsync")]
    Task StockChangedAsync();

    /// <summary>
    /// The warehouse counted fewer units than it has orders for, and yours is among the newest. A nudge: the stock
    /// itself shows it too.
    /// </summary>
    [OneWay, Alias("StockShortAsync")]
    Task StockShortAsync(StockKey stock, int units);
}
