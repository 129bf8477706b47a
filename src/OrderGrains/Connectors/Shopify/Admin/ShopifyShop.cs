using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>A shop on Shopify that hears of parcels, and of what it may sell.</summary>
internal sealed class ShopifyShop(ShopifyAdmin admin, ShopifyShopOptions options, TimeProvider time) : IShop
{
    private readonly ShopifyParcels _parcels = new(admin, options.NotifyCustomer);
    private readonly ShopifyStock _stock = new(admin, options, time);

    /// <summary>As Shopify bounds them.</summary>
    public int StockMax => 250;

    /// <inheritdoc/>
    public Task<SendResult> RecordAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping) =>
        _parcels.SendAsync(parcel, calls, stopping);

    /// <inheritdoc/>
    public Task<SendResult> TakeBackAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping) =>
        _parcels.TakeBackAsync(parcel, calls, stopping);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> OfferAsync(
        IReadOnlyList<StockOffer> offers, AttemptCalls calls, CancellationToken stopping)
    {
        StockWish[] wishes = [.. offers.Select(offer => new StockWish(offer.Message, offer.Content, offer.Renew))];
        await _stock.SendAsync(wishes, calls, stopping);
        return [.. wishes.Select(wish => wish.Result!)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, AttemptCalls calls, CancellationToken stopping) =>
        _stock.CompareAsync(ours, calls, stopping);
}
