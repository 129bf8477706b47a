namespace OrderGrains.Outbound;

/// <inheritdoc cref="IRetryGrain"/>
internal sealed partial class RetryGrain(IOutbox outbox, TimeProvider time, ILogger<RetryGrain> log)
    : Grain, IRetryGrain, IRemindable
{
    private const string ReminderName = "due";

    /// <summary>Orleans' shortest period. Missed ticks are skipped, so it is a safety net alone.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A message that is still due this long after its wake-up gets another; each time after twice as long, up to a
    /// minute: its destination may be down or paused.
    /// </summary>
    private static readonly RetryOptions Again = new()
    {
        DelayMin = TimeSpan.FromSeconds(5),
        DelayMax = TimeSpan.FromMinutes(1),
    };

    /// <summary>
    /// Times remembered ahead. Beyond it the latest are dropped: the outbox is asked again before they come.
    /// </summary>
    private const int WakesMax = 1024;

    private readonly SortedSet<DateTimeOffset> wakes = [];

    /// <summary>The destination's breaker was open at the last wake-up.</summary>
    private bool resting;
    private IGrainTimer? timer;
    private IGrainReminder? reminder;

    /// <summary>What was due first at the latest wake-up, and how often in a row it was.</summary>
    private (DateTimeOffset First, int Times) stuck;

    /// <summary>Whether there should be a reminder.</summary>
    private bool isWanted;

    /// <summary>There certainly is none, one of an earlier activation included.</summary>
    private bool isForgotten;
    private Task reminding = Task.CompletedTask;

    public Task ScheduleAsync(DateTimeOffset dueAt)
    {
        Add(dueAt);
        SetTimer();
        Remind(true);
        return Task.CompletedTask;
    }

    public Task RestAsync(DateTimeOffset until)
    {
        resting = true;
        wakes.RemoveWhere(wakeAt => wakeAt < until);
        return ScheduleAsync(until);
    }

    /// <summary>A timer that is set does what the reminder is for.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        wakes.Count > 0 ? Task.CompletedTask : WakeAsync();

    private async Task WakeAgainAsync(DateTimeOffset next, DateTimeOffset now, bool rested)
    {
        // What is due now is on its way; the one behind it has a time of its own. None counts while it rests.
        if (!rested && await outbox.NextDueAtAsync(this.GetPrimaryKeyString(), now) is { } later)
            Add(later);
        stuck = (next, next == stuck.First ? stuck.Times + 1 : 1);
        var again = now + RetrySchedule.Delay(Again, stuck.Times, null, 1);
        if (wakes.Count == 0 || wakes.Min > again)
            Add(again);
    }

    private void Add(DateTimeOffset wakeAt)
    {
        wakes.Add(wakeAt);
        if (wakes.Count > WakesMax)
            wakes.Remove(wakes.Max);
    }

    private void SetTimer()
    {
        var delay = wakes.Min - time.GetUtcNow();
        if (delay < TimeSpan.Zero)
            delay = TimeSpan.Zero;
        timer ??= this.RegisterGrainTimer(WakeAsync, new GrainTimerCreationOptions(delay, Timeout.InfiniteTimeSpan));
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private async Task WakeAsync()
    {
        var now = time.GetUtcNow();
        var woken = wakes.RemoveWhere(wakeAt => wakeAt <= now) > 0;
        // Should it rest on, it says so again.
        (var rested, resting) = (resting, false);
        if (await outbox.NextDueAtAsync(this.GetPrimaryKeyString()) is not { } next)
        {
            // Nothing is due: no reason to be woken any more.
            wakes.Clear();
            Remind(false);
            return;
        }

        // A wake-up is passed on though nothing be due: an open breaker probes with whatever waits.
        if (woken || next <= now)
            await GrainFactory.Find<IDestinationGrain>(this.GetPrimaryKeyString()).NudgeAsync();
        // One is enough: were each to bring another, they would grow as long as anything is due.
        if (next > now)
            Add(next);
        else
            await WakeAgainAsync(next, now, rested);
        SetTimer();
    }

    /// <summary>
    /// Beside the calls: Orleans' reminders may be away for a minute and more, and wake-ups must not wait for a safety
    /// net.
    /// </summary>
    private void Remind(bool on)
    {
        isWanted = on;
        if (reminding.IsCompleted && (on ? reminder is null : !isForgotten))
            reminding = RemindAsync();
    }

    private async Task RemindAsync()
    {
        try
        {
            while (isWanted ? reminder is null : !isForgotten)
            {
                if (isWanted)
                {
                    reminder = await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
                    isForgotten = false;
                    continue;
                }

                if ((reminder ?? await this.GetReminder(ReminderName)) is { } old)
                    await this.UnregisterReminder(old);
                (reminder, isForgotten) = (null, true);
            }
        }
        catch (Exception exception)
        {
            // The next call tries again.
            NotReminded(this.GetPrimaryKeyString(), exception.GetType().Name);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The reminder of {Destination} could not be set ({Exception}); the next message tries again. What waits is "
        + "sent all the same", EventName = "outbound.not_reminded")]
    private partial void NotReminded(string destination, string exception);
}
