using System.Diagnostics.CodeAnalysis;
using OrderGrains.Inventory;

namespace OrderGrains.Console;

/// <summary>What the stock was found to be, and when.</summary>
internal sealed record StockFinding(StockAudit Stock, DateTimeOffset CountedAt, TimeSpan Took);

/// <summary>
/// Compares the stock with its reservations and with what live orders count on. That reads all that is open. While it
/// is quick, who asks waits for it; else who asks hears what was found last, and an agent sees that this is not old.
/// </summary>
internal sealed partial class StockAuditor(IStockStore stock, TimeProvider time, ILogger<StockAuditor> log) : Agent
{
    /// <summary>Nobody who asks waits longer, once something was found.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(50);

    /// <summary>A reservation is made before its order's commit: a younger one may not have its order yet.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromMinutes(1);

    /// <summary>One that is slow takes no more than one part of these of the database's time when people ask.</summary>
    private const int AskedOneOf = 10;

    /// <summary>And no more than one part of these when nobody does.</summary>
    private const int UnaskedOneOf = 100;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private readonly Lock _sync = new();
    private StockFinding? _last;
    private Task<StockFinding>? _counting;

    public async Task<StockFinding> FindAsync()
    {
        var last = _last;
        if (!MayCount(AskedOneOf, out var counting))
            return last!;
        if (last is null)
            return await counting;
        try
        {
            return await counting.WaitAsync(WaitMax, time);
        }
        catch (TimeoutException)
        {
            return last;
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                if ((_last is not { } last || last.Took > WaitMax) && MayCount(UnaskedOneOf, out var counting))
                    await counting;
            }
            catch (StorageException exception)
            {
                CountFailed(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>False when the last count is too young for another.</summary>
    /// <param name="oneOf">Of how many parts of the time it may take one.</param>
    /// <param name="counting">The count that is under way, or one that begins.</param>
    private bool MayCount(int oneOf, [NotNullWhen(true)] out Task<StockFinding>? counting)
    {
        lock (_sync)
        {
            var rests = _counting is not { IsCompleted: false } && _last is { } last && last.Took > WaitMax
                && time.GetUtcNow() < last.CountedAt + (oneOf * last.Took);
            if (!rests && _counting is not { IsCompleted: false })
                _counting = CountAsync();
            counting = rests ? null : _counting;
            return counting is not null;
        }
    }

    private async Task<StockFinding> CountAsync()
    {
        var (at, began) = (time.GetUtcNow(), time.GetTimestamp());
        var found = await stock.AuditAsync(at - OrphanAge);
        return _last = new StockFinding(found, at, time.GetElapsedTime(began));
    }

    [LoggerMessage(1, LogLevel.Warning, "The stock could not be audited; the audit says what was found last: {Words}",
        EventName = "audit.failed")]
    private partial void CountFailed(string words);
}
