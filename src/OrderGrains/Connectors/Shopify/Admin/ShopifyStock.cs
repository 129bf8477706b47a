using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Sets what the shop may sell. Each quantity is written from the number that was read or last written: what the shop
/// has sold since makes the write fail, and is never overwritten unseen.
/// </summary>
internal sealed class ShopifyStock
{
    /// <summary>The shop sold meanwhile; its webhook is on its way, and makes the content newer.</summary>
    private static readonly TimeSpan SoldMeanwhile = TimeSpan.FromSeconds(1);

    private readonly ItemCache _cache;
    private readonly ItemLookUp _lookUp;
    private readonly QuantityWriter _writer;

    /// <summary>Null: a person stocks items where they are not.</summary>
    private readonly ItemActivator? _activator;

    public ShopifyStock(ShopifyAdmin admin, ShopifyShopOptions options, TimeProvider time)
    {
        _cache = new ItemCache(time);
        _lookUp = new ItemLookUp(admin, _cache);
        _activator = options.ActivateInventory ? new ItemActivator(admin, _cache, time) : null;
        _writer = new QuantityWriter(admin, options.StockReason, _cache);
    }

    /// <summary>Gives each wish its result.</summary>
    public async Task SendAsync(IReadOnlyList<StockWish> wishes, AttemptCalls calls, CancellationToken stopping)
    {
        foreach (var group in wishes.GroupBy(wish => (wish.Content.Place, wish.Content.Meaning)))
        {
            if (AdminId.Of("Location", group.Key.Place) is { } place)
            {
                await SendAsync([.. group], place, NameOf(group.Key.Meaning), calls, stopping);
                continue;
            }

            foreach (var wish in group)
            {
                wish.Result = new SendResult.Refused(wish.Content.Place.Length == 0
                    ? "the settings name no location of the shop for this stock"
                    : "the place must be the number of a location of the shop")
                { Asked = false };
            }
        }
    }

    /// <summary>
    /// Positions of numbers that the shop has otherwise, or that a person must look at; null when it cannot be asked.
    /// </summary>
    public async Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, AttemptCalls calls, CancellationToken stopping)
    {
        var wishes = ours.Select(content => new StockWish(Guid.Empty, content)).ToList();
        foreach (var group in wishes.GroupBy(wish => (wish.Content.Place, wish.Content.Meaning)))
        {
            if (AdminId.Of("Location", group.Key.Place) is { } place)
                await _lookUp.AskAsync([.. group], place, NameOf(group.Key.Meaning), calls, stopping);
        }

        return wishes.Exists(wish => wish.Result is SendResult.Failed or SendResult.NotYet or SendResult.Unauthorized)
            ? null
            : [.. Enumerable.Range(0, wishes.Count).Where(at => wishes[at].Result is SendResult.Refused
                || (wishes[at].Known is { } known && known.Quantity != wishes[at].Content.Quantity))];
    }

    private async Task SendAsync(
        List<StockWish> wishes, string place, string name, AttemptCalls calls, CancellationToken stopping)
    {
        foreach (var wish in wishes)
        {
            if (_cache.Find(wish.Content) is { } item)
            {
                ItemLookUp.Take(wish, item);
                if (wish.Result is { } known)
                    wish.Result = known with { Asked = false };
            }
        }

        await AskAsync([.. wishes.Where(wish => wish.Result is null && wish.Known is null)]);
        var refused = await WriteAsync();
        // What was kept from before may be so no more: a second look tells.
        var looked = refused.Where(one => IsStale(one.Code) || (IsGone(one.Code) && !one.Wish.Asked)).ToList();
        await AskAsync([.. looked.Select(one => one.Wish)]);
        foreach (var one in refused.Where(one => one.Wish.Result is null))
        {
            if (!(IsGone(one.Code) && looked.Contains(one)))
                one.Wish.Result = Final(one);
        }

        foreach (var one in await WriteAsync())
            one.Wish.Result = Final(one);

        async Task AskAsync(List<StockWish> unknown)
        {
            await _lookUp.AskAsync(unknown, place, name, calls, stopping);
            if (_activator is not null)
                await _activator.ActivateAsync(unknown, place, name, calls, stopping);
            await Task.WhenAll(unknown.Where(wish => wish.Result is null).Select(wish => wish.RenewAsync()));
            foreach (var wish in unknown.Where(wish =>
                wish.Result is null && wish.Known?.Quantity == wish.Content.Quantity))
                wish.Result = new SendResult.AlreadyThere();
        }

        Task<List<RefusedQuantity>> WriteAsync() => _writer.WriteAsync(
            [.. wishes.Where(wish => wish.Result is null)], place, name, calls, stopping);
    }

    private static bool IsStale(string? code) => code is "CHANGE_FROM_QUANTITY_STALE" or "COMPARE_QUANTITY_STALE";

    private static bool IsGone(string? code) => code is
        "INVALID_INVENTORY_ITEM" or "INVALID_LOCATION" or "ITEM_NOT_STOCKED_AT_LOCATION";

    private SendResult Final(RefusedQuantity one)
    {
        if (IsStale(one.Code))
            return new SendResult.NotYet("the shop's own quantity has just changed", SoldMeanwhile);
        switch (one.Code)
        {
            // The shop works it out of the parts of a bundle.
            case "NON_MUTABLE_INVENTORY_ITEM":
                _cache.Keep(one.Wish.Content, new ItemAtShop.NotCounted());
                return new SendResult.Delivered();
            case "ITEM_NOT_STOCKED_AT_LOCATION":
                _cache.Forget(one.Wish.Content);
                return new SendResult.Refused(ItemLookUp.NotStocked(one.Wish.Content));
            default:
                _cache.Forget(one.Wish.Content);
                return new SendResult.Refused(one.Words);
        }
    }

    private static string NameOf(StockMeaning meaning) => meaning == StockMeaning.OnHand ? "on_hand" : "available";
}
