using System.Security.Claims;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>All that is held of a buyer, for them. Personal data.</summary>
/// <param name="Source">The shop.</param>
/// <param name="MadeAt">When it was made; it is kept nowhere.</param>
/// <param name="Orders">Their orders, whole.</param>
/// <param name="Receipts">What came, belongs to no order as far as is known, and names them.</param>
/// <param name="Unknown">Orders that were named and are not here.</param>
internal sealed record BuyerExport(
    string Source, DateTimeOffset MadeAt, IReadOnlyList<ExportedOrder> Orders, IReadOnlyList<ReceiptView> Receipts,
    IReadOnlyList<string> Unknown);

/// <param name="Order">As an Operator sees it.</param>
/// <param name="Receipts">What came about it.</param>
internal sealed record ExportedOrder(OrderView Order, IReadOnlyList<ReceiptView> Receipts);

/// <summary>What a person does for a buyer who asks about their data.</summary>
internal sealed class BuyerDesk(
    OrderDesk orders, ReceiptDesk receiptDesk, IInbox inbox, Sources sources,
    Erasure erasure, TimeProvider time, ILogger<BuyerDesk> log)
{
    /// <summary>Bytes of bodies in one export; of what is beyond, its receipt alone is named.</summary>
    private const int BodyBytesMax = 32 * 1024 * 1024;

    public async Task<BuyerExport> ExportAsync(string source, Buyer buyer, ClaimsPrincipal user)
    {
        var (found, unknown, bytes) = (new List<ExportedOrder>(), new List<string>(), 0L);
        var keys = await erasure.FindAsync(source, buyer);
        foreach (var key in keys)
        {
            if (await orders.FindAsync(key, user) is not { } order)
            {
                unknown.Add(key.OrderId);
                continue;
            }

            found.Add(new ExportedOrder(
                order, await ListAsync(order.Timeline.Select(entry => entry.ReceiptId).OfType<Guid>().Distinct())));
        }

        var others = await ListAsync(await erasure.FindReceiptsAsync(source, buyer, keys));
        log.BuyerActed(user.Actor(), "export", source, found.Count);
        return new BuyerExport(source, time.GetUtcNow(), found, others, unknown);

        async Task<IReadOnlyList<ReceiptView>> ListAsync(IEnumerable<Guid> ids)
        {
            var receipts = new List<ReceiptView>();
            foreach (var id in ids)
            {
                if (await inbox.FindAsync(id) is not { } row)
                    continue;
                bytes += row.BodyBytes + row.FetchedBytes;
                receipts.Add(bytes <= BodyBytesMax ? await receiptDesk.ShowAsync(row, user) : ReceiptView.Of(row));
            }

            return receipts;
        }
    }

    /// <summary>Whether it is a slip of the finger: no source has the name, and nothing of it was found.</summary>
    public bool IsNobodys(string source, Erased erased) => sources.Find(source) is null
        && erased is { Orders: 0, WhenOver: 0, Receipts: { Erased: 0, Left: 0 } };

    /// <summary>Of the buyer that a request names; null when the receipt is no such request.</summary>
    public async Task<BuyerExport?> ExportAsync(ReceiptRow receipt, ClaimsPrincipal user) =>
        await FindBuyerAsync(receipt) is { } buyer ? await ExportAsync(receipt.Source, buyer, user) : null;

    public async Task<Erased> EraseAsync(string source, Buyer buyer, string actor)
    {
        var erased = await erasure.OfBuyerAsync(source, buyer, actor);
        log.BuyerActed(actor, "redact", source, erased.Orders + erased.WhenOver);
        return erased;
    }

    public async Task<(Erased Erased, string? Next)> EraseSourceAsync(string source, string? after, string actor)
    {
        var (erased, next) = await erasure.OfSourceAsync(source, after, actor);
        log.BuyerActed(actor, "redact all", source, erased.Orders + erased.WhenOver);
        return (erased, next);
    }

    /// <summary>Of whom a copy is asked for; null when the receipt is no such request, or its body is gone.</summary>
    public async Task<Buyer?> FindBuyerAsync(ReceiptRow row)
    {
        if (sources.Find(row.Source) is not { } source || await inbox.FindBodyAsync(row.Id) is not { } body)
            return null;
        var reading = source.Connector.Read(new Receipt
        {
            Id = row.Id,
            Source = row.Source,
            Topic = row.Topic,
            DeliveryId = row.DeliveryId,
            Body = body,
            ReceivedAt = row.ReceivedAt,
        });
        return reading is Reading.Understood { Change: BuyerAsked asked } ? asked.Buyer : null;
    }
}
