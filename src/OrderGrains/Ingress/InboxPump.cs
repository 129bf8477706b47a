using System.Collections.Concurrent;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Takes receipts from the inbox to their effect: an agent. Those that fit are handed over in memory; the rest stay in
/// the database, and are fetched when there is room, as are those that a dead process held. Memory, and what is applied
/// at once, are shared fairly: a source that floods leaves room for the others.
/// </summary>
internal sealed class InboxPump(
    IInbox inbox, ReceiptRouter router, Fetches fetches, IngressOptions options, Sources sources, TimeProvider time,
    ILogger<InboxPump> log, ClusterConnection? connection = null, Membership? membership = null)
    : Agent, IInboxWaker
{
    /// <summary>Failures that count against a receipt before it is parked.</summary>
    private const int StrikesMax = 10;

    /// <summary>
    /// Receipts of dead processes are looked for this often, and the others hear that this one lives.
    /// </summary>
    private static readonly TimeSpan ClaimPeriod = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What takes longer waits for something, such as a silo that has died: it goes on, and others have its slot.
    /// </summary>
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<HeldReceipt, bool> _held = [];
    private readonly HeldRoom _room = new(options, sources);
    private readonly FairSlots _slots = new(options.AppliedAtOnceMax, sources.WeightOf);
    private readonly BurstThrottle _throttle = new(time);
    private readonly PassBook _passes = new();
    private readonly FailureLog _failures = new(time, log);

    /// <summary>Cancelled: nothing is begun any more.</summary>
    private readonly CancellationTokenSource _ending = new();

    /// <summary>What is held now; cancelled when it is let go.</summary>
    private CancellationTokenSource _holding = new();

    /// <summary>Receipts in memory between their 200 and their effect, and bytes of them.</summary>
    public int Held => _room.Receipts;

    public long HeldBytes => _room.Bytes;

    /// <summary>Webhooks go first, and receipts are begun few at a time: a burst.</summary>
    public bool GivesWay => _throttle.IsBurst;

    /// <summary>More than a quarter of memory is full: what comes now waits for about a second at best.</summary>
    private bool IsBehind => Held > options.HeldMax / 4;

    /// <summary>False on a gateway that reaches no silo: then others may take what waits in the database.</summary>
    private bool ReachesGrains => connection is not { IsConnected: false } && IsCertain;

    /// <summary>False while this silo may be dead to the others: then it applies nothing.</summary>
    private bool IsCertain => membership is not { IsCertain: false };

    /// <summary>
    /// A receipt is about to be appended; <see cref="Arrived"/> follows, whatever comes of it. True: it has a
    /// place in memory. False: it must wait in the database.
    /// </summary>
    public bool Arriving(Receipt receipt)
    {
        _throttle.Arriving();
        var held = ReachesGrains && _room.TryTake(receipt);
        if (IsBehind)
            _throttle.FellBehind();
        return held;
    }

    /// <summary>The append has ended.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="durable">It is stored.</param>
    /// <param name="held">It has a place: it is applied soon. Else it is fetched when there is room.</param>
    public void Arrived(Receipt receipt, bool durable, bool held)
    {
        _throttle.Arrived();
        if (held && durable)
            Hold(receipt);
        else if (held)
            _room.Return(receipt);
        else if (durable)
            _room.Left(receipt.Source);
    }

    public void Wake() => _room.Wake();

    /// <summary>
    /// What is held now is for the others to take up, at once; here it is not tried again, whatever becomes of the try
    /// that is under way. Memory forgets first: what the inbox then gives back is in nobody's memory alone.
    /// </summary>
    public async Task LetGoAsync()
    {
        await Interlocked.Exchange(ref _holding, new CancellationTokenSource()).CancelAsync();
        try
        {
            await inbox.LetGoAsync();
        }
        catch (StorageException exception)
        {
            _failures.LetGoFailed(exception);
        }
    }

    /// <summary>What is being applied comes to its end; what else is in memory is for the others.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await base.StopAsync(cancellationToken);
        try
        {
            await Task.WhenAll(_held.Keys.Select(held => held.Trying)).WaitAsync(cancellationToken);
        }
        catch (Exception)
        {
            // Whoever takes it up tries again.
        }

        await LetGoAsync();
    }

    public override void Dispose()
    {
        _throttle.Dispose();
        _holding.Dispose();
        _ending.Dispose();
        base.Dispose();
    }

    protected override Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(ClaimAsync(stopping), WakeAlwaysAsync(stopping));

    private void Hold(Receipt receipt)
    {
        var held = new HeldReceipt(receipt, Volatile.Read(ref _holding).Token, _room);
        _held[held] = true;
        // Nothing of it is done before the sender has its answer, or in the sender's name.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => SeeThroughAsync(held), CancellationToken.None);
    }

    /// <summary>Tries it until nothing is left to do; between its tries it has its place alone.</summary>
    private async Task SeeThroughAsync(HeldReceipt held)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(held.LetGo, _ending.Token);
        try
        {
            while (!await TryAsync(held, ended.Token))
                await Task.Delay(held.TakeDelay(), time, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Others take it up, or the next start: it is pending in the database.
        }
        finally
        {
            _held.TryRemove(held, out _);
            _room.ReturnPlace(held.Receipt.Source);
            if (!held.IsElsewhere)
                held.ReturnBytes();
        }
    }

    /// <summary>Tries once, in a slot. True: here nothing is left to do.</summary>
    private async Task<bool> TryAsync(HeldReceipt held, CancellationToken ended)
    {
        var source = held.Receipt.Source;
        await _slots.EnterAsync(source, ended);
        var inSlot = true;
        try
        {
            await _throttle.GiveWayAsync(ended);
            ended.ThrowIfCancellationRequested();
            if (!IsCertain)
                return false;
            var trying = IsDoneAsync(held);
            held.Trying = trying;
            try
            {
                return await trying.WaitAsync(SlowAfter, time, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                inSlot = false;
                _slots.Leave(source);
                return await trying;
            }
        }
        finally
        {
            if (inSlot)
                _slots.Leave(source);
        }
    }

    /// <summary>Tries once. False: it failed, and is to be tried again; true: here nothing is left to do.</summary>
    private async Task<bool> IsDoneAsync(HeldReceipt held)
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
        catch (Exception exception)
        {
            // A process that stops, or that may be dead to the others, knows nothing of whose fault it is.
            if (held.LetGo.IsCancellationRequested || _ending.IsCancellationRequested || !IsCertain)
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
            await router.ParkAsync(receipt, reason);
            _failures.Parked(receipt, reason);
            return true;
        }
        catch (Exception failure)
        {
            // The receipt is tried again, and parked then.
            _failures.Failed(receipt, failure, counts: false, StrikesMax);
            return false;
        }
    }

    /// <summary>Fetches what nobody holds, as long as there is room and something to fetch.</summary>
    private async Task ClaimAsync(CancellationToken stopping)
    {
        Wake();
        while (await _room.Woken.ReadAsync(stopping))
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

    /// <summary>True when some were there, so that there may be more.</summary>
    private async Task<bool> ClaimSomeAsync()
    {
        var behind = IsBehind;
        IReadOnlyCollection<string> except = [.. fetches.Full.Union(_room.Busy, StringComparer.Ordinal)];
        var room = ReachesGrains ? _room.TakeForClaim() : default;
        IReadOnlyList<Receipt> claimed = [];
        try
        {
            claimed = await inbox.ClaimAsync(new Claim(
                room.Bytes > 0 ? room.Receipts : 0, room.Bytes, except, () =>
                [
                    .. _held.Keys.Concat(fetches.Held).Where(held => !held.LetGo.IsCancellationRequested)
                        .Select(held => held.Receipt.Id),
                ]));
            _failures.Claimed();
        }
        finally
        {
            _room.Claimed(room, claimed);
        }

        foreach (var receipt in claimed)
            Hold(receipt);
        if (claimed.Count == 0 && room.Receipts > 0 && !behind && !_room.Busy.Any())
            _throttle.CaughtUp();
        return claimed.Count > 0;
    }
}
