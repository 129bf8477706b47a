using OrderGrains.Connectors.Wms;

namespace OrderGrains.Outbound;

/// <content>What becomes of a message once its attempt has ended.</content>
internal sealed partial class DestinationGrain
{
    /// <summary>Writes down what came of it; when the next attempt is due, null when none follows.</summary>
    private async Task<DateTimeOffset?> RecordAsync(
        OutboundMessage message, WarehouseAnswer answer, string? recipient)
    {
        var now = time.GetUtcNow();
        var order = message.OrderKey.ToString();
        var failures = message.Attempts + 1;
        switch (answer)
        {
            case WarehouseAnswer.Failed failed when failures >= retry.AttemptsMax:
                failuresInARow++;
                await ParkAsync(message, new Attempt(now, failures, failed.Detail),
                    $"gave up after {failures} attempts");
                return null;
            case WarehouseAnswer.Failed failed:
                failuresInARow++;
                return await PostponeAsync(message, new Attempt(now, failures, failed.Detail),
                    now + RetrySchedule.Delay(retry, failures, failed.RetryAfter, chance.NextDouble()));
            case WarehouseAnswer.Unauthorized unauthorized:
                failuresInARow++;
                await BlockAsync(unauthorized.Detail, now);
                return await PostponeAsync(
                    message, new Attempt(now, failures, unauthorized.Detail), now + BlockedFor);
            case WarehouseAnswer.Refused refused:
                await UnblockAsync();
                await ParkAsync(message, new Attempt(now, failures, refused.Detail), "refused by the destination");
                return null;
            default:
                await UnblockAsync();
                await GrainFactory.Find<IAnswerReceiver>(order).AnswerAsync(
                    new DeliveredMessage(message.Id, message.Kind, message.Reference, message.CausedAt, recipient),
                    answer);
                OutboundSent(name, order, message.Kind, answer.GetType().Name, failures);
                return null;
        }
    }

    private async Task<DateTimeOffset> PostponeAsync(OutboundMessage message, Attempt attempt, DateTimeOffset next)
    {
        await outbox.PostponeAsync(message.Id, attempt, next);
        OutboundFailed(name, message.OrderKey.ToString(), message.Kind, attempt.Number, Brief(attempt.Answer), next);
        return next;
    }

    private async Task ParkAsync(OutboundMessage message, Attempt attempt, string reason)
    {
        await outbox.ParkAsync(message.Id, attempt, reason);
        OutboundParked(name, message.OrderKey.ToString(), message.Kind, attempt.Number, reason);
    }

    private async Task BlockAsync(string reason, DateTimeOffset now)
    {
        // Calls that were refused together write once: a second write over the same ETag would fail.
        if (state.State.BlockedReason is not null && now < state.State.BlockedUntil)
            return;
        (state.State.BlockedReason, state.State.BlockedUntil) = (reason, now + BlockedFor);
        await state.WriteStateAsync();
        DestinationBlocked(name, Brief(reason));
    }

    private async Task UnblockAsync()
    {
        failuresInARow = 0;
        if (state.State.BlockedReason is null)
            return;
        state.State.BlockedReason = null;
        await state.WriteStateAsync();
        DestinationUnblocked(name);
    }

    /// <summary>What the log may say of an answer: its status, never the words, which may hold personal data.</summary>
    private static string Brief(string answer) =>
        answer.Length >= 3 && answer.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0 ? answer[..3] : "no answer";
}
