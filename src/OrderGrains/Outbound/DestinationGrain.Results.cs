using OrderGrains.Connectors.Wms;

namespace OrderGrains.Outbound;

/// <content>What becomes of a message once its attempt has ended.</content>
internal sealed partial class DestinationGrain
{
    /// <summary>Writes down what came of it; when the next attempt is due, null when none follows.</summary>
    private async Task<DateTimeOffset?> RecordAsync(
        OutboundMessage message, WarehouseAnswer answer, string? recipient, bool probe)
    {
        var now = time.GetUtcNow();
        Judge(message.Id, answer, probe, now);
        var isOfTheDestination = answer is WarehouseAnswer.Unauthorized
            || (answer is WarehouseAnswer.Failed failed && (alone != message.Id || !failed.Reached));
        if (probe && isOfTheDestination)
        {
            // It says nothing of the message, but may have reached the destination.
            unrecorded.Add(message.Id);
            return null;
        }

        var next = await SettleAsync(message, answer, recipient, now);
        unrecorded.Remove(message.Id);
        return next;
    }

    /// <summary>What the answer says of the destination.</summary>
    private void Judge(Guid message, WarehouseAnswer answer, bool probe, DateTimeOffset now)
    {
        if (answer is WarehouseAnswer.Failed failed)
            Failed(message, failed, probe, now);
        else if (answer is WarehouseAnswer.Unauthorized unauthorized)
            Unauthorized(unauthorized.Detail, probe, now);
        else
            Passed(message, probe);
    }

    /// <summary>What the answer says of the message.</summary>
    private async Task<DateTimeOffset?> SettleAsync(
        OutboundMessage message, WarehouseAnswer answer, string? recipient, DateTimeOffset now)
    {
        var order = message.OrderKey.ToString();
        var failures = message.Attempts + 1;
        switch (answer)
        {
            case WarehouseAnswer.Failed failed when failures >= retry.AttemptsMax:
                await ParkAsync(message, new Attempt(now, failures, failed.Detail),
                    $"gave up after {failures} attempts");
                return null;
            case WarehouseAnswer.Failed failed:
                return await PostponeAsync(message, new Attempt(now, failures, failed.Detail),
                    now + RetrySchedule.Delay(retry, failures, failed.RetryAfter, chance.NextDouble()));
            case WarehouseAnswer.Unauthorized unauthorized:
                return await PostponeAsync(
                    message, new Attempt(now, failures, unauthorized.Detail), now + UnauthorizedFor);
            case WarehouseAnswer.Refused refused:
                await ParkAsync(message, new Attempt(now, failures, refused.Detail), "refused by the destination");
                return null;
            default:
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
        if (!await outbox.ParkAsync(message.Id, attempt, reason))
            return;
        if (Planted.Is(PlantedFault.DropsParked))
            await outbox.DiscardAsync(message.Id, "planted", "superseded", time.GetUtcNow());
        OutboundParked(name, message.OrderKey.ToString(), message.Kind, attempt.Number, reason);
    }

    /// <summary>What everybody may read of an answer: its status, or how we fared without one.</summary>
    private static string WithoutWords(string answer) =>
        HasStatus(answer) ? $"{answer[..3]} from the destination" : answer;

    /// <summary>What the log may say of an answer: its status, never the words, which may hold personal data.</summary>
    private static string Brief(string answer) => HasStatus(answer) ? answer[..3] : "no answer";

    private static bool HasStatus(string answer) =>
        answer.Length >= 3 && answer.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0;
}
