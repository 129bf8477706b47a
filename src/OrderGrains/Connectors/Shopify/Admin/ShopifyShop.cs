using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>A shop on Shopify that hears of parcels, and of what it may sell.</summary>
internal sealed class ShopifyShop(ShopifyAdmin admin, ShopifyShopOptions options, TimeProvider time)
    : IBatchDestination, IStockReader
{
    /// <summary>Quantities in one call, as Shopify bounds them.</summary>
    private const int StockMax = 250;

    private readonly ShopifyParcels _parcels = new(admin, options.NotifyCustomer);
    private readonly ShopifyStock _stock = new(admin, options.StockReason, time);

    /// <inheritdoc/>
    public int BatchMax(MessageKind kind) => kind == MessageKind.Stock ? StockMax : 1;

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, Func<Task> nextCall, CancellationToken stopping) =>
        _stock.CompareAsync(ours, new AttemptCalls(nextCall), stopping);

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
                    stock.Add(new StockWish(at, deliveries[at].Message.Id, content, deliveries[at].Content));
                    break;
                default:
                    results[at] = new SendResult.Withdrawn();
                    break;
            }
        }

        if (stock.Count > 0)
            await _stock.SendAsync(stock, calls, stopping);
        foreach (var wish in stock)
            results[wish.At] = wish.Result!;
        return results;
    }
}
