using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos.Trade;

/// <summary>
/// Tells one order's story. The acts come one after the other, each at its time; their webhooks go out side by side,
/// each until its 200.
/// </summary>
internal sealed class OrderTeller(Shop shop, TimeProvider time)
{
    /// <summary>Ends when every webhook of the story has its 200.</summary>
    public async Task TellAsync(OrderPlan plan, DateTimeOffset began, CancellationToken cancellation)
    {
        var sent = new List<Task>();
        var placed = began + plan.At;
        await UntilAsync(placed, cancellation);
        var create = shop.Place(plan.Paid, plan.Lines, plan.Place);
        Send(create, plan.Create);
        foreach (var act in plan.Acts)
        {
            await UntilAsync(placed + act.After, cancellation);
            Send(Do(create.OrderId, act), act.First);
            if (act.Kind is ActKind.Edit or ActKind.Refund) Send(shop.Restate(create.OrderId), act.Second);
        }
        await Task.WhenAll(sent);

        void Send(Delivery delivery, Sending sending)
        {
            // The replay is signed now, so that the order's ids do not depend on when it is sent.
            var replay = sending.Replayed is null ? null : shop.Replay(delivery);
            sent.Add(SendAsync(delivery, sending.Late, cancellation));
            if (sending.Again is { } again) sent.Add(SendAsync(delivery, again, cancellation));
            if (replay is not null) sent.Add(SendAsync(replay, sending.Replayed!.Value, cancellation));
        }
    }

    private Delivery Do(long orderId, ShopAct act) => act.Kind switch
    {
        ActKind.Pay => shop.Pay(orderId, act.SameSecond),
        ActKind.Edit => shop.Edit(orderId, act.Line, act.Units),
        ActKind.Refund => shop.Refund(orderId, act.Line, act.Units),
        ActKind.Note => shop.Update(orderId, act.SameSecond),
        ActKind.Cancel => shop.Cancel(orderId, sameSecond: act.SameSecond),
        _ => shop.Delete(orderId),
    };

    private async Task SendAsync(Delivery delivery, TimeSpan late, CancellationToken cancellation)
    {
        if (late > TimeSpan.Zero) await Task.Delay(late, time, cancellation);
        await shop.SendAsync(delivery, cancellation);
    }

    private Task UntilAsync(DateTimeOffset moment, CancellationToken cancellation) =>
        moment - time.GetUtcNow() is { Ticks: > 0 } wait ? Task.Delay(wait, time, cancellation) : Task.CompletedTask;
}
