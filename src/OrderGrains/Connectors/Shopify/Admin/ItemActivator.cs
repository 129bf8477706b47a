namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Stocks items at a place where they are not yet. No number is given with it: what the shop then has is the number
/// that the next write starts from, be it that somebody else was faster.
/// </summary>
internal sealed class ItemActivator(ShopifyAdmin admin, ItemCache cache, TimeProvider time)
{
    /// <summary>What comes of each wish whose item is not stocked is as if it had been found so.</summary>
    public async Task ActivateAsync(
        IReadOnlyList<StockWish> wishes, string place, string name, AttemptCalls calls, CancellationToken stopping)
    {
        foreach (var wish in wishes)
        {
            if (wish.Unstocked is not { ItemId: var item })
                continue;
            // Again does nothing, so that each attempt may have a key of its own.
            var key = Guid.CreateVersion7(time.GetUtcNow());
            var (answer, failed) = await admin.CallAsync<ActivateAnswer>(
                AdminDocuments.Activate, new { item, place, names = new[] { name }, key }, calls, stopping);
            if (answer is null)
            {
                wish.Result = failed;
                continue;
            }

            var payload = answer.InventoryActivate;
            if (payload is not { UserErrors: [], InventoryLevel.Quantities: [var quantity, ..] })
            {
                wish.Result = new SendResult.Refused(admin.Words("the shop does not stock this item at the location: "
                    + string.Join("; ", payload.UserErrors.Select(error => error.Message))));
                continue;
            }

            var stocked = new ItemAtShop.Stocked(item, quantity.Quantity, quantity.UpdatedAt ?? "");
            cache.Keep(wish.Content, stocked);
            ItemLookUp.Take(wish, stocked);
        }
    }
}
