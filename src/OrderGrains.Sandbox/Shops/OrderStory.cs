namespace OrderGrains.Sandbox.Shops;

/// <summary>
/// One order and what befalls it, told in webhooks. Each is sent until the product acknowledges it, so a told story
/// leaves the product no excuse.
/// </summary>
public sealed class OrderStory
{
    private readonly Shop _shop;
    private readonly Random _random;
    private readonly Delivery _create;

    private OrderStory(Shop shop, Plot plot, Delivery create, Random random)
    {
        (_shop, Plot, _create, _random) = (shop, plot, create, random);
    }

    public Plot Plot { get; }

    public long OrderId => _create.OrderId;

    public ShopOrder Order => _shop.Find(OrderId)!;

    /// <summary>Whether the create has its 200. True for every order once its story is told.</summary>
    public bool Acknowledged { get; private set; }

    /// <summary>
    /// When the last webhook of the story had its 200: the product knows all that the shop does. Null before.
    /// </summary>
    public DateTimeOffset? ToldAt { get; private set; }

    /// <summary>The longest pause between two webhooks of the story. Default 1.5 s.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(1.5);

    public required TimeProvider Time { get; init; }

    /// <summary>Told of each webhook, with the shop's words for it.</summary>
    public Action<ShopOrder, string>? Say { get; init; }

    /// <summary>
    /// Places the order. Begin stories one after the other: the shop numbers its orders as they come.
    /// </summary>
    public static OrderStory Begin(
        Shop shop, Plot plot, TimeProvider time, TimeSpan pauseMax, Action<ShopOrder, string>? say = null)
    {
        var create = shop.Place(paid: !Plots.BeginsUnpaid(plot));
        var random = new Random(unchecked((int)(create.OrderId % int.MaxValue)));
        return new OrderStory(shop, plot, create, random) { Time = time, PauseMax = pauseMax, Say = say };
    }

    /// <summary>Ends when every webhook of the story is acknowledged.</summary>
    public async Task TellAsync(CancellationToken cancellation)
    {
        if (Plot is Plot.UpdatedFirst)
            await SendAsync(_shop.Update(OrderId), "an update overtakes its create", cancellation);
        if (Plot is Plot.CancelledFirst)
            await SendAsync(_shop.Cancel(OrderId), "a cancel overtakes its create", cancellation);

        await SendAsync(_create, Describe(), cancellation);
        Acknowledged = true;
        await GoOnAsync(cancellation);
        ToldAt = Time.GetUtcNow();
    }

    private async Task GoOnAsync(CancellationToken cancellation)
    {
        switch (Plot)
        {
            case Plot.Twice:
                await SendAsync(_create, "the same webhook once more", cancellation);
                break;
            case Plot.Replayed:
                await PauseAsync(cancellation);
                await SendAsync(_shop.Replay(_create), "the same body under a new webhook id", cancellation);
                break;
            case Plot.PaidLater:
                await PauseAsync(cancellation);
                await SendAsync(_shop.Pay(OrderId), "paid", cancellation);
                break;
            case Plot.Edited:
                await PauseAsync(cancellation);
                var more = Order.Lines[0].CurrentQuantity + 1;
                await SendAsync(_shop.Edit(OrderId, 0, more), "edited: one more", cancellation);
                await SendAsync(_shop.Restate(OrderId), null, cancellation);
                break;
            case Plot.Refunded:
                await PauseAsync(cancellation);
                await SendAsync(_shop.Refund(OrderId, 0, 1), "one unit refunded", cancellation);
                await SendAsync(_shop.Restate(OrderId), null, cancellation);
                break;
            case Plot.Cancelled or Plot.Deleted:
                await PauseAsync(cancellation);
                await SendAsync(_shop.Cancel(OrderId), "cancelled", cancellation);
                if (Plot is Plot.Deleted) await SendAsync(_shop.Delete(OrderId), "deleted", cancellation);
                break;
            case Plot.LateUpdate:
                var late = _shop.Update(OrderId);
                await SendAsync(_shop.Pay(OrderId), "paid", cancellation);
                await PauseAsync(cancellation);
                await SendAsync(late, "an update from before the payment comes late", cancellation);
                break;
        }
    }

    private async Task SendAsync(Delivery delivery, string? words, CancellationToken cancellation)
    {
        if (words is not null) Say?.Invoke(Order, words);
        await _shop.SendAsync(delivery, cancellation);
    }

    private Task PauseAsync(CancellationToken cancellation) =>
        Task.Delay(PauseMax * _random.NextDouble(), Time, cancellation);

    private string Describe() =>
        $"placed by {Order.Buyer.Name}: "
        + string.Join(", ", Order.Lines.Select(line => $"{line.Quantity} × {line.Item.Sku}"))
        + (Order.PaidAt is null ? ", unpaid" : "");
}
