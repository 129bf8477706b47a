using System.Collections.Concurrent;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Fetches what a webhook only names: an order of which it says no more than where it is, or whose order it is about.
/// It is done beside the pump: what waits here for a host has neither a worker nor a place in the pump's memory. What
/// came is kept with the receipt, which is then claimed like any other. The count of attempts is in memory: after a
/// restart they begin anew.
/// </summary>
internal sealed partial class Fetches(
    Sources sources, IInbox inbox, ReceiptRouter router, CallTools tools, RetryOptions retry, Random chance,
    TimeProvider time, ILogger<Fetches> log) : IDisposable
{
    private readonly ConcurrentDictionary<HeldReceipt, bool> _held = [];
    private readonly Dictionary<string, FetchLane> _lanes = sources.All
        .Where(source => source.Connector.Fetch is not null)
        .ToDictionary(
            source => source.Name, source => new FetchLane(source.Name, source.Connector.Fetch!, tools),
            StringComparer.Ordinal);

    /// <summary>Sources of which as many receipts wait as may: the rest stays in the database.</summary>
    public IReadOnlyCollection<string> Full =>
        [.. _lanes.Values.Where(lane => lane.IsFull).Select(lane => lane.Source)];

    /// <summary>The receipts that wait here.</summary>
    public IEnumerable<HeldReceipt> Held => _held.Keys;

    /// <summary>Calls under way now, of all sources.</summary>
    public int Calls => _lanes.Values.Sum(lane => lane.Calls);

    /// <summary>
    /// Takes a receipt off the pump. Its order is fetched in time; or, when too many wait here, it is given back to the
    /// database.
    /// </summary>
    /// <param name="held">The receipt. Once it is let go of, nothing more is done for it here.</param>
    /// <param name="read">As it was read.</param>
    /// <param name="fetch">What is to be fetched.</param>
    /// <param name="wake">Has the pump claim what it has room for.</param>
    /// <exception cref="StorageException">It is not known to be in the database.</exception>
    public async Task TakeAsync(HeldReceipt held, ReadReceipt read, Reading.Fetch fetch, Action wake)
    {
        var lane = _lanes[read.Receipt.Source];
        if (!lane.TryEnter())
        {
            await inbox.ReturnAsync(read.Receipt.Id);
            return;
        }

        held.IsElsewhere = true;
        _held[held] = true;
        _ = FetchAsync(lane, held, read, fetch.Address, wake);
    }

    public void Dispose()
    {
        foreach (var lane in _lanes.Values)
            lane.Dispose();
    }

    private async Task FetchAsync(
        FetchLane lane, HeldReceipt held, ReadReceipt read, Uri address, Action wake)
    {
        var letGo = held.LetGo;
        try
        {
            for (var failures = 0; ;)
            {
                TimeSpan? after = null;
                try
                {
                    if (await lane.CallAsync(() => TryAsync(lane, read, address, failures + 1, letGo), letGo)
                        is not { } failed)
                        return;
                    (failures, after) = (failures + 1, failed.After);
                }
                catch (StorageException)
                {
                    // The database is away, which counts against no receipt.
                }

                await Task.Delay(
                    RetrySchedule.Delay(retry, Math.Max(failures, 1), after, chance.NextDouble()), time, letGo);
            }
        }
        catch (Exception) when (letGo.IsCancellationRequested)
        {
            // Others take it up, or the next start.
        }
        finally
        {
            _held.TryRemove(held, out _);
            lane.Leave();
            held.ReturnBytes();
            wake();
        }
    }

    /// <summary>One attempt. Null: what came is kept, or the receipt is parked.</summary>
    private async Task<FetchResult.Again?> TryAsync(
        FetchLane lane, ReadReceipt read, Uri address, int attempt, CancellationToken letGo)
    {
        var receipt = read.Receipt;
        try
        {
            // What came is no older than the asking; when two are asked for at once, that tells which is the newer.
            var startedAt = time.GetUtcNow();
            var result = await lane.Fetcher.GetAsync(address, letGo);
            Note(lane, result);
            if (result is FetchResult.Got got)
            {
                var fetched = new FetchedDocument(got.Body, startedAt);
                if (router.Read(receipt with { Fetched = fetched }).Reading is not Reading.Fetch { Why: { } old })
                {
                    await inbox.ReturnAsync(receipt.Id, fetched);
                    ReceiptFetched(receipt.Source, receipt.Id, address.IdnHost, got.Body.Length, attempt);
                    return null;
                }

                result = new FetchResult.Again(old);
            }

            if (result is FetchResult.Again again && attempt < retry.AttemptsMax)
                return again;
            var why = result is FetchResult.Again { Why: var last } ? $"{last}, after {attempt} attempts"
                : ((FetchResult.Refused)result).Why;
            await router.ApplyAsync(read with { Reading = new Reading.Unreadable($"could not be fetched: {why}") });
            return null;
        }
        catch (Exception exception) when (exception is not StorageException && !letGo.IsCancellationRequested)
        {
            FetchFailed(exception, receipt.Source, receipt.Id);
            return new FetchResult.Again(exception.GetType().Name);
        }
    }

    /// <summary>Says when a host begins to fail and when it answers again, and not each time.</summary>
    private void Note(FetchLane lane, FetchResult result)
    {
        var again = result as FetchResult.Again;
        if (!lane.IsNews(fails: again is not null))
            return;
        if (again is not null)
            HostFails(lane.Source, again.Why);
        else
            HostAnswers(lane.Source);
    }

    [LoggerMessage(1, LogLevel.Information,
        "{Source} {ReceiptId}: {Bytes} bytes fetched from {Host} at attempt {Attempt}", EventName = "receipt.fetched")]
    private partial void ReceiptFetched(string source, Guid receiptId, string host, int bytes, int attempt);

    [LoggerMessage(2, LogLevel.Warning,
        "Orders of {Source} cannot be fetched ({Reason}); the receipts wait, and each is tried again",
        EventName = "fetch.failing")]
    private partial void HostFails(string source, string reason);

    [LoggerMessage(3, LogLevel.Information, "Orders of {Source} can be fetched again", EventName = "fetch.healed")]
    private partial void HostAnswers(string source);

    [LoggerMessage(4, LogLevel.Warning,
        "What was fetched for receipt {ReceiptId} of {Source} could not be taken up; again soon",
        EventName = "fetch.failed")]
    private partial void FetchFailed(Exception exception, string source, Guid receiptId);
}
