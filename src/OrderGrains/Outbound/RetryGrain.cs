namespace OrderGrains.Outbound;

/// <inheritdoc cref="IRetryGrain"/>
internal sealed class RetryGrain(IOutbox outbox, TimeProvider time) : Grain, IRetryGrain, IRemindable
{
    private const string ReminderName = "due";

    /// <summary>Orleans' shortest period. Missed ticks are skipped, so it is a safety net alone.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    /// <summary>A message that is still due this long after its wake-up gets another.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private IGrainTimer? timer;
    private IGrainReminder? reminder;
    private DateTimeOffset? wakeAt;

    public async Task ScheduleAsync(DateTimeOffset dueAt)
    {
        SetTimer(dueAt);
        reminder ??= await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync();

    private void SetTimer(DateTimeOffset dueAt)
    {
        if (wakeAt is { } known && known <= dueAt)
            return;
        var delay = dueAt - time.GetUtcNow();
        if (delay < TimeSpan.Zero)
            delay = TimeSpan.Zero;
        wakeAt = dueAt;
        timer ??= this.RegisterGrainTimer(WakeAsync, new GrainTimerCreationOptions(delay, Timeout.InfiniteTimeSpan));
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private async Task WakeAsync()
    {
        wakeAt = null;
        if (await outbox.NextDueAtAsync(this.GetPrimaryKeyString()) is not { } next)
        {
            await ForgetAsync();
            return;
        }

        var now = time.GetUtcNow();
        if (next <= now)
            await GrainFactory.GetGrain<IDestinationGrain>(this.GetPrimaryKeyString()).NudgeAsync();
        SetTimer(next > now + AgainAfter ? next : now + AgainAfter);
    }

    /// <summary>Nothing is due: no reason to be woken any more.</summary>
    private async Task ForgetAsync()
    {
        reminder ??= await this.GetReminder(ReminderName);
        if (reminder is null)
            return;
        await this.UnregisterReminder(reminder);
        reminder = null;
    }
}
