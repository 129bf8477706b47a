using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>The durable orders. Throws <see cref="StorageException"/> when the outcome is unknown.</summary>
public interface IOrderStore
{
    /// <summary>The order's row; null when there is none. Loads that wait at the same time share one query.</summary>
    Task<StoredOrder?> LoadAsync(OrderKey key);

    /// <summary>
    /// Commits an order with its timeline, messages and receipt outcome in one transaction, if the row still has the
    /// expected version; otherwise nothing of it is written.
    /// </summary>
    /// <returns>False on a version conflict: reload.</returns>
    Task<bool> CommitAsync(OrderCommit commit);

    Task<Page<OrderRow>> ListAsync(OrderFilter filter, PageRequest page);

    /// <summary>
    /// All that happened to the order, oldest first, at most <paramref name="countMax"/> of the newest.
    /// </summary>
    Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(OrderKey key, int countMax);

    /// <summary>
    /// Looks through orders that wait for stock, the earliest placed first, for those that would find it now: nothing
    /// of theirs waits any more (their nudge was lost), a location where they do not wait has all that they need, or
    /// all together have. Orders on hold are left out.
    /// </summary>
    /// <param name="places">Where each source's orders may ship from: stock elsewhere is of no use to them.</param>
    /// <param name="after">Where the page before ended; null: begin.</param>
    /// <param name="countMax">Orders to look at.</param>
    Task<SweepPage> ListServableAsync(IReadOnlyList<ShippingPlace> places, SweepPlace? after, int countMax);

    /// <summary>Orders that keep reservations until <paramref name="now"/> or an earlier time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="after">Where the page before ended; null: begin.</param>
    /// <param name="countMax">At most so many.</param>
    Task<SweepPage> ListReservedUntilAsync(DateTimeOffset now, SweepPlace? after, int countMax);

    /// <summary>
    /// Looks through the orders of one status, the earliest changed first, for those whose open and waiting
    /// reservations are not what their state counts on: a turn failed between the two, or is under way.
    /// </summary>
    /// <param name="status">Only these.</param>
    /// <param name="after">Where the page before ended; null: begin.</param>
    /// <param name="countMax">Orders to look at.</param>
    Task<SweepPage> ListUnsettledAsync(OrderStatus status, SweepPlace? after, int countMax);

    /// <summary>Looks through the orders of a source, by their ids; open and closed.</summary>
    /// <param name="source">Their source.</param>
    /// <param name="email">Of those, the ones with this address, in whatever case; null: all.</param>
    /// <param name="after">Behind this id; null: begin.</param>
    /// <param name="countMax">Orders to look at.</param>
    Task<SourcePage> ListOfSourceAsync(string source, string? email, string? after, int countMax);

    /// <summary>How many orders stand in each status.</summary>
    Task<IReadOnlyDictionary<OrderStatus, long>> CountByStatusAsync();
}

/// <summary>An order and its row version, the fence of the next commit.</summary>
public sealed record StoredOrder(Order Order, long Version);

/// <summary>What one turn of an order writes.</summary>
public sealed record OrderCommit
{
    public required OrderKey Key { get; init; }

    /// <summary>
    /// The new state; null when only the receipt and the timeline change (duplicate, stale, rejected).
    /// </summary>
    public Order? Next { get; init; }

    /// <summary>The row's version that <see cref="Next"/> builds on; 0 when there is no row yet.</summary>
    public long ExpectedVersion { get; init; }

    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>New messages, due at once.</summary>
    public IReadOnlyList<OutboundMessage> Messages { get; init; } = [];

    /// <summary>Messages not to be sent any more, if they are still due or parked.</summary>
    public IReadOnlyList<Guid> Superseded { get; init; } = [];

    /// <summary>A message that was answered, if it is still due.</summary>
    public Guid? Delivered { get; init; }

    /// <summary>The receipt that caused this, if it is still pending.</summary>
    public ReceiptSettlement? Receipt { get; init; }

    /// <summary>
    /// Erases what is kept beside the state: the bodies of the order's receipts, this one's too, and what others said
    /// in its timeline and of its messages. What is parked of it is ignored from now on.
    /// </summary>
    public bool Redacts { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why a receipt that was parked is not any more.</summary>
    public const string RedactedReason = "its body was erased, with the personal data of its order";
}

/// <summary>One thing that happened to an order.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What it tells of.</param>
/// <param name="Summary">One line for people, in our words; no personal data.</param>
/// <param name="ReceiptId">The receipt that caused it, if one did.</param>
/// <param name="MessageId">The outbound message that it is about, if any.</param>
/// <param name="Actor">The API key's name when a person did it.</param>
/// <param name="Said">Another system's own words: they may hold personal data, so they are masked, and never
/// logged.</param>
public sealed record TimelineEntry(
    DateTimeOffset At, TimelineKind Kind, string Summary, Guid? ReceiptId = null, Guid? MessageId = null,
    string? Actor = null, string? Said = null);

/// <summary>An order as lists show it.</summary>
public sealed record OrderRow(
    OrderKey Key, string? Number, OrderStatus Status, long Version, DateTimeOffset? PlacedAt, DateTimeOffset ChangedAt);

/// <summary>
/// Which orders; null matches all. <paramref name="Query"/> is an order id or number, or its beginning.
/// </summary>
public sealed record OrderFilter(
    string? Source = null, OrderStatus? Status = null, string? Query = null, DateTimeOffset? Since = null);
