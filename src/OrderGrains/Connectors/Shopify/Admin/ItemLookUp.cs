using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Finds inventory items by their SKU. A shop may give one SKU to several, and then none of them is meant.
/// </summary>
internal sealed class ItemLookUp(ShopifyAdmin admin, ItemCache cache)
{
    /// <summary>SKUs in one query: their items fit into one page, unless many share a SKU.</summary>
    private const int SkusMax = 50;

    private const int PagesMax = 20;

    /// <summary>
    /// Asks for the items of wishes that are for one place and of one meaning. What is no item to write has its result.
    /// </summary>
    public async Task AskAsync(
        IReadOnlyList<StockWish> wishes, string place, string name, AttemptCalls calls, CancellationToken stopping)
    {
        var parts = new Stack<StockWish[]>(wishes.Chunk(SkusMax).Reverse());
        while (parts.TryPop(out var part))
        {
            var (items, failed) = await FindAsync(part, place, name, calls, stopping);
            // Whichever it is that the shop refuses, it must not fail the others.
            if (failed is SendResult.Refused && part.Length > 1)
            {
                parts.Push(part[(part.Length / 2)..]);
                parts.Push(part[..(part.Length / 2)]);
                continue;
            }

            foreach (var wish in part)
            {
                wish.Asked = true;
                if (failed is not null)
                {
                    wish.Result = failed;
                    continue;
                }

                // The search knows no case and cuts texts into words: only the very SKU is meant.
                var item = Judge([.. items.Where(item => item.Sku is { } sku
                    && string.Equals(Sku.Of(sku), wish.Content.Sku, StringComparison.Ordinal))]);
                // What a person must mend is asked anew each time.
                if (item is not (ItemAtShop.Unclear or ItemAtShop.Unstocked))
                    cache.Keep(wish.Content, item);
                Take(wish, item);
            }
        }
    }

    /// <summary>What is known of its item, be it from the shop or kept from before.</summary>
    public static void Take(StockWish wish, ItemAtShop item)
    {
        wish.Known = item as ItemAtShop.Stocked;
        wish.Unstocked = item as ItemAtShop.Unstocked;
        wish.Result = item switch
        {
            ItemAtShop.Unstocked => new SendResult.Refused(NotStocked(wish.Content)),
            ItemAtShop.NotCounted => new SendResult.Delivered(),
            ItemAtShop.Unclear unclear => new SendResult.Refused(unclear.Why),
            _ => null,
        };
    }

    private static ItemAtShop Judge(ItemNode[] items) => items switch
    {
        [] => new ItemAtShop.NotCounted(),
        [_, _, ..] => new ItemAtShop.Unclear(
            $"the shop has {items.Length} items with this SKU: only one may have it"),
        [{ Tracked: false }] => new ItemAtShop.NotCounted(),
        [{ InventoryLevel.Quantities: [var quantity, ..] } item] => new ItemAtShop.Stocked(
            item.Id, quantity.Quantity, quantity.UpdatedAt ?? ""),
        [var item] => new ItemAtShop.Unstocked(item.Id),
    };

    public static string NotStocked(StockContent content) =>
        $"the shop does not stock this item at its location {AdminId.Number(content.Place)}: connect it there";

    private async Task<(List<ItemNode> Items, SendResult? Failed)> FindAsync(
        StockWish[] wishes, string place, string name, AttemptCalls calls, CancellationToken stopping)
    {
        var query = string.Join(" OR ", wishes.Select(wish => $"sku:{Quoted(wish.Content.Sku)}"));
        var items = new List<ItemNode>();
        string? after = null;
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var (answer, failed) = await admin.CallAsync<ItemsAnswer>(
                AdminDocuments.Items, new { query, place, names = new[] { name }, after }, calls, stopping);
            if (answer is null)
                return (items, failed);
            items.AddRange(answer.InventoryItems.Nodes);
            if (!answer.InventoryItems.PageInfo.HasNextPage)
                return (items, null);
            after = answer.InventoryItems.PageInfo.EndCursor;
        }

        return (items, new SendResult.Refused($"the shop finds more than {PagesMax} pages of items for these SKUs"));
    }

    /// <summary>A phrase (shopify.dev, "Shopify API search syntax").</summary>
    private static string Quoted(string sku) =>
        $"\"{sku.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
