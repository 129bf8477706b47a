using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Erases personal data: of a buyer's orders, and of receipts that belong to no order and name the buyer. Each order
/// says in its timeline that it was done and by whom. May be repeated, and goes on where it failed.
/// </summary>
internal sealed class Erasure(IOrderStore orders, IInbox inbox, IGrainFactory grains)
{
    /// <summary>Orders of a source that one query looks at.</summary>
    private const int LookedAtMax = 2_000;

    /// <summary>Orders that are asked at once.</summary>
    private const int AtOnceMax = 16;

    /// <summary>Erases all that is held of one buyer.</summary>
    public async Task<Erased> OfBuyerAsync(string source, Buyer buyer, string actor)
    {
        var keys = await FindAsync(source, buyer);
        var erased = await OfOrdersAsync(keys, actor);
        return buyer.Email is { } email
            ? erased with { Receipts = await inbox.EraseNamingAsync(source, email) } : erased;
    }

    /// <summary>Erases all that is held of every buyer of a source, a part at a time.</summary>
    /// <param name="source">The source, be it configured or not.</param>
    /// <param name="after">Where the part before ended; null: begin.</param>
    /// <param name="actor">Who says so.</param>
    /// <returns>And where this part ended; null: it was the last.</returns>
    public async Task<(Erased Erased, string? Next)> OfSourceAsync(string source, string? after, string actor)
    {
        var page = await orders.ListOfSourceAsync(source, null, after, LookedAtMax);
        var erased = await OfOrdersAsync(page.Orders, actor);
        return page.Next is not null ? (erased, page.Next)
            : (erased with { Receipts = await inbox.EraseNamingAsync(source, null) }, null);
    }

    /// <summary>The orders that a buyer's name stands for: those named, and those with the address.</summary>
    public async Task<IReadOnlyList<OrderKey>> FindAsync(string source, Buyer buyer)
    {
        var keys = buyer.OrderIds.Select(id => new OrderKey(source, id)).ToHashSet();
        string? after = null;
        while (buyer.Email is { } email)
        {
            var page = await orders.ListOfSourceAsync(source, email, after, LookedAtMax);
            keys.UnionWith(page.Orders);
            if ((after = page.Next) is null)
                break;
        }

        return [.. keys];
    }

    private async Task<Erased> OfOrdersAsync(IReadOnlyList<OrderKey> keys, string actor)
    {
        var answers = new List<RedactAnswer>(keys.Count);
        foreach (var chunk in keys.Chunk(AtOnceMax))
        {
            answers.AddRange(await Task.WhenAll(
                chunk.Select(key => grains.GetGrain<IOrderGrain>(key.ToString()).RedactAsync(actor))));
        }

        int Count(RedactAnswer answer) => answers.Count(one => one == answer);
        return new Erased(
            Count(RedactAnswer.Done), Count(RedactAnswer.WhenOver), Count(RedactAnswer.Unknown),
            new ErasedReceipts(0, 0));
    }
}

/// <summary>What became of a request to erase.</summary>
/// <param name="Orders">Orders without personal data from now on.</param>
/// <param name="WhenOver">Orders that are still open: they are erased when they are shipped or cancelled.</param>
/// <param name="Unknown">Orders that were named and are not here.</param>
/// <param name="Receipts">Receipts of no order.</param>
internal sealed record Erased(int Orders, int WhenOver, int Unknown, ErasedReceipts Receipts);
