using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Outbound;

namespace OrderGrains.Console;

/// <summary>
/// Whether nothing was lost and nothing oversold, by what the database says. Receipts and messages are counts that it
/// keeps as they change; the stock may have been looked through a while ago, where much is open.
/// </summary>
internal sealed record AuditView(
    InboxAudit Receipts, OutboxAudit Messages, StockAudit Stock, DateTimeOffset StockCountedAt)
{
    public bool Balanced => ReceiptsBalanced && MessagesBalanced && StockBalanced;

    internal bool ReceiptsBalanced => Receipts.Received == ReceiptsSum;

    internal long ReceiptsSum => Receipts.Applied + Receipts.Duplicate + Receipts.Stale + Receipts.Ignored
        + Receipts.Parked + Receipts.Pending;

    internal bool MessagesBalanced => Messages.Created == MessagesSum;

    internal long MessagesSum => Messages.Delivered + Messages.Superseded + Messages.Parked + Messages.Due;

    internal bool StockBalanced => Stock == new StockAudit(0, 0, 0, 0, 0, 0, 0);
}

/// <summary>Asks each store.</summary>
internal sealed class Auditor(IInbox inbox, IOutbox outbox, StockAuditor stock, TimeProvider time)
{
    public async Task<AuditView> CountAsync()
    {
        var (receipts, messages) = (await inbox.AuditAsync(time.GetUtcNow()), await outbox.AuditAsync());
        var found = await stock.FindAsync();
        return new AuditView(receipts, messages, found.Stock, found.CountedAt);
    }
}
