using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <content>What becomes of the order's messages.</content>
internal sealed partial class OrderGrain
{
    public Task AnswerAsync(DeliveredMessage message, Answer answer) => GuardAsync(async () =>
    {
        RequireSource();
        if (_stored is null)
            throw new InvalidOperationException($"Order {_key} has no row, but message {message.MessageId} names it.");
        var (next, kind, summary, words) = answer is ShopAnswer shop
            ? ParcelPlan.Fold(_stored.Order, message.MessageId, _key.Source, shop)
            : ReleaseAnswers.Fold(_stored.Order, message, (WarehouseAnswer)answer);
        var turn = new Turn { Delivered = message.MessageId, CausedAt = message.CausedAt };
        turn.Add(Entry(kind, summary, messageId: message.MessageId) with { Said = words });
        var told = _stored.Order.Shipments.FirstOrDefault(parcel => parcel.MessageId == message.MessageId);
        await SettleAsync(next, turn);
        if (kind == TimelineKind.ParcelRecorded && told is not null)
            await TellStockAgainAsync(told);
        if (kind == TimelineKind.ReleaseAccepted && message.CausedAt is { } causedAt)
            metrics.ReleasedAfter(_key.Source, time.GetUtcNow() - causedAt);
        // Hours pass until a parcel leaves: kept in memory, it would only be copied by each collection of garbage.
        if (_stored.Order.Status == OrderStatus.Released)
            DeactivateOnIdle();
        return true;
    });

    public Task DiscardedAsync(Guid messageId, string actor) => GuardAsync(async () =>
    {
        if (_stored is not null && ReleaseAnswers.FoldDiscard(_stored.Order, messageId, actor) is var next
            && next != _stored.Order)
        {
            await SettleAsync(next, new Turn());
        }

        return true;
    });
}
