using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>
/// Sets what the shop may sell. The shop cannot compare a number before it takes another, so each is read right before
/// it is written, only what differs is written, and none is raised that has just fallen by itself.
/// </summary>
internal sealed class WooCommerceStock(WooCommerceRest rest, TimeProvider time)
{
    /// <summary>
    /// WooCommerce takes a hundred in a batch, and may need a tenth of a second for each: so few are done in time.
    /// </summary>
    private const int WritesMax = 25;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private readonly StockMemory _memory = new(time);
    private readonly ProductLookUp _lookUp = new(rest);

    /// <summary>Gives each wish its result.</summary>
    public async Task SendAsync(IReadOnlyList<StockWish> wishes, AttemptCalls calls, CancellationToken stopping)
    {
        foreach (var wish in wishes)
            wish.Result = _memory.Find(wish.Content.Sku) is { } known ? ResultOf(known) : null;
        // A product may be deleted, and another have its SKU, between the look and the write.
        for (var rounds = 0; rounds < 2; rounds++)
        {
            var open = wishes.Where(wish => wish.Result is null).ToList();
            await _lookUp.AskAsync(open, calls, stopping);
            foreach (var wish in open.Where(wish => wish.Result is null))
                Take(wish);
            await WriteAsync([.. open.Where(wish => wish.Result is null)], isLast: rounds == 1, calls, stopping);
        }
    }

    /// <summary>As of <see cref="IStockReader.CompareAsync"/>.</summary>
    public async Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, AttemptCalls calls, CancellationToken stopping)
    {
        var wishes = ours.Select(content => new StockWish(content)).ToList();
        await _lookUp.AskAsync(wishes, calls, stopping);
        return wishes.Exists(wish => wish.Result is SendResult.Failed or SendResult.Unauthorized) ? null
            : [.. Enumerable.Range(0, wishes.Count).Where(at => wishes[at].Found is ProductAtShop.Counted counted
                && counted.Quantity != wishes[at].Content.Quantity)];
    }

    private static SendResult? ResultOf(ProductAtShop product) => product switch
    {
        ProductAtShop.NotCounted => new SendResult.Delivered(),
        ProductAtShop.Unclear unclear => new SendResult.Refused(unclear.Why),
        _ => null,
    };

    private void Take(StockWish wish)
    {
        var (sku, wanted) = (wish.Content.Sku, wish.Content.Quantity);
        if (wish.Found is not ProductAtShop.Counted counted)
        {
            _memory.KeepNotCounted(sku, wish.Found!);
            wish.Result = ResultOf(wish.Found!);
        }
        else if (counted.Quantity == wanted)
        {
            _memory.Agree(sku, wanted);
            wish.Result = new SendResult.AlreadyThere();
        }
        else if (counted.Quantity is { } number && _memory.IsFalling(sku, number, wanted))
        {
            wish.Result = new SendResult.NotYet(
                "the shop's own number has just fallen: the order that it is of is on its way", LookAgainAfter);
        }
    }

    private async Task WriteAsync(
        IReadOnlyList<StockWish> wishes, bool isLast, AttemptCalls calls, CancellationToken stopping)
    {
        SendResult? broken = null;
        foreach (var group in wishes.GroupBy(wish => Counted(wish).ParentId))
        {
            var path = group.Key == 0 ? "wc/v3/products/batch" : $"wc/v3/products/{group.Key}/variations/batch";
            foreach (var part in group.Chunk(WritesMax))
            {
                if (broken is not null)
                {
                    // The shop has just failed, and was not asked for these.
                    SetAll(part, broken);
                    continue;
                }

                var update = part.Select(wish => new { Counted(wish).Id, StockQuantity = wish.Content.Quantity });
                var answer = await rest.CallAsync<BatchNode>(HttpMethod.Post, path, new { update }, calls, stopping);
                if (answer.Data is { } batch)
                {
                    foreach (var wish in part)
                        Take(wish, batch.Update.FirstOrDefault(item => item.Id == Counted(wish).Id), isLast);
                }
                else if (!(answer.IsNotThere && !isLast))
                {
                    SetAll(part, answer.Failed!);
                    broken = answer.Failed switch
                    {
                        SendResult.Failed failed => new SendResult.Again(failed.Why, failed.After),
                        SendResult.Unauthorized unauthorized => unauthorized,
                        _ => null,
                    };
                }
            }
        }
    }

    /// <summary>What the shop says of one number. It says 200 even where it has not taken it.</summary>
    private void Take(StockWish wish, BatchItemNode? item, bool isLast)
    {
        var (sku, wanted) = (wish.Content.Sku, wish.Content.Quantity);
        switch (item)
        {
            case null:
                Set(wish, new SendResult.Unknown("the shop's answer does not say what became of this number"));
                break;
            case { Error: { } error }:
                var result = rest.OfItem(error);
                if (isLast || result is not SendResult.Refused || !WooCommerceRest.SaysNotThere(error))
                    Set(wish, result);
                break;
            case { ManageStock: not { ValueKind: JsonValueKind.True } }:
                _memory.KeepNotCounted(sku, new ProductAtShop.NotCounted());
                wish.Result = new SendResult.Delivered();
                break;
            case var taken when RestValue.Number(taken.StockQuantity) == wanted:
                _memory.Agree(sku, wanted);
                wish.Result = new SendResult.Delivered();
                break;
            default:
                Set(wish, new SendResult.Refused(
                    "the shop did not take the number: stock management must be on, under WooCommerce, Settings, "
                    + "Products, Inventory"));
                break;
        }
    }

    private void SetAll(IEnumerable<StockWish> wishes, SendResult result)
    {
        foreach (var wish in wishes)
            Set(wish, result);
    }

    /// <summary>Whatever came of it: what the shop has now, nobody can tell.</summary>
    private void Set(StockWish wish, SendResult result)
    {
        _memory.Forget(wish.Content.Sku);
        wish.Result = result;
    }

    private static ProductAtShop.Counted Counted(StockWish wish) => (ProductAtShop.Counted)wish.Found!;
}
