using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>
/// Finds products and variations by their SKU. A shop may give one SKU to several, as plugins for languages do, and
/// then none of them is meant.
/// </summary>
internal sealed class ProductLookUp(WooCommerceRest rest)
{
    /// <summary>SKUs in one question: what has them fits into one page, unless many share a SKU.</summary>
    private const int SkusMax = 50;

    /// <summary>Some servers take no longer address.</summary>
    private const int QueryCharsMax = 1_500;

    private const int PageMax = 100;
    private const int PagesMax = 20;

    /// <summary>Gives each wish what the shop has of it, or its result.</summary>
    public async Task AskAsync(IReadOnlyList<StockWish> wishes, AttemptCalls calls, CancellationToken stopping)
    {
        SendResult? broken = null;
        var parts = new Stack<List<StockWish>>(Parts(wishes).Reverse());
        while (parts.TryPop(out var part))
        {
            // The shop has just failed: another call would wait for the same.
            var (products, failed) = broken is null ? await FindAsync(part, calls, stopping) : ([], broken);
            if (failed is SendResult.Failed or SendResult.Unauthorized)
                broken = failed;
            // Whichever it is that the shop refuses, it must not fail the others.
            if (failed is SendResult.Refused && part.Count > 1)
            {
                parts.Push(part[(part.Count / 2)..]);
                parts.Push(part[..(part.Count / 2)]);
                continue;
            }

            foreach (var wish in part)
            {
                wish.Result = failed;
                // The shop's database knows no case: only the very SKU is meant.
                wish.Found = failed is not null ? null : Judge([.. products.Where(product => product.Sku is { } sku
                    && string.Equals(Sku.Of(sku), wish.Content.Sku, StringComparison.Ordinal))]);
            }
        }
    }

    /// <summary>A comma parts SKUs, so that one that has a comma goes alone.</summary>
    private static IEnumerable<List<StockWish>> Parts(IReadOnlyList<StockWish> wishes)
    {
        var (part, chars) = (new List<StockWish>(), 0);
        foreach (var wish in wishes)
        {
            if (wish.Content.Sku.Contains(',', StringComparison.Ordinal))
            {
                yield return [wish];
                continue;
            }

            var length = Uri.EscapeDataString(wish.Content.Sku).Length + 1;
            if (part.Count == SkusMax || (part.Count > 0 && chars + length > QueryCharsMax))
            {
                yield return part;
                (part, chars) = ([], 0);
            }

            part.Add(wish);
            chars += length;
        }

        if (part.Count > 0)
            yield return part;
    }

    private async Task<(List<ProductNode> Products, SendResult? Failed)> FindAsync(
        List<StockWish> wishes, AttemptCalls calls, CancellationToken stopping)
    {
        var skus = string.Join(',', wishes.Select(wish => Uri.EscapeDataString(wish.Content.Sku)));
        // To PHP a lone 0 is nothing, and nothing means all products.
        skus = skus == "0" ? "0,0" : skus;
        var products = new List<ProductNode>();
        for (var page = 1; page <= PagesMax; page++)
        {
            var listed = await rest.ListAsync<ProductNode>(
                $"wc/v3/products?sku={skus}&per_page={PageMax}&page={page}"
                    + "&_fields=id,sku,type,parent_id,manage_stock,stock_quantity",
                calls, stopping);
            if (listed.Data is null)
                return (products, listed.Failed);
            products.AddRange(listed.Data);
            if (listed.Data.Count < PageMax)
                return (products, null);
        }

        return (products, new SendResult.Refused($"the shop finds more than {PagesMax} pages of these SKUs"));
    }

    private static ProductAtShop Judge(ProductNode[] products) => products switch
    {
        [] => new ProductAtShop.NotCounted(),
        [_, _, ..] => new ProductAtShop.Unclear(
            $"the shop has {products.Length} products with this SKU: only one may have it"),
        // A variation may share its product's number, and then has none of its own: "parent".
        [{ ManageStock: not { ValueKind: JsonValueKind.True } }] => new ProductAtShop.NotCounted(),
        [var product] => new ProductAtShop.Counted(
            product.Id, IsVariation(product) ? product.ParentId : 0, RestValue.Number(product.StockQuantity)),
    };

    /// <summary>Plugins have kinds of their own, such as <c>subscription_variation</c>.</summary>
    private static bool IsVariation(ProductNode product) =>
        product.Type?.EndsWith("variation", StringComparison.Ordinal) == true && product.ParentId > 0;
}
