using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Outbound;

namespace OrderGrains.Console;

/// <summary>Whether nothing was lost and nothing oversold, counted from the database.</summary>
internal sealed record AuditView(InboxAudit Receipts, OutboxAudit Messages, StockAudit Stock)
{
    public bool Balanced => ReceiptsBalanced && MessagesBalanced && StockBalanced;

    internal bool ReceiptsBalanced => Receipts.Received == ReceiptsSum;

    internal long ReceiptsSum => Receipts.Applied + Receipts.Duplicate + Receipts.Stale + Receipts.Ignored
        + Receipts.Parked + Receipts.Pending;

    internal bool MessagesBalanced => Messages.Created == MessagesSum;

    internal long MessagesSum => Messages.Delivered + Messages.Superseded + Messages.Parked + Messages.Due;

    internal bool StockBalanced => Stock == new StockAudit(0, 0, 0, 0, 0, 0, 0);
}

/// <summary>Asks each store to count.</summary>
internal sealed class Auditor(IInbox inbox, IOutbox outbox, IStockStore stock, TimeProvider time)
{
    /// <summary>A reservation is made before its order's commit: a younger one may not have its order yet.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromMinutes(1);

    public async Task<AuditView> CountAsync()
    {
        var now = time.GetUtcNow();
        return new AuditView(
            await inbox.AuditAsync(now), await outbox.AuditAsync(), await stock.AuditAsync(now - OrphanAge));
    }
}
