using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>A shop on WooCommerce that hears of parcels, and of what it may sell.</summary>
internal sealed class WooCommerceShop(WooCommerceRest rest, WooCommerceShopOptions options, TimeProvider time) : IShop
{
    private readonly WooCommerceParcels _parcels = new(rest, options, time);
    private readonly WooCommerceStock _stock = new(rest, time);

    /// <summary>As WooCommerce bounds a batch (<c>woocommerce_rest_batch_items_limit</c>).</summary>
    public int StockMax => 100;

    /// <inheritdoc/>
    public Task<SendResult> RecordAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping) =>
        _parcels.SendAsync(parcel, calls, stopping);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> OfferAsync(
        IReadOnlyList<StockOffer> offers, AttemptCalls calls, CancellationToken stopping)
    {
        StockWish[] wishes = [.. offers.Select(offer => new StockWish(offer.Content))];
        await _stock.SendAsync(wishes, calls, stopping);
        return [.. wishes.Select(wish => wish.Result!)];
    }

    /// <inheritdoc/>
    public Task<SendResult> TakeBackAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping) =>
        _parcels.TakeBackAsync(parcel, calls, stopping);

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, AttemptCalls calls, CancellationToken stopping) =>
        _stock.CompareAsync(ours, calls, stopping);
}
