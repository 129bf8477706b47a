using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>The durable stock. Throws <see cref="StorageException"/> when the outcome is unknown.</summary>
public interface IStockStore
{
    /// <summary>
    /// The level and every open or waiting reservation; a level of version 0 when there is no row yet.
    /// </summary>
    Task<StoredStock> LoadAsync(StockKey key);

    /// <summary>
    /// Commits the level with changed reservations and movements in one transaction, if the row still has the expected
    /// version; otherwise nothing of it is written.
    /// </summary>
    /// <returns>False on a version conflict: reload.</returns>
    Task<bool> CommitAsync(StockCommit commit);

    /// <summary>One reservation in any state; null when there is none.</summary>
    Task<Reservation?> FindReservationAsync(StockKey key, OrderKey order, string lineId);

    /// <summary>Whether a movement of this id took effect.</summary>
    Task<bool> HasMovementAsync(StockKey key, string movementId);

    /// <summary>Ids of movements that begin so.</summary>
    Task<IReadOnlyCollection<string>> ListMovementIdsAsync(StockKey key, string prefix);

    /// <summary>Units that were shipped (negative) or adjusted later than a time, in all.</summary>
    Task<long> SumMovementsAsync(StockKey key, DateTimeOffset laterThan);

    Task<StockRow?> FindAsync(StockKey key);

    /// <summary>
    /// For those of the keys that were never counted nor adjusted: SKUs that were, at the same location, and that
    /// differ by case or white space alone.
    /// </summary>
    Task<IReadOnlyList<SimilarSku>> FindSimilarAsync(IReadOnlyCollection<StockKey> keys);

    /// <summary>A level with what people ask of it; null when there is none.</summary>
    /// <param name="key">Which stock.</param>
    /// <param name="countMax">At most so many of each list.</param>
    Task<StockDetail?> FindDetailAsync(StockKey key, int countMax);

    Task<Page<StockRow>> ListAsync(StockFilter filter, PageRequest page);

    /// <summary>
    /// The open and waiting reservations of an order, wherever they are. Loads that wait at the same time share one
    /// query.
    /// </summary>
    Task<IReadOnlyList<Allocation>> ListHeldAsync(OrderKey order);

    /// <summary>
    /// Orders of which a reservation has changed within a time, and whose open and waiting reservations are not what
    /// their committed state counts on. What it costs grows with what has changed, not with what is stored.
    /// </summary>
    /// <param name="from">Changed at this time or later.</param>
    /// <param name="before">And before this.</param>
    /// <param name="strangers">Orders that have no row too.</param>
    Task<IReadOnlyList<OrderKey>> ListUnsettledAsync(DateTimeOffset from, DateTimeOffset before, bool strangers);

    /// <summary>
    /// Orders that are unknown or finished and have open or waiting reservations. Looks through some stocks, by key.
    /// </summary>
    /// <param name="after">Where the page before ended; null: begin.</param>
    /// <param name="heldBefore">Only reservations older than this: an order's commit may be under way.</param>
    /// <param name="stocksMax">Stocks to look at.</param>
    Task<OrphanPage> ListOrphansAsync(StockKey? after, DateTimeOffset heldBefore, int stocksMax);

    /// <param name="heldBefore">What changed later is compared with no order: its commit may be under way.</param>
    Task<StockAudit> AuditAsync(DateTimeOffset heldBefore);

    /// <summary>Open and waiting reservations, for the gauges.</summary>
    Task<(long Open, long Waiting)> CountReservationsAsync();
}

/// <summary>Units of one SKU at one location. <c>0 ≤ Reserved ≤ OnHand</c> always.</summary>
/// <param name="OnHand">The larger of <see cref="Units"/> and <paramref name="Reserved"/>.</param>
/// <param name="Reserved">Units promised to open reservations.</param>
/// <param name="Version">The row's version; 0 when there is no row.</param>
/// <param name="AsOf">The time that the newest count speaks of; null when this SKU was never counted here.</param>
/// <param name="Shortfall">Units of <paramref name="OnHand"/> that are not there; then all are reserved.</param>
public readonly record struct StockLevel(
    int OnHand, int Reserved, long Version, DateTimeOffset? AsOf, int Shortfall = 0)
{
    public int Available => OnHand - Reserved;

    /// <summary>
    /// Units in the building, as far as we were told: the newest count and what moved later. Below 0 where more was
    /// shipped than there had been.
    /// </summary>
    public int Units => OnHand - Shortfall;

    /// <summary>What others are told of it; null when it was never counted nor adjusted.</summary>
    public StockUnits? Told => IsKnown ? new StockUnits(Units, Available) : null;

    /// <summary>Units of the newest count; 0 without one.</summary>
    public int Counted { get; init; }

    /// <summary>The time of the latest adjustment; null when there was none.</summary>
    public DateTimeOffset? AdjustedAt { get; init; }

    /// <summary>The time of the latest shipment or adjustment; null when there was none.</summary>
    public DateTimeOffset? MovedAt { get; init; }

    /// <summary>It was counted or adjusted at some time: who waits for it waits for something that exists.</summary>
    public bool IsKnown => AsOf is not null || AdjustedAt is not null;

    /// <summary>When it was last counted or adjusted; null when never.</summary>
    public DateTimeOffset? ToldAt => StockHistory.Latest(AsOf, AdjustedAt);
}

/// <summary>A level with what holds it.</summary>
public sealed record StoredStock(StockLevel Level, IReadOnlyList<Reservation> Held);

/// <summary>Units of one SKU at one location for one order line.</summary>
public sealed record Reservation
{
    public required OrderKey Order { get; init; }
    public required string LineId { get; init; }
    public required ReservationState State { get; init; }

    /// <summary>Units held: part of the level's reserved.</summary>
    public required int Quantity { get; init; }

