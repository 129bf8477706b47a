using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Says what receipts fail of in a few lines, however many there are: while the database or the cluster is away, each
/// one in memory fails again and again.
/// </summary>
internal sealed partial class FailureLog(TimeProvider time, ILogger<InboxPump> log)
{
    /// <summary>How often what gathered is said.</summary>
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(5);

    /// <summary>How often it is said that nothing can be fetched, while that goes on.</summary>
    private static readonly TimeSpan ClaimSaidEvery = TimeSpan.FromSeconds(30);

    /// <summary>Sorts of failure that are told apart.</summary>
    private const int SortsMax = 8;

    private readonly Lock _sync = new();
    private readonly Dictionary<string, Gathered> _gathered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _traced = new(StringComparer.Ordinal);
    private long _saidAt = time.GetTimestamp();
    private long? _claimSaidAt;

    /// <summary>A try failed.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="exception">How.</param>
    /// <param name="counts">It counts against the receipt: then a person needs to see where it comes from.</param>
    /// <param name="strikes">How many failures count against it.</param>
    public void Failed(Receipt receipt, Exception exception, bool counts, int strikes)
    {
        bool trace;
        lock (_sync)
        {
            var sort = exception.GetType().Name;
            trace = counts && _traced.Count < SortsMax && _traced.Add(sort);
            if (!trace)
            {
                sort = _gathered.ContainsKey(sort) || _gathered.Count < SortsMax ? sort : "other exceptions";
                _gathered[sort] = new Gathered(_gathered.GetValueOrDefault(sort).Count + 1, receipt, exception);
            }
        }

        if (trace)
            ReceiptFailed(exception, receipt.Id, receipt.Source, receipt.Topic, strikes);
        SayIfDue();
    }

    /// <summary>Says what gathered, once it is time.</summary>
    public void SayIfDue()
    {
        List<(string Sort, Gathered What)> said;
        TimeSpan elapsed;
        lock (_sync)
        {
            elapsed = time.GetElapsedTime(_saidAt);
            if (elapsed < SaidEvery)
                return;
            _saidAt = time.GetTimestamp();
            said = [.. _gathered.Select(pair => (pair.Key, pair.Value))];
            _gathered.Clear();
            _traced.Clear();
        }

        foreach (var (sort, what) in said)
        {
            ReceiptsFailed(
                what.Count, elapsed.TotalSeconds, sort, what.Receipt.Id, what.Receipt.Source, what.Receipt.Topic,
                Words(what.Exception));
        }
    }

    public void Parked(Receipt receipt, string reason) =>
        ReceiptParked(receipt.Id, receipt.Source, receipt.Topic, reason);

    /// <summary>Pending receipts could not be fetched.</summary>
    public void ClaimFailed(Exception exception)
    {
        if (_claimSaidAt is { } last && time.GetElapsedTime(last) < ClaimSaidEvery)
            return;
        _claimSaidAt = time.GetTimestamp();
        ClaimFailed(exception is StorageException ? null : exception, $"{exception.GetType().Name} {Words(exception)}");
    }

    /// <summary>They could be fetched.</summary>
    public void Claimed() => _claimSaidAt = null;

    public void LetGoFailed(StorageException exception) => LetGoFailed(Words(exception));

    /// <summary>Ours hold no buyer's data; what others say may quote what they were given.</summary>
    private static string Words(Exception exception) =>
        exception is StorageException or SourceUnknownException ? exception.Message : "";

    private readonly record struct Gathered(int Count, Receipt Receipt, Exception Exception);

    [LoggerMessage(1, LogLevel.Warning,
        "Receipt {ReceiptId} of {Source} {Topic} could not be applied ({Strikes} failures count against it); again "
        + "soon",
        EventName = "receipt.failed")]
    private partial void ReceiptFailed(Exception exception, Guid receiptId, string source, string topic, int strikes);

    [LoggerMessage(2, LogLevel.Warning,
        "Pending receipts could not be fetched, and are tried again every 2 s: {What}",
        EventName = "receipt.claim_failed")]
    private partial void ClaimFailed(Exception? exception, string what);

    [LoggerMessage(3, LogLevel.Warning,
        "The others were not told that this process holds nothing any more; they will find out: {Words}",
        EventName = "receipt.let_go_failed")]
    private partial void LetGoFailed(string words);

    [LoggerMessage(4, LogLevel.Warning,
        "{Count} tries to apply a receipt failed in {Seconds:0} s with {Exception}, such as {ReceiptId} of {Source} "
        + "{Topic}; again soon. {Words}", EventName = "receipt.failures")]
    private partial void ReceiptsFailed(
        int count, double seconds, string exception, Guid receiptId, string source, string topic, string words);

    [LoggerMessage(5, LogLevel.Warning, "Receipt {ReceiptId} of {Source} {Topic} is parked: {Reason}",
        EventName = "receipt.parked")]
    private partial void ReceiptParked(Guid receiptId, string source, string topic, string reason);
}
