namespace OrderGrains.Outbound;

/// <inheritdoc cref="IRetryGrain"/>
internal sealed class RetryGrain(IOutbox outbox, TimeProvider time) : Grain, IRetryGrain, IRemindable
{
    private const string ReminderName = "due";

    /// <summary>Orleans' shortest period. Missed ticks are skipped, so it is a safety net alone.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    /// <summary>A message that is still due this long after its wake-up gets another.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Times remembered ahead. Beyond it the latest are dropped: the outbox is asked again before they come.
    /// </summary>
    private const int WakesMax = 1024;

    private readonly SortedSet<DateTimeOffset> wakes = [];
    private IGrainTimer? timer;
    private IGrainReminder? reminder;

    public async Task ScheduleAsync(DateTimeOffset dueAt)
    {
        Add(dueAt);
        SetTimer();
        reminder ??= await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync();

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
        if (await outbox.NextDueAtAsync(this.GetPrimaryKeyString()) is not { } next)
        {
            await ForgetAsync();
            return;
        }

        // A wake-up is passed on though nothing be due: an open breaker probes with whatever waits.
        if (woken || next <= now)
            await GrainFactory.Find<IDestinationGrain>(this.GetPrimaryKeyString()).NudgeAsync();
        // One is enough: were each to bring another, they would grow as long as anything is due.
        if (next > now)
            Add(next);
        else if (wakes.Count == 0 || wakes.Min > now + AgainAfter)
            Add(now + AgainAfter);
        SetTimer();
    }

    /// <summary>Nothing is due: no reason to be woken any more.</summary>
    private async Task ForgetAsync()
    {
        wakes.Clear();
        reminder ??= await this.GetReminder(ReminderName);
        if (reminder is null)
            return;
        await this.UnregisterReminder(reminder);
        reminder = null;
    }
}
