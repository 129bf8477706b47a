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

    private readonly SortedSet<DateTimeOffset> _wakes = [];

    /// <summary>The destination's breaker was open at the last wake-up.</summary>
    private bool _resting;
    private IGrainTimer? _timer;
    private IGrainReminder? _reminder;

    /// <summary>What was due first at the latest wake-up, and how often in a row it was.</summary>
    private (DateTimeOffset First, int Times) _stuck;

    /// <summary>Whether there should be a reminder.</summary>
    private bool _isWanted;

    /// <summary>There certainly is none, one of an earlier activation included.</summary>
    private bool _isForgotten;
    private Task _reminding = Task.CompletedTask;

    public Task ScheduleAsync(DateTimeOffset dueAt)
    {
        Add(dueAt);
        SetTimer();
        Remind(true);
        return Task.CompletedTask;
    }

    public Task RestAsync(DateTimeOffset until)
    {
        _resting = true;
        _wakes.RemoveWhere(wakeAt => wakeAt < until);
        return ScheduleAsync(until);
    }

    /// <summary>A timer that is set does what the reminder is for.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        _wakes.Count > 0 ? Task.CompletedTask : WakeAsync();

    private async Task WakeAgainAsync(DateTimeOffset next, DateTimeOffset now, bool rested)
    {
        // What is due now is on its way; the one behind it has a time of its own. None counts while it rests.
        if (!rested && await outbox.NextDueAtAsync(this.GetPrimaryKeyString(), now) is { } later)
            Add(later);
        _stuck = (next, next == _stuck.First ? _stuck.Times + 1 : 1);
        var again = now + RetrySchedule.Delay(Again, _stuck.Times, null, 1);
        if (_wakes.Count == 0 || _wakes.Min > again)
            Add(again);
    }

    private void Add(DateTimeOffset wakeAt)
    {
        _wakes.Add(wakeAt);
        if (_wakes.Count > WakesMax)
            _wakes.Remove(_wakes.Max);
    }

    private void SetTimer()
    {
        var delay = _wakes.Min - time.GetUtcNow();
        if (delay < TimeSpan.Zero)
            delay = TimeSpan.Zero;
        _timer ??= this.RegisterGrainTimer(WakeAsync, new GrainTimerCreationOptions(delay, Timeout.InfiniteTimeSpan));
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private async Task WakeAsync()
    {
        var now = time.GetUtcNow();
        var woken = _wakes.RemoveWhere(wakeAt => wakeAt <= now) > 0;
        // Should it rest on, it says so again.
        (var rested, _resting) = (_resting, false);
        if (await outbox.NextDueAtAsync(this.GetPrimaryKeyString()) is not { } next)
        {
            // Nothing is due: no reason to be woken any more.
            _wakes.Clear();
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
        _isWanted = on;
        if (_reminding.IsCompleted && (on ? _reminder is null : !_isForgotten))
            _reminding = RemindAsync();
    }

    private async Task RemindAsync()
    {
        try
        {
            while (_isWanted ? _reminder is null : !_isForgotten)
            {
                if (_isWanted)
                {
                    _reminder = await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
                    _isForgotten = false;
                    continue;
                }

                if ((_reminder ?? await this.GetReminder(ReminderName)) is { } old)
                    await this.UnregisterReminder(old);
                (_reminder, _isForgotten) = (null, true);
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
