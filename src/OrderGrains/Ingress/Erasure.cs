using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Erases personal data: of a buyer's orders, and of receipts that belong to no order and name the buyer. Each order
/// says in its timeline that it was done and by whom. May be repeated, and goes on where it failed.
/// </summary>
internal sealed class Erasure(IOrderStore orders, IInbox inbox, Sources sources, IGrainFactory grains)
{
    /// <summary>Bodies in memory at once.</summary>
    private const int BodiesMax = 50;

    private static readonly ReceiptOutcome[] Settled =
        [ReceiptOutcome.Ignored, ReceiptOutcome.Stale, ReceiptOutcome.Duplicate];

    private static readonly ReceiptOutcome[] Waiting = [ReceiptOutcome.Parked, ReceiptOutcome.Pending];

    /// <summary>Orders of a source that one query looks at.</summary>
    private const int LookedAtMax = 2_000;

    /// <summary>Orders that are asked at once.</summary>
    private const int AtOnceMax = 16;

    /// <summary>Erases all that is held of one buyer.</summary>
    /// <param name="source">The source, be it configured or not.</param>
    /// <param name="buyer">Of whom.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="request">The shop's own request, which names the buyer too; null: a person asks.</param>
    public async Task<Erased> OfBuyerAsync(string source, Buyer buyer, string actor, Guid? request = null)
    {
        var keys = await FindAsync(source, buyer);
        var erased = await OfOrdersAsync(keys, actor);
        return erased with { Receipts = await EraseReceiptsAsync(source, WordsOf(buyer, keys), request) };
    }

    /// <summary>Receipts of no order that name a buyer.</summary>
    /// <param name="source">The source.</param>
    /// <param name="buyer">Who.</param>
    /// <param name="keys">Their orders.</param>
    public async Task<IReadOnlyList<Guid>> FindReceiptsAsync(
        string source, Buyer buyer, IReadOnlyList<OrderKey> keys)
    {
        var found = new List<Guid>();
        await foreach (var page in ListAsync(source, WordsOf(buyer, keys), [.. Settled, .. Waiting]))
            found.AddRange(page.Select(receipt => receipt.Id));
        return found;
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
            : (erased with { Receipts = await EraseReceiptsAsync(source, null, null) }, null);
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

    private static BuyerWords WordsOf(Buyer buyer, IReadOnlyList<OrderKey> keys) =>
        new(buyer with { OrderIds = [.. keys.Select(key => key.OrderId)] });

    private async Task<ErasedReceipts> EraseReceiptsAsync(string source, BuyerWords? words, Guid? request)
    {
        var (erased, left, requests) = (0, 0, new List<Guid>());
        await foreach (var page in ListAsync(source, words, Settled))
            erased += await inbox.EraseAsync([.. page.Select(receipt => receipt.Id)]);
        await foreach (var page in ListAsync(source, words, Waiting))
        {
            var others = page.Where(receipt => receipt.Id != request).ToLookup(IsRequest);
            requests.AddRange(others[true].Select(receipt => receipt.Id));
            left += others[false].Count();
        }

        return new ErasedReceipts(erased, left) { Requests = requests };
    }

    /// <summary>A shop's request to erase erases itself when it is carried out.</summary>
    private bool IsRequest(Receipt receipt) =>
        sources.Find(receipt.Source)?.Connector.Read(receipt) is Reading.Understood { Change: BuyerErased };

    /// <summary>Receipts of no order that hold the words, a part at a time; without words, all.</summary>
    private async IAsyncEnumerable<IReadOnlyList<Receipt>> ListAsync(
        string source, BuyerWords? words, IEnumerable<ReceiptOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            IReadOnlyList<Receipt> page = [];
            do
            {
                page = await inbox.ListOrderlessAsync(
                    source, outcome, page is [.., var last] ? last.Id : Guid.Empty, BodiesMax);
                yield return words is null ? page : [.. page.Where(words.AreIn)];
            }
            while (page.Count == BodiesMax);
        }
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

/// <summary>What became of receipts that belong to no order.</summary>
/// <param name="Erased">Bodies that are gone.</param>
/// <param name="Left">Those that name the buyer and are parked, or not settled yet.</param>
internal sealed record ErasedReceipts(int Erased, int Left)
{
    /// <summary>Requests to erase, of the same buyer, that are parked or not settled yet.</summary>
    public IReadOnlyList<Guid> Requests { get; init; } = [];
}
