using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>The durable store of receipts. Throws <see cref="StorageException"/> when the outcome is unknown.</summary>
public interface IInbox
{
    /// <summary>
    /// Makes a receipt durable. It is committed when this returns true; false means that too many wait.
    /// </summary>
    /// <param name="receipt">The receipt, pending.</param>
    /// <param name="held">This process holds it in memory; otherwise it waits for <see cref="ClaimAsync"/>.</param>
    ValueTask<bool> AppendAsync(Receipt receipt, bool held);

    /// <summary>
    /// Takes pending receipts, the oldest first, that no living process holds: those that overflowed and those of the
    /// dead. They are then held by this process. It is also the sign that this process lives, even with a count of 0.
    /// </summary>
    /// <param name="countMax">So many at most.</param>
    /// <param name="except">Sources of which none is taken.</param>
    Task<IReadOnlyList<Receipt>> ClaimAsync(int countMax, IReadOnlyCollection<string>? except = null);

    /// <summary>
    /// Gives a pending receipt back: nobody holds it, and whoever claims next may have it, with what was fetched for
    /// it.
    /// </summary>
    Task ReturnAsync(Guid id, FetchedDocument? fetched = null);

    /// <summary>This process holds nothing any more: what it has not settled may be claimed at once.</summary>
    Task LetGoAsync();

    /// <summary>Settles pending receipts that no order's commit settles: ignored, parked, or of stock.</summary>
    Task SettleAsync(ReceiptSettlement settlement);

    /// <summary>The same, and its body and what was fetched for it are erased by the same act.</summary>
    Task EraseAsync(ReceiptSettlement settlement);

    /// <summary>
    /// Receipts of a source that belong to no order, as far as is known, and still have their bodies: in the order of
    /// their ids.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="outcome">Only these.</param>
    /// <param name="after">Behind this id.</param>
    /// <param name="countMax">At most so many: each may have megabytes.</param>
    Task<IReadOnlyList<Receipt>> ListOrderlessAsync(string source, ReceiptOutcome outcome, Guid after, int countMax);

    /// <summary>
    /// Erases the bodies of these, of those that are settled for good: duplicate, stale or ignored. How many.
    /// </summary>
    Task<int> EraseAsync(IReadOnlyList<Guid> ids);

    Task<ReceiptRow?> FindAsync(Guid id);

    /// <summary>The exact bytes received; null when unknown or purged.</summary>
    Task<byte[]?> FindBodyAsync(Guid id);

    /// <summary>What was fetched for it, byte for byte; null when nothing was.</summary>
    Task<byte[]?> FindFetchedAsync(Guid id);

    Task<Page<ReceiptRow>> ListAsync(ReceiptFilter filter, PageRequest page);

    /// <summary>Counts by source and reason of what is parked.</summary>
    Task<IReadOnlyList<ParkedReceipts>> ListParkedGroupsAsync();

    /// <summary>Of a source's receipts that are parked for a reason the first; null when there is none.</summary>
    Task<Guid?> FindFirstParkedAsync(string source, string reason);

    /// <summary>
    /// Parked to pending, for another try, which fetches anew what is to be fetched. False when it is not parked.
    /// </summary>
    Task<bool> ResumeAsync(Guid id);

    /// <summary>Parked to ignored, with the person's reason. False when it is not parked.</summary>
    Task<bool> DiscardAsync(Guid id, string reason, DateTimeOffset at);

    Task<InboxAudit> AuditAsync(DateTimeOffset now);

    /// <summary>What has no outcome yet, at a cost that does not grow with the receipts kept.</summary>
    Task<InboxDepth> GetDepthAsync(DateTimeOffset now);
}

/// <summary>A receipt as people see it, without its body.</summary>
public sealed record ReceiptRow
{
    public required Guid Id { get; init; }
    public required string Source { get; init; }
    public required string Topic { get; init; }
    public string? DeliveryId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required ReceiptOutcome Outcome { get; init; }
    public string? Reason { get; init; }
    public string? OrderKey { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public required int BodyBytes { get; init; }

    /// <summary>When what its body only names was asked for; null when nothing was fetched.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    public int FetchedBytes { get; init; }
}

/// <summary>Which receipts; null matches all.</summary>
public sealed record ReceiptFilter(
    string? Source = null, ReceiptOutcome? Outcome = null, DateTimeOffset? Since = null, string? Reason = null);

/// <summary>How many receipts of a source are parked for one reason.</summary>
public sealed record ParkedReceipts(string Source, string Reason, int Count);

/// <summary>Counts over all receipts, in one statement: they belong together.</summary>
public sealed record InboxAudit(
    long Received, long Applied, long Duplicate, long Stale, long Ignored, long Parked, long Pending,
    double OldestPendingSeconds);

/// <summary>Receipts without an outcome, and the age of the oldest.</summary>
public sealed record InboxDepth(long Pending, double OldestPendingSeconds);
