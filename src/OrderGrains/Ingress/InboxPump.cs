using System.Threading.Channels;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Takes receipts from the inbox to their effect: an agent. Those that fit are handed over in memory; the rest stay in
/// the database, and are fetched when there is room, as are those that a dead process held.
/// </summary>
internal sealed class InboxPump(
    IInbox inbox, ReceiptRouter router, Fetches fetches, IngressOptions options, TimeProvider time,
    ILogger<InboxPump> log, ClusterConnection? connection = null, Membership? membership = null)
    : Agent, IInboxWaker
{
    /// <summary>Failures that count against a receipt before it is parked.</summary>
    private const int StrikesMax = 10;

    /// <summary>
    /// Receipts of dead processes are looked for this often, and the others hear that this one lives.
    /// </summary>
    private static readonly TimeSpan ClaimPeriod = TimeSpan.FromSeconds(2);

    private readonly Channel<HeldReceipt> _receipts = Channel.CreateUnbounded<HeldReceipt>();
    private readonly SemaphoreSlim _places = new(options.HeldMax, options.HeldMax);
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly BurstThrottle _throttle = new(time);
    private readonly PassBook _passes = new();
    private readonly FailureLog _failures = new(time, log);

    /// <summary>What is held now; cancelled when it is let go.</summary>
    private CancellationTokenSource _holding = new();

    /// <summary>More may wait in the database than there was room for.</summary>
    private volatile bool _starved;

    /// <summary>Receipts fetched at once: many enough to be worth a query.</summary>
    private int ClaimMax => Math.Max(1, options.HeldMax / 4);

    /// <summary>Receipts held in memory now.</summary>
    public int Held => options.HeldMax - _places.CurrentCount;

    /// <summary>Webhooks go first, and receipts are begun few at a time: a burst.</summary>
    public bool GivesWay => _throttle.IsBurst;

    /// <summary>More than half of memory is full: what comes now waits for about a second at best.</summary>
    private bool IsBehind => Held > options.HeldMax / 2;

    /// <summary>False on a gateway that reaches no silo: then others may take what waits in the database.</summary>
    private bool ReachesGrains => connection is not { IsConnected: false } && IsCertain;

    /// <summary>False while this silo may be dead to the others: then it applies nothing.</summary>
    private bool IsCertain => membership is not { IsCertain: false };

    /// <summary>
    /// A receipt is about to be appended; <see cref="Arrived"/> follows, whatever comes of it. True: it has a
    /// place in memory. False: it must wait in the database.
    /// </summary>
    public bool Arriving()
    {
        _throttle.Arriving();
        var held = TryTakePlace();
        if (IsBehind)
            _throttle.FellBehind();
        return held;
    }

    /// <summary>The append has ended.</summary>
    /// <param name="durable">The receipt; null when it could not be stored.</param>
    /// <param name="held">It has a place: it is applied soon. Else it is fetched when there is room.</param>
    public void Arrived(Receipt? durable, bool held)
    {
        _throttle.Arrived();
        if (held && durable is not null)
            Hold(durable);
        else if (held)
            GiveBackPlace();
        else if (durable is not null)
            LeaveInDatabase();
    }

    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>
    /// What is held now is for the others to take up, at once; here it is not tried again, whatever becomes of the try
    /// that is under way. Memory forgets first: what the inbox then gives back is in nobody's memory alone.
    /// </summary>
    public async Task LetGoAsync()
    {
        await Interlocked.Exchange(ref _holding, new CancellationTokenSource()).CancelAsync();
        for (var count = _receipts.Reader.Count; count > 0 && _receipts.Reader.TryRead(out var held); count--)
        {
            if (held.LetGo.IsCancellationRequested)
                GiveBackPlace();
            else
                _receipts.Writer.TryWrite(held);
        }

        try
        {
            await inbox.LetGoAsync();
        }
        catch (StorageException exception)
        {
            _failures.LetGoFailed(exception);
        }
    }

    /// <summary>What is in memory then is for the others to take up, or for the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await LetGoAsync();
    }

    public override void Dispose()
    {
        _throttle.Dispose();
        _holding.Dispose();
        base.Dispose();
    }

    protected override Task RunAsync(CancellationToken stopping)
    {
        var workers = Enumerable.Range(0, options.AppliedAtOnceMax).Select(_ => WorkAsync(stopping));
        return Task.WhenAll(workers.Append(ClaimAsync(stopping)).Append(WakeAlwaysAsync(stopping)));
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                // One receipt wakes one reader, where waiting for "something to read" would wake all of them.
                var held = await _receipts.Reader.ReadAsync(stopping);
                // The channel gives what it has, cancelled or not; but others can take that up at once.
                if (stopping.IsCancellationRequested)
                    return;
                await _throttle.GiveWayAsync(stopping);
                if (held.LetGo.IsCancellationRequested)
                    GiveBackPlace();
                else if (!IsCertain)
                    _ = ReturnAsync(held, HeldReceipt.DelayMin);
                else if (await IsDoneAsync(held, stopping))
                    GiveBackPlace();
                else
                    _ = ReturnAsync(held, held.TakeDelay());
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // What is still held is pending in the database; the next start takes it up.
        }
    }

    /// <summary>It waits for its next try, with its place and without a worker.</summary>
    private async Task ReturnAsync(HeldReceipt held, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, held.LetGo);
            _receipts.Writer.TryWrite(held);
        }
        catch (OperationCanceledException)
        {
            GiveBackPlace();
        }
    }

    private void Hold(Receipt receipt) =>
        _receipts.Writer.TryWrite(new HeldReceipt(receipt, Volatile.Read(ref _holding).Token));

    private bool TryTakePlace() => ReachesGrains && _places.Wait(TimeSpan.Zero);

    private void GiveBackPlace()
    {
        _places.Release();
        if (_starved && _places.CurrentCount >= ClaimMax)
        {
            _starved = false;
            Wake();
        }
    }

    private void LeaveInDatabase()
    {
        _starved = true;
        if (_places.CurrentCount >= ClaimMax)
            Wake();
    }

    /// <summary>Tries once. False: it failed, and is to be tried again; true: here nothing is left to do.</summary>
    private async Task<bool> IsDoneAsync(HeldReceipt held, CancellationToken stopping)
    {
        var (receipt, topic) = (held.Receipt, held.Receipt.Topic);
        try
        {
            var read = router.Read(receipt);
            topic = read.Topic;
            if (read.Reading is Reading.Fetch fetch)
                await fetches.TakeAsync(held, read, fetch, Wake);
            // What the router settles by itself shows nothing of the grains.
            else if (await router.ApplyAsync(read) is
                ReceiptOutcome.Applied or ReceiptOutcome.Duplicate or ReceiptOutcome.Stale)
                _passes.TookEffect(receipt.Source, topic);
            if (read.Reading is Reading.Divided)
                Wake();
            return true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // A silo that may be dead to the others knows nothing of whose fault it is.
            if (held.LetGo.IsCancellationRequested || !IsCertain)
                return false;
            var counts = held.Fail(exception, _passes.Count(receipt.Source, topic));
            _failures.Failed(receipt, exception, counts, held.Strikes);
            return counts && held.Strikes >= StrikesMax && await TryParkAsync(receipt, exception);
        }
    }

    private async Task<bool> TryParkAsync(Receipt receipt, Exception exception)
    {
        var reason = $"could not be applied: {exception.GetType().Name}, see the log";
        try
        {
            await inbox.SettleAsync(
                new ReceiptSettlement(receipt.Id, ReceiptOutcome.Parked, reason, null, time.GetUtcNow()));
            _failures.Parked(receipt, reason);
            await router.SayParkedAsync(receipt);
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
        while (await _woken.Reader.ReadAsync(stopping))
        {
            try
            {
                while (IsCertain && await ClaimSomeAsync() && !stopping.IsCancellationRequested) { }
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                _failures.ClaimFailed(exception);
            }
        }
    }

    private async Task WakeAlwaysAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ClaimPeriod, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            _failures.SayIfDue();
            Wake();
        }
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
            claimed = await inbox.ClaimAsync(room, fetches.Full);
            _failures.Claimed();
            foreach (var receipt in claimed)
                Hold(receipt);
            if (claimed.Count < room && !behind)
                _throttle.CaughtUp();
            return room > 0 && claimed.Count == room;
        }
        finally
        {
            if (room > claimed.Count)
                _places.Release(room - claimed.Count);
            _starved = reaches && claimed.Count == room;
            if (_starved && _places.CurrentCount >= ClaimMax)
                Wake();
        }
    }
}
