using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Running;

/// <summary>
/// The product's own inbox, but for a few sources: for one it is full, for another the database is away.
/// </summary>
internal sealed class ReluctantInbox(IInbox inner) : IInbox
{
    /// <summary>Until it ends, what the source "slow" sends is not appended.</summary>
    public static TaskCompletionSource Slow { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<bool> AppendAsync(Receipt receipt, bool held) => receipt.Source switch
    {
        "slow" => AppendLateAsync(receipt, held),
        "full" => ValueTask.FromResult(false),
        "away" => throw new StorageException("The password is hunter2."),
        _ => inner.AppendAsync(receipt, held),
    };

    private async ValueTask<bool> AppendLateAsync(Receipt receipt, bool held)
    {
        await Slow.Task;
        return await inner.AppendAsync(receipt, held);
    }

    public Task<IReadOnlyList<Receipt>> ClaimAsync(Claim claim) => inner.ClaimAsync(claim);

    public Task ReturnAsync(Guid id, FetchedDocument? fetched = null) => inner.ReturnAsync(id, fetched);

    public Task<byte[]?> FindFetchedAsync(Guid id) => inner.FindFetchedAsync(id);

    public Task LetGoAsync() => inner.LetGoAsync();

    public Task SettleAsync(ReceiptSettlement settlement) => inner.SettleAsync(settlement);

    public Task EraseAsync(ReceiptSettlement settlement) => inner.EraseAsync(settlement);

    public Task<IReadOnlyList<Receipt>> ListOrderlessAsync(
        string source, ReceiptOutcome outcome, Guid after, int countMax) =>
        inner.ListOrderlessAsync(source, outcome, after, countMax);

    public Task<int> EraseAsync(IReadOnlyList<Guid> ids) => inner.EraseAsync(ids);

    public Task<ReceiptRow?> FindAsync(Guid id) => inner.FindAsync(id);

    public Task<byte[]?> FindBodyAsync(Guid id) => inner.FindBodyAsync(id);

    public Task<Page<ReceiptRow>> ListAsync(ReceiptFilter filter, PageRequest page) => inner.ListAsync(filter, page);

    public Task<Guid?> FindFirstParkedAsync(string source, string reason) =>
        inner.FindFirstParkedAsync(source, reason);

    public Task<IReadOnlyList<ParkedReceipts>> ListParkedGroupsAsync() => inner.ListParkedGroupsAsync();

    public Task<bool> ResumeAsync(Guid id) => inner.ResumeAsync(id);

    public Task<bool> DiscardAsync(Guid id, string reason, DateTimeOffset at) => inner.DiscardAsync(id, reason, at);

    public Task<InboxAudit> AuditAsync(DateTimeOffset now) => inner.AuditAsync(now);

    public Task<InboxDepth> GetDepthAsync(DateTimeOffset now) => inner.GetDepthAsync(now);

    public Task<IReadOnlyDictionary<string, int>> CountPendingAsync(IReadOnlyCollection<string> sources) =>
        inner.CountPendingAsync(sources);
}
