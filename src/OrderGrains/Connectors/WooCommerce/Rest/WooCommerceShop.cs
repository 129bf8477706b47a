using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>A shop on WooCommerce that hears of parcels, and of what it may sell.</summary>
internal sealed class WooCommerceShop(WooCommerceRest rest, WooCommerceShopOptions options, TimeProvider time)
    : IBatchDestination, IStockReader
{
    /// <summary>Items in one batch, as WooCommerce bounds them (<c>woocommerce_rest_batch_items_limit</c>).</summary>
    private const int StockMax = 100;

    private readonly WooCommerceParcels _parcels = new(rest, options, time);
    private readonly WooCommerceStock _stock = new(rest, time);

    /// <inheritdoc/>
    public int BatchMax(MessageKind kind) => kind == MessageKind.Stock ? StockMax : 1;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping) =>
        (await SendAsync([delivery], stopping))[0];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> SendAsync(
        IReadOnlyList<Delivery> deliveries, CancellationToken stopping)
    {
        var calls = new AttemptCalls(deliveries[0].NextCall);
        var results = new SendResult[deliveries.Count];
        var stock = new List<StockWish>();
        var contents = await Task.WhenAll(deliveries.Select(delivery => delivery.Content()));
        for (var at = 0; at < results.Length; at++)
        {
            switch (contents[at])
            {
                case ParcelContent parcel:
                    results[at] = await _parcels.SendAsync(parcel, calls, stopping);
                    break;
                case StockContent content:
                    stock.Add(new StockWish(at, content));
                    break;
                default:
                    results[at] = new SendResult.Withdrawn();
                    break;
            }
        }

        await _stock.SendAsync(stock, calls, stopping);
        foreach (var wish in stock)
            results[wish.At] = wish.Result!;
        return results;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, Func<Task> nextCall, CancellationToken stopping) =>
        _stock.CompareAsync(ours, new AttemptCalls(nextCall), stopping);
}
