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
    /// Takes pending receipts that no living process holds: those that overflowed, those of the dead, and those of
    /// which this process does not know whether it wrote them. Of each source as many as of the others, and its oldest.
    /// They are then held by this process. It is also the sign that this process lives, even with a count of 0.
    /// </summary>
    Task<IReadOnlyList<Receipt>> ClaimAsync(Claim claim);

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

    /// <summary>
    /// How many receipts of these sources have no outcome yet; a source that has none may be missing.
    /// </summary>
    Task<IReadOnlyDictionary<string, int>> CountPendingAsync(IReadOnlyCollection<string> sources);
}

/// <summary>What a process takes up.</summary>
/// <param name="CountMax">So many receipts at most.</param>
/// <param name="BytesMax">So many bytes of them at most; but one is taken however long it is.</param>
/// <param name="Except">Sources of which none is taken.</param>
/// <param name="Held">
/// The receipts that this process holds in memory. Asked for after a write whose outcome is unknown: whatever else
/// stands in the database as held by this process is then free.
/// </param>
public sealed record Claim(
    int CountMax, long BytesMax = long.MaxValue, IReadOnlyCollection<string>? Except = null,
    Func<IReadOnlyCollection<Guid>>? Held = null);

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
