using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

internal sealed class FakeInbox : IInbox, IInboxWaker
{
    public Dictionary<Guid, ReceiptRow> Rows { get; } = [];
    public Dictionary<Guid, byte[]> Bodies { get; } = [];
    public InboxAudit Audit { get; set; } = new(10, 4, 2, 1, 1, 1, 1, 2.5);
    public int Wakes { get; private set; }
    public bool Down { get; set; }
    public Guid Add(ReceiptRow row, byte[]? body = null)
    {
        Rows[row.Id] = row;
        if (body is not null)
            Bodies[row.Id] = body;
        return row.Id;
    }

    public void Wake() => Wakes++;

    public Task<ReceiptRow?> FindAsync(Guid id) => Task.FromResult(Rows.GetValueOrDefault(id));

    public Task<byte[]?> FindBodyAsync(Guid id) => Task.FromResult(Bodies.GetValueOrDefault(id));

    public Dictionary<Guid, byte[]> Fetched { get; } = [];

    public Task<byte[]?> FindFetchedAsync(Guid id) => Task.FromResult(Fetched.GetValueOrDefault(id));

    public Task ReturnAsync(Guid id, FetchedDocument? fetched = null) => throw new NotSupportedException();

    public Task<Page<ReceiptRow>> ListAsync(ReceiptFilter filter, PageRequest page)
    {
        if (Down)
            throw new StorageException("secret connection string");
        return Task.FromResult(Rows.Values
            .Where(row => filter.Source is null || row.Source == filter.Source)
            .Where(row => filter.Outcome is null || row.Outcome == filter.Outcome)
            .Where(row => filter.Since is null || row.ReceivedAt >= filter.Since)
            .Where(row => filter.Reason is null || row.Reason == filter.Reason)
            .Page(page, row => row.Id, Guid.Parse));
    }

    public Task<Guid?> FindFirstParkedAsync(string source, string reason) => throw new NotSupportedException();

    public Task<IReadOnlyList<ParkedReceipts>> ListParkedGroupsAsync() =>
        Task.FromResult<IReadOnlyList<ParkedReceipts>>(
        [.. Rows.Values.Where(row => row.Outcome == ReceiptOutcome.Parked).GroupBy(row => (row.Source, row.Reason))
            .Select(group => new ParkedReceipts(group.Key.Source, group.Key.Reason!, group.Count()))]);

    public Task<bool> ResumeAsync(Guid id) => Settle(id, ReceiptOutcome.Pending, null, null);

    public Task<bool> DiscardAsync(Guid id, string reason, DateTimeOffset at) =>
        Settle(id, ReceiptOutcome.Ignored, reason, at);

    public Task<InboxAudit> AuditAsync(DateTimeOffset now) => Task.FromResult(Audit);

    /// <summary>Ends for no append, while it does not.</summary>
    public TaskCompletionSource<bool> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<bool> AppendAsync(Receipt receipt, bool held) => new(Stored.Task);

    public Task<IReadOnlyList<Receipt>> ClaimAsync(Claim claim) =>
        throw new NotSupportedException();

    public Task<InboxDepth> GetDepthAsync(DateTimeOffset now) => Task.FromResult(new InboxDepth(0, 0));

    public Dictionary<string, int> Pending { get; } = new(StringComparer.Ordinal);

    /// <summary>How often <see cref="Pending"/> was asked for.</summary>
    public int PendingCounts { get; private set; }

    public Task<IReadOnlyDictionary<string, int>> CountPendingAsync(IReadOnlyCollection<string> sources)
    {
        PendingCounts++;
        return Task.FromResult<IReadOnlyDictionary<string, int>>(Pending);
    }

    public Task LetGoAsync() => Task.CompletedTask;

    public Task SettleAsync(ReceiptSettlement settlement) => throw new NotSupportedException();

    public Task EraseAsync(ReceiptSettlement settlement) => throw new NotSupportedException();

    public Task<IReadOnlyList<Receipt>> ListOrderlessAsync(
        string source, ReceiptOutcome outcome, Guid after, int countMax) => Task.FromResult<IReadOnlyList<Receipt>>(
        [
            .. Rows.Values.Where(row => row.Source == source && row.Outcome == outcome && row.OrderKey is null
                && row.Id.CompareTo(after) > 0 && Bodies.ContainsKey(row.Id)).OrderBy(row => row.Id).Take(countMax)
                .Select(row => new Receipt
                {
                    Id = row.Id,
                    Source = row.Source,
                    Topic = row.Topic,
                    ReceivedAt = row.ReceivedAt,
                    Body = Bodies[row.Id],
                }),
        ]);

    public Task<int> EraseAsync(IReadOnlyList<Guid> ids) => Task.FromResult(ids.Count(Bodies.Remove));

    private Task<bool> Settle(Guid id, ReceiptOutcome outcome, string? reason, DateTimeOffset? at)
    {
        if (!Rows.TryGetValue(id, out var row) || row.Outcome != ReceiptOutcome.Parked)
            return Task.FromResult(false);
        Rows[id] = row with { Outcome = outcome, Reason = reason, SettledAt = at };
        return Task.FromResult(true);
    }
}
