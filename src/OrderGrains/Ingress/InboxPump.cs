using System.Threading.Channels;
using OrderGrains.Connectors;
using Orleans.Networking.Shared;
using Orleans.Runtime.Messaging;

namespace OrderGrains.Ingress;

/// <summary>
/// Takes receipts from the inbox to their effect: an agent. Those that fit are handed over in memory; the rest stay in
/// the database, and are fetched when there is room, as are those that a dead process held.
/// </summary>
internal sealed partial class InboxPump(
    IInbox inbox, ReceiptRouter router, IngressOptions options, TimeProvider time, ILogger<InboxPump> log,
    ClusterConnection? connection = null)
    : BackgroundService, IInboxWaker
{
    /// <summary>Tries before a receipt that always fails is parked.</summary>
    private const int AttemptsMax = 10;

    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Receipts of dead processes are looked for this often, and the others hear that this one lives.
    /// </summary>
    private static readonly TimeSpan ClaimPeriod = TimeSpan.FromSeconds(2);

    private readonly Channel<Receipt> receipts = Channel.CreateUnbounded<Receipt>();
    private readonly SemaphoreSlim places = new(options.HeldMax, options.HeldMax);
    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly BurstThrottle throttle = new(time);

    /// <summary>More may wait in the database than there was room for.</summary>
    private volatile bool starved;

    /// <summary>Receipts fetched at once: many enough to be worth a query.</summary>
    private int ClaimMax => Math.Max(1, options.HeldMax / 4);

    /// <summary>Receipts held in memory now.</summary>
    public int Held => options.HeldMax - places.CurrentCount;

    /// <summary>Webhooks go first, and receipts are begun few at a time: a burst.</summary>
    public bool GivesWay => throttle.IsBurst;

    /// <summary>More than half of memory is full: what comes now waits for about a second at best.</summary>
    private bool IsBehind => Held > options.HeldMax / 2;

    /// <summary>False on a gateway that reaches no silo: then others may take what waits in the database.</summary>
    private bool ReachesGrains => connection is not { IsConnected: false };

    /// <summary>
    /// A receipt is about to be appended; <see cref="Arrived"/> follows, whatever comes of it. True: it has a
    /// place in memory. False: it must wait in the database.
    /// </summary>
    public bool Arriving()
    {
        throttle.Arriving();
        var held = TryTakePlace();
        if (IsBehind)
            throttle.FellBehind();
        return held;
    }

    /// <summary>The append has ended.</summary>
    /// <param name="durable">The receipt; null when it could not be stored.</param>
    /// <param name="held">It has a place: it is applied soon. Else it is fetched when there is room.</param>
    public void Arrived(Receipt? durable, bool held)
    {
        throttle.Arrived();
        if (held && durable is not null)
            receipts.Writer.TryWrite(durable);
        else if (held)
            GiveBackPlace();
        else if (durable is not null)
            LeaveInDatabase();
    }

    public void Wake() => woken.Writer.TryWrite(true);

    /// <summary>What is in memory then is for the others to take up, or for the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await inbox.LetGoAsync();
        }
        catch (StorageException exception)
        {
            LetGoFailed(exception);
        }
    }

    public override void Dispose()
    {
        throttle.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var workers = Enumerable.Range(0, options.AppliedAtOnceMax).Select(_ => WorkAsync(stoppingToken));
        return Task.WhenAll(workers.Append(ClaimAsync(stoppingToken)).Append(WakeAlwaysAsync(stoppingToken)));
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                // One receipt wakes one reader, where waiting for "something to read" would wake all of them.
                var receipt = await receipts.Reader.ReadAsync(stopping);
                // The channel gives what it has, cancelled or not; but others can take that up at once.
                if (stopping.IsCancellationRequested)
                    return;
                await throttle.GiveWayAsync(stopping);
                if (await ApplyAsync(receipt, stopping))
                    GiveBackPlace();
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // What is still held is pending in the database; the next start takes it up.
        }
    }

    private bool TryTakePlace() => ReachesGrains && places.Wait(TimeSpan.Zero);

    private void GiveBackPlace()
    {
        places.Release();
        if (starved && places.CurrentCount >= ClaimMax)
        {
            starved = false;
            Wake();
        }
    }

    private void LeaveInDatabase()
    {
        starved = true;
        if (places.CurrentCount >= ClaimMax)
            Wake();
    }

    /// <summary>Applies until it is settled. False only when the process stops first.</summary>
    private async Task<bool> ApplyAsync(Receipt receipt, CancellationToken stopping)
    {
        var attempts = 0;
        for (var delay = DelayMin; ; delay = delay * 2 < DelayMax ? delay * 2 : DelayMax)
        {
            try
            {
                await router.RouteAsync(receipt);
                return true;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                ApplyFailed(exception, receipt.Id, receipt.Source, receipt.Topic, attempts);
                if (IsOfTheReceipt(exception) && ++attempts >= AttemptsMax && await TryParkAsync(receipt, exception))
                {
                    return true;
                }
            }

            await Task.Delay(delay, time, stopping);
        }
    }

    /// <summary>
    /// Not so when the database is away, a silo came or went, or a grain has more waiting than it takes: that passes,
    /// and no receipt is to blame.
    /// </summary>
    private static bool IsOfTheReceipt(Exception exception) => exception is not (
        StorageException { IsRefusal: false } or TimeoutException
        or OrleansMessageRejectionException or ConnectionFailedException or SocketConnectionException
        or GatewayTooBusyException or LimitExceededException or OrleansLifecycleCanceledException);

    private async Task<bool> TryParkAsync(Receipt receipt, Exception exception)
    {
        try
        {
            await inbox.SettleAsync(new ReceiptSettlement(
                receipt.Id, ReceiptOutcome.Parked, $"could not be applied: {exception.GetType().Name}, see the log",
                null, time.GetUtcNow()));
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    /// <summary>Fetches what nobody holds, as long as there is room and something to fetch.</summary>
    private async Task ClaimAsync(CancellationToken stopping)
    {
        Wake();
        while (await woken.Reader.ReadAsync(stopping))
        {
            try
            {
                while (await ClaimSomeAsync() && !stopping.IsCancellationRequested) { }
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                ClaimFailed(exception);
            }
        }
    }

    private async Task WakeAlwaysAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ClaimPeriod, time);
        while (await timer.WaitForNextTickAsync(stopping))
            Wake();
    }

    /// <summary>True when as many were there as there was room for, so that there may be more.</summary>
    private async Task<bool> ClaimSomeAsync()
    {
        // Before the places for what is fetched are taken: they hold nothing yet.
        var (room, reaches, behind) = (0, ReachesGrains, IsBehind);
        while (room < ClaimMax && TryTakePlace())
            room++;
        IReadOnlyList<Receipt> claimed = [];
        try
        {
            claimed = await inbox.ClaimAsync(room);
            foreach (var receipt in claimed)
                receipts.Writer.TryWrite(receipt);
            if (claimed.Count < room && !behind)
                throttle.CaughtUp();
            return room > 0 && claimed.Count == room;
        }
        finally
        {
            if (room > claimed.Count)
                places.Release(room - claimed.Count);
            starved = reaches && claimed.Count == room;
            if (starved && places.CurrentCount >= ClaimMax)
                Wake();
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Receipt {ReceiptId} of {Source} {Topic} could not be applied (attempt {Attempt}); again soon",
        EventName = "receipt.failed")]
    private partial void ApplyFailed(Exception exception, Guid receiptId, string source, string topic, int attempt);

    [LoggerMessage(2, LogLevel.Warning, "Pending receipts could not be fetched; again soon",
        EventName = "receipt.claim_failed")]
    private partial void ClaimFailed(Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The others were not told that this process stops; they will find out",
        EventName = "receipt.let_go_failed")]
    private partial void LetGoFailed(Exception exception);
}
