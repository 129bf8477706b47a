using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Asks pulled sources for their news: an agent on every silo, of whom one has the turn at a source. Who dies is
/// replaced within <see cref="Lease"/> and <see cref="Period"/>; who stops, within <see cref="Period"/>.
/// </summary>
internal sealed partial class PullAgent(
    Sources sources, IPulls pulls, IInbox inbox, IInboxWaker pump, CallTools tools, TimeProvider time,
    ILogger<PullAgent> log, int pendingMax = PullAgent.PendingMax) : Agent
{
    /// <summary>Two silos that ask at once do no harm, but for what comes twice.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(7);

    /// <summary>How often the turn is kept, or looked for.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Receipts that may wait for their effect; beyond, what is there stays there.</summary>
    public const int PendingMax = 10_000;

    private static readonly TimeSpan DelayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DelayMax = TimeSpan.FromMinutes(1);

    /// <summary>A source that has nothing and does not wait for it by itself is not asked without a pause.</summary>
    private static readonly TimeSpan IdleMin = TimeSpan.FromMilliseconds(100);

    protected override Task RunAsync(CancellationToken stopping) => Task.WhenAll(sources.All
        .Where(source => source.Connector is IPulledSource)
        .Select(source => AskInTurnAsync(source.Name, (IPulledSource)source.Connector, stopping)));

    private async Task AskInTurnAsync(string source, IPulledSource pulled, CancellationToken stopping)
    {
        while (true)
        {
            if (await TryTakeAsync(source) is not null)
                await AskWhileItLastsAsync(source, pulled, stopping);
            await Task.Delay(Period, time, stopping);
        }
    }

    private async Task AskWhileItLastsAsync(string source, IPulledSource pulled, CancellationToken stopping)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = KeepAsync(source, turn);
        try
        {
            for (var delay = DelayMin; ;)
            {
                var wait = await AskAsync(source, pulled, delay, turn);
                delay = wait is null ? delay * 2 < DelayMax ? delay * 2 : DelayMax : DelayMin;
                await Task.Delay(wait ?? delay, time, turn.Token);
            }
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
            // Another has it, or this process stops.
        }
        finally
        {
            await turn.CancelAsync();
            await keeping;
            await LetGoAsync(source);
        }
    }

    /// <summary>How long to wait until it is asked again; null when it could not be asked.</summary>
    private async Task<TimeSpan?> AskAsync(
        string source, IPulledSource pulled, TimeSpan delay, CancellationTokenSource turn)
    {
        try
        {
            if ((await inbox.GetDepthAsync(time.GetUtcNow())).Pending >= pendingMax)
                return Period;
            if (await pulls.TakeAsync(source, Lease) is not { } mine)
                throw await LostAsync(turn);
            var appended = 0;
            var wait = await pulled.PullAsync(
                new Intake(tools, mine.Cursor, async (items, cursor) =>
                {
                    if (!await AppendAsync(source, items, cursor))
                        throw await LostAsync(turn);
                    appended += items.Count;
                }),
                turn.Token);
            if (delay > DelayMin)
                AskedAgain(source);
            return appended == 0 && wait < IdleMin ? IdleMin : wait;
        }
        catch (Exception exception) when (!turn.IsCancellationRequested)
        {
            if (delay == DelayMin)
                NotAsked(source, exception is PullException ? exception.Message : exception.GetType().Name);
            return null;
        }
    }

    /// <summary>Another process has the turn.</summary>
    private static async Task<OperationCanceledException> LostAsync(CancellationTokenSource turn)
    {
        await turn.CancelAsync();
        return new OperationCanceledException(turn.Token);
    }

    private async Task<bool> AppendAsync(string source, IReadOnlyList<PulledItem> items, string? cursor)
    {
        var now = time.GetUtcNow();
        var receipts = items.Select(item => new Receipt
        {
            Id = Guid.CreateVersion7(now),
            Source = source,
            Topic = item.Topic,
            DeliveryId = item.DeliveryId,
            Body = item.Body,
            ReceivedAt = now,
            TriggeredAt = item.TriggeredAt,
        }).ToArray();
        if (!await pulls.AppendAsync(source, receipts, cursor))
            return false;
        if (receipts.Length > 0)
            pump.Wake();
        return true;
    }

    /// <summary>Keeps the turn until it is over; ends it when another has it, or when it may have run out.</summary>
    private async Task KeepAsync(string source, CancellationTokenSource turn)
    {
        var keptAt = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(Period, time, turn.Token);
                try
                {
                    if (await pulls.TakeAsync(source, Lease) is null)
                        break;
                    keptAt = time.GetTimestamp();
                }
                catch (StorageException) when (time.GetElapsedTime(keptAt) < Lease)
                {
                    // It is ours for a while yet.
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or StorageException)
        {
            // It is over, or nobody knows.
        }

        await turn.CancelAsync();
    }

    private async Task<Turn?> TryTakeAsync(string source)
    {
        try
        {
            return await pulls.TakeAsync(source, Lease);
        }
        catch (StorageException)
        {
            // The pump says that the database is away.
            return null;
        }
    }

    private async Task LetGoAsync(string source)
    {
        try
        {
            await pulls.LetGoAsync(source);
        }
        catch (StorageException)
        {
            // It runs out by itself.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Source} could not be asked for its news ({Why}); again soon",
        EventName = "source.not_asked")]
    private partial void NotAsked(string source, string why);

    [LoggerMessage(2, LogLevel.Information, "{Source} can be asked for its news again", EventName = "source.asked")]
    private partial void AskedAgain(string source);
}