    /// <summary>Units of <see cref="Quantity"/> that a warehouse has, or is about to be asked for.</summary>
    public int AtWarehouse { get; init; }

    /// <summary>Units waited for besides; more than 0 exactly when <see cref="State"/> is waiting.</summary>
    public required int Waiting { get; init; }

    /// <summary>Units shipped from it so far; never goes down.</summary>
    public required int Consumed { get; init; }

    /// <summary>When the order was placed: waiting lines are served in this order.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>What happened to it last.</summary>
    public ReservationMove Move { get; init; }

    /// <summary>Units of that move.</summary>
    public int Moved { get; init; }

    public ReservationId Id => new(Order, LineId);
}

/// <summary>Names a reservation within its stock.</summary>
public readonly record struct ReservationId(OrderKey Order, string LineId);

/// <summary>Where a reservation stands. Stored by name. A waiting one may hold units too.</summary>
public enum ReservationState
{
    Open,
    Waiting,
    Consumed,
    Released,
}

/// <summary>What last happened to a reservation. Stored by name.</summary>
public enum ReservationMove
{
    Reserved,

    /// <summary>It went into the line: its units are not there.</summary>
    Waiting,

    /// <summary>Its turn came, and it holds what it waited for.</summary>
    Granted,

    /// <summary>Its units went to an order placed before it, or were not there when counted.</summary>
    TakenBack,

    /// <summary>Its order needs them no more.</summary>
    GivenBack,
    Shipped,
}

/// <summary>Units that came or went; its id makes it take effect once.</summary>
/// <param name="Delta">What it changed; of one that a newer count has in already, what it would have.</param>
/// <param name="OnHand">Units there after it, as far as we had heard then.</param>
/// <param name="At">When they came or went, in microseconds.</param>
public sealed record StockMovement(
    string Id, MovementKind Kind, int Delta, int OnHand, string Reason, DateTimeOffset At)
{
    /// <summary>For whom units were shipped; null for any other movement.</summary>
    public OrderKey? Order { get; init; }

    public string? LineId { get; init; }
}

/// <summary>Why units came or went. Stored by name.</summary>
public enum MovementKind
{
    Counted,
    Adjusted,
    Set,
    Shipped,
}

/// <summary>What one commit of an inventory grain writes.</summary>
public sealed record StockCommit
{
    public required StockKey Key { get; init; }
    public required long ExpectedVersion { get; init; }

    /// <summary>The new level; its version is the expected one plus 1.</summary>
    public required StockLevel Level { get; init; }

    public IReadOnlyCollection<Reservation> Reservations { get; init; } = [];
    public IReadOnlyList<StockMovement> Movements { get; init; } = [];

    /// <summary>New messages about this stock; each takes the place of the open one with its coalescing key.</summary>
    public IReadOnlyList<OutboundMessage> Messages { get; init; } = [];
    public required DateTimeOffset At { get; init; }
}

/// <summary>A level as people see it.</summary>
/// <param name="Waiting">Units that waiting lines ask for.</param>
public sealed record StockRow(StockKey Key, StockLevel Level, int Waiting);

/// <summary>One stock as people look into it.</summary>
/// <param name="OpenCount">Reservations that hold all they asked for.</param>
/// <param name="WaitingCount">Reservations in line.</param>
/// <param name="Open">The newest placed of those, newest first.</param>
/// <param name="Waiting">The first in line, in their order; they may hold units too.</param>
/// <param name="Moves">
/// What happened last, newest first: a movement at the time that it speaks of, a reservation's when it was written.
/// </param>
public sealed record StockDetail(
    StockRow Row, int OpenCount, int WaitingCount, IReadOnlyList<Reservation> Open, IReadOnlyList<Reservation> Waiting,
    IReadOnlyList<StockMove> Moves);

/// <summary>Units that moved, and why. Of each reservation the last move alone is kept.</summary>
/// <param name="Kind">A <see cref="MovementKind"/> or a <see cref="ReservationMove"/>, in lower camel case.</param>
/// <param name="Units">Signed for a movement of the stock; a reservation's own units otherwise.</param>
/// <param name="Reason">For a movement of the stock.</param>
/// <param name="Order">For a reservation, or what was shipped.</param>
public sealed record StockMove(
    DateTimeOffset At, string Kind, int Units, string? Reason, OrderKey? Order, string? LineId);

/// <summary>A SKU that a location never counted, and one of those that it has counted and that read the same.</summary>
public sealed record SimilarSku(StockKey Unknown, string Known);

/// <summary>Which stock; null matches all. <paramref name="Query"/> is a SKU's beginning.</summary>
public sealed record StockFilter(string? Location = null, string? Sku = null, string? Query = null);

/// <summary>Orders with reservations that they need no more.</summary>
/// <param name="Next">The last stock that was looked at; null: there are no more.</param>
public sealed record OrphanPage(IReadOnlyList<OrderKey> Orders, StockKey? Next);

/// <summary>What must be zero.</summary>
/// <param name="Oversold">Levels with more reserved than on hand.</param>
/// <param name="Unbalanced">Levels whose reserved is not the sum of what their reservations hold.</param>
/// <param name="OrphanReservations">Open or waiting reservations whose order is unknown or finished.</param>
/// <param name="Overcommitted">Units that warehouses have orders for beyond those on hand.</param>
/// <param name="Unowned">Units, reserved or in line, that no live order counts on.</param>
/// <param name="Unheld">Units, reserved or in line, that live orders count on and no reservation has.</param>
/// <param name="Contradicted">Stocks of which more was shipped than was counted.</param>
public sealed record StockAudit(
    long Oversold, long Unbalanced, long OrphanReservations, long Overcommitted, long Unowned, long Unheld,
    long Contradicted);
