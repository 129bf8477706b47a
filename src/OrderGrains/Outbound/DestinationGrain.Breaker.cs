using OrderGrains.Connectors;

namespace OrderGrains.Outbound;

/// <content>
/// The breaker. Open, it lets one call at a time through, a probe. A failed probe says nothing of its message, which
/// stays as it was; one that passes hastens what waits and closes the breaker, in this order: whoever dies between
/// leaves it open, and the next activation probes and hastens again.
/// </content>
internal sealed partial class DestinationGrain
{
    /// <summary>How long a destination that refuses our credentials is left alone between two probes.</summary>
    private static readonly TimeSpan UnauthorizedFor = TimeSpan.FromMinutes(1);

    /// <summary>Messages hastened by one statement.</summary>
    private const int HastenedMax = 1000;

    /// <summary>Messages that probed in this round; beyond it a new round begins.</summary>
    private const int ProbedMax = 1024;

    private readonly FailureStreak _streak = new();

    /// <summary>
    /// Each message probes once before one probes again: a message that always fails keeps no breaker open.
    /// </summary>
    private readonly HashSet<Guid> _probed = [];

    /// <summary>The message that is due and waits alone, as of the latest probe.</summary>
    private Guid? _alone;

    /// <summary>A probe passed, and what waits is not hastened yet.</summary>
    private bool _healed;

    /// <summary>
    /// The breaker changed since it was last written. Only the pump writes: two writes over one ETag would fail.
    /// </summary>
    private bool _unsaved;
    private int _failuresInARow;

    private bool IsOpen => state.State.BlockedReason is not null;

    /// <summary>A call passed when the destination took it up, be it to refuse what it was asked.</summary>
    private void Passed(Guid message, bool probe)
    {
        _failuresInARow = 0;
        _streak.End(message);
        // What was begun before it opened tells of the time before.
        _healed |= probe && IsOpen;
    }

    private void Failed(Guid message, SendResult.Failed failed, bool probe, DateTimeOffset now)
    {
        _failuresInARow++;
        var retryAt = now + failed.After;
        var isDestination = probe || _streak.Add(message, reached: failed is SendResult.Unknown, retryAt);
        if (probe || (isDestination && !IsOpen))
        {
            state.State.ProbesFailed += probe ? 1 : 0;
            var next = now + RetrySchedule.ProbeDelay(
                Retry, state.State.ProbesFailed + 1, failed.After, chance.NextDouble());
            if (_streak.RetryAfter > next)
                next = _streak.RetryAfter;
            Open(WithoutWords(failed.Why), unauthorized: false, now, next);
        }
        else if (IsOpen && retryAt > state.State.BlockedUntil)
        {
            Block(now, retryAt.Value);
            _unsaved = true;
        }
    }

    private void Unauthorized(string reason, bool probe, DateTimeOffset now)
    {
        _failuresInARow++;
        // Calls that were refused together say it once.
        if (probe || !state.State.Unauthorized)
            Open(reason, unauthorized: true, now, now + UnauthorizedFor);
    }

    private void Open(string reason, bool unauthorized, DateTimeOffset now, DateTimeOffset until)
    {
        var breaker = state.State;
        if (unauthorized && !breaker.Unauthorized)
            DestinationBlocked(_name, Brief(reason));
        else if (!IsOpen)
            DestinationOpened(_name, _failuresInARow, Brief(reason));
        if (!IsOpen)
        {
            breaker.OpenSince = now;
            events.OpenedAsync(_name, WithoutWords(reason)).Ignore();
        }

        (breaker.BlockedReason, breaker.Unauthorized) = (reason, unauthorized);
        Block(now, until);
        _unsaved = true;
        _queue.Clear();
        metrics.BreakerIs(_name, open: true);
    }

    private void Block(DateTimeOffset now, DateTimeOffset until) =>
        (state.State.BlockedAt, state.State.BlockedUntil) = (now, until);

    /// <summary>
    /// The silo that blocked it may have had a clock minutes ahead: from now on it waits no longer than it was to.
    /// </summary>
    private void BoundBlock()
    {
        var latest = time.GetUtcNow() + (state.State.BlockedUntil - state.State.BlockedAt);
        if (latest < state.State.BlockedUntil)
            state.State.BlockedUntil = latest;
    }

    /// <summary>What the calls have found of the destination, and what a person wants, becomes durable.</summary>
    private async Task SettleStateAsync()
    {
        if (_healed)
            await CloseAsync();
        if (!_unsaved)
            return;
        _unsaved = false;
        try
        {
            await state.WriteStateAsync();
            _saved?.SetResult();
        }
        catch (Exception exception)
        {
            _unsaved = true;
            _saved?.SetException(exception);
            throw;
        }
        finally
        {
            _saved = null;
        }
    }

    private async Task CloseAsync()
    {
        var hastened = 0;
        for (var part = HastenedMax; part == HastenedMax; hastened += part)
        {
            if (_leaving)
                return;
            part = await outbox.HastenAsync(_name, time.GetUtcNow(), HastenedMax);
        }

        if (destinations.Find(_name)?.ResumeWhenHealed == ResumeWhenHealed.Yes)
            await ResumeGivenUpAsync();
        DestinationClosed(_name, time.GetUtcNow() - state.State.OpenSince, state.State.ProbesFailed, hastened);
        events.ClosedAsync(_name, state.State.OpenSince).Ignore();
        state.State = new() { Pause = state.State.Pause, HealedAt = time.GetUtcNow() };
        (_healed, _unsaved, _more) = (false, true, true);
        _probed.Clear();
        metrics.BreakerIs(_name, open: false);
    }

    /// <summary>What was given up is tried again; what was refused is not: that was the message's own fault.</summary>
    private async Task ResumeGivenUpAsync()
    {
        var resumed = 0;
        for (var part = HastenedMax; part == HastenedMax && !_leaving; resumed += part)
        {
            part = await outbox.ResumeManyAsync(
                new ParkedFilter(_name, GivenUp: true), "ResumeWhenHealed", time.GetUtcNow(), null, HastenedMax);
        }

        GivenUpResumed(_name, resumed);
    }

    /// <summary>
    /// Any message that waits may probe, due or not: the breaker says when, and no attempt is counted. But one that
    /// waits alone may itself be what fails: when it is due, its attempt counts, so that it is parked in the end.
    /// </summary>
    private async Task FillProbeAsync()
    {
        _queue.Clear();
        var now = time.GetUtcNow();
        if (now < state.State.BlockedUntil)
        {
            GrainFactory.Find<IRetryGrain>(_name).RestAsync(state.State.BlockedUntil).Ignore();
            return;
        }

        // The end of what is under way brings a nudge.
        if (_inFlight.Count > 0)
            return;
        if (_probed.Count >= ProbedMax)
            _probed.Clear();
        var waiting = await outbox.DueAsync(_name, null, Math.Max(2, _probed.Count + 1));
        _alone = waiting is [var only] && only.NextAttemptAt <= now ? only.Id : null;
        if (waiting.All(message => _probed.Contains(message.Id)))
            _probed.Clear();
        if (waiting.FirstOrDefault(message => !_probed.Contains(message.Id)) is { } probe)
            _queue.Add(probe, isFresh: false);
    }
}
