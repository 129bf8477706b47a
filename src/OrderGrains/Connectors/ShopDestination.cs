using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors;

/// <summary>What a shop's system can be told.</summary>
internal interface IShop
{
    /// <summary>Numbers of stock that one call takes.</summary>
    int StockMax { get; }

    /// <summary>Records a parcel; what is there already is not recorded again.</summary>
    Task<SendResult> RecordAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping);

    /// <summary>
    /// Takes the record of a parcel back, if there is one. The parcel hears <see cref="ShopAnswer.TakenBack"/>, or
    /// <see cref="ShopAnswer.NotTakenBack"/> where the shop cannot or will not.
    /// </summary>
    Task<SendResult> TakeBackAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping);

    /// <summary>Tells numbers of stock, each with another SKU or place: as many results, in their order.</summary>
    Task<IReadOnlyList<SendResult>> OfferAsync(
        IReadOnlyList<StockOffer> offers, AttemptCalls calls, CancellationToken stopping);

    /// <summary>As of <see cref="IStockReader.CompareAsync"/>.</summary>
    Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, AttemptCalls calls, CancellationToken stopping);
}

/// <summary>One number of stock for a shop.</summary>
/// <param name="Message">The message that brings it.</param>
/// <param name="Content">The number.</param>
/// <param name="Renew">The same as it is by then; null: there is nothing to say any more.</param>
internal sealed record StockOffer(Guid Message, StockContent Content, Func<Task<MessageContent?>> Renew);

/// <summary>Makes a destination of any shop: parcels one by one, and numbers of stock together.</summary>
internal sealed class ShopDestination(IShop shop) : IBatchDestination, IStockReader
{
    /// <inheritdoc/>
    public int BatchMax(MessageKind kind) => kind == MessageKind.Stock ? shop.StockMax : 1;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping) =>
        (await SendAsync([delivery], stopping))[0];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> SendAsync(
        IReadOnlyList<Delivery> deliveries, CancellationToken stopping)
    {
        var calls = new AttemptCalls(deliveries[0].NextCall);
        var results = new SendResult[deliveries.Count];
        var offers = new List<(int At, StockOffer Offer)>();
        var contents = await Task.WhenAll(deliveries.Select(delivery => delivery.Content()));
        for (var at = 0; at < results.Length; at++)
        {
            switch (contents[at])
            {
                case ParcelContent { TakenBack: true } parcel:
                    results[at] = await shop.TakeBackAsync(parcel, calls, stopping);
                    break;
                case ParcelContent parcel:
                    results[at] = await shop.RecordAsync(parcel, calls, stopping);
                    break;
                case StockContent content:
                    offers.Add((at, new StockOffer(deliveries[at].Message.Id, content, deliveries[at].Content)));
                    break;
                default:
                    results[at] = new SendResult.Withdrawn();
                    break;
            }
        }

        if (offers.Count > 0)
        {
            var told = await shop.OfferAsync([.. offers.Select(one => one.Offer)], calls, stopping);
            for (var at = 0; at < told.Count; at++)
                results[offers[at].At] = told[at];
        }

        return results;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, Func<Task> nextCall, CancellationToken stopping) =>
        shop.CompareAsync(ours, new AttemptCalls(nextCall), stopping);
}
